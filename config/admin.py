"""The admin's table of contents: which page shows which rows. Django finds this module by itself."""

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import Group
from django.db.models import Model

from inventory.admin.catalogue import CategoryAdmin, ProductAdmin, VariantAdmin
from inventory.admin.movements import MovementAdmin
from inventory.admin.places import ChannelBufferAdmin, WarehouseAdmin
from inventory.admin.stock import StockAdmin
from inventory.models import Availability, Category, ChannelBuffer, Product, StockMovement, Variant, Warehouse
from oms.admin.api_keys import ApiKeyAdmin
from oms.admin.channels import ChannelAdmin
from oms.admin.deliveries import DeliveryAdmin
from oms.admin.events import EventAdmin
from oms.admin.users import RoleAdmin, StaffAdmin
from oms.models import ApiKey, Channel, Delivery, EventRecord, User
from orders.admin.customers import CustomerAdmin
from orders.admin.imports import ImportAdmin
from orders.admin.orders import OrderAdmin
from orders.admin.quarantine import QuarantineAdmin
from orders.models import Customer, ImportRun, Order, QuarantinedMessage

PAGES: dict[type[Model], type[ModelAdmin]] = {
    Order: OrderAdmin,
    Customer: CustomerAdmin,
    ImportRun: ImportAdmin,
    QuarantinedMessage: QuarantineAdmin,
    Availability: StockAdmin,
    StockMovement: MovementAdmin,
    Warehouse: WarehouseAdmin,
    ChannelBuffer: ChannelBufferAdmin,
    Product: ProductAdmin,
    Variant: VariantAdmin,
    Category: CategoryAdmin,
    EventRecord: EventAdmin,
    Delivery: DeliveryAdmin,
    Channel: ChannelAdmin,
    ApiKey: ApiKeyAdmin,
    User: StaffAdmin,
    Group: RoleAdmin,
}

admin.site.unregister(Group)  # Django's own page of it, in Django's own looks
for model, page in PAGES.items():
    admin.site.register(model, page)
