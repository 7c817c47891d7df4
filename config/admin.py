"""The admin's table of contents: which page shows which rows. Django finds this module by itself."""

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import Group
from django.db.models import Model

from inventory.admin.catalogue import CategoryAdmin, ProductAdmin, VariantAdmin
from inventory.admin.movements import MovementAdmin
from inventory.admin.places import ChannelBufferAdmin, WarehouseAdmin
from inventory.admin.stock import StockAdmin
from inventory.models import (
    Availability,
    Category,
    ChannelBuffer,
    Product,
    StockMovement,
    Variant,
    VelocityTier,
    Warehouse,
)
from oms.admin.api_keys import ApiKeyAdmin
from oms.admin.channels import ChannelAdmin
from oms.admin.deliveries import DeliveryAdmin
from oms.admin.events import EventAdmin
from oms.admin.exceptions import ExceptionAdmin
from oms.admin.messages import MessageAdmin
from oms.admin.users import RoleAdmin, StaffAdmin
from oms.admin.webhook_deliveries import WebhookDeliveryAdmin
from oms.admin.webhook_endpoints import WebhookEndpointAdmin
from oms.models import (
    ApiKey,
    Channel,
    Delivery,
    EventRecord,
    ExceptionItem,
    Message,
    User,
    WebhookDelivery,
    WebhookEndpoint,
)
from orders.admin.carrier_accounts import CarrierAccountAdmin, CarrierServiceAdmin
from orders.admin.carrier_rates import CarrierRateAdmin
from orders.admin.customers import CustomerAdmin
from orders.admin.edits import EditAdmin
from orders.admin.fulfilling.work_list import FulfillmentAdmin
from orders.admin.gateway_messages import GatewayMessageAdmin
from orders.admin.imports import ImportAdmin
from orders.admin.labels import LabelAdmin
from orders.admin.orders import OrderAdmin
from orders.admin.permissions import PermissionAdmin
from orders.admin.quarantine import QuarantineAdmin
from orders.admin.rates import ShippingRateAdmin, TaxRateAdmin
from orders.admin.repayments import RepaymentAdmin
from orders.admin.routing.rules import RoutingRuleAdmin
from orders.admin.routing.waves import WaveAdmin
from orders.admin.windows import RuleAdmin
from orders.admin.windows_campaigns import CampaignAdmin
from orders.admin.windows_editions import EditionAdmin
from orders.admin.windows_tiers import TierAdmin
from orders.admin.write_back_targets import WriteBackTargetAdmin
from orders.admin.write_backs import WriteBackAdmin
from orders.models import (
    CarrierAccount,
    CarrierRate,
    CarrierService,
    Customer,
    Edit,
    EditPermission,
    Fulfillment,
    GatewayMessage,
    ImportRun,
    Label,
    Order,
    QuarantinedMessage,
    Repayment,
    RoutingRule,
    RoutingWave,
    ShippingRate,
    TaxRate,
    WindowCampaign,
    WindowRule,
    WindowRuleSet,
    WriteBack,
    WriteBackTarget,
)
from returns.admin.advice import ReturnAdviceAdmin
from returns.admin.costs import ReturnCostAdmin
from returns.admin.credit.accounts import CreditAccountAdmin
from returns.admin.nodes import ReturnNodeAdmin
from returns.admin.reasons import ReturnReasonAdmin
from returns.admin.returns import ReturnAdmin
from returns.admin.rules import ReturnRuleAdmin
from returns.admin.terms.editions import TermsEditionAdmin
from returns.admin.terms.rows import TermsAdmin
from returns.models import (
    CreditAccount,
    Return,
    ReturnAdvice,
    ReturnCost,
    ReturnNode,
    ReturnReason,
    ReturnRule,
    ReturnTerms,
    TermsEdition,
)
from upsell.admin.campaigns import CampaignAdmin as OfferCampaignAdmin
from upsell.admin.figures_page import FiguresAdmin
from upsell.admin.offers import OfferAdmin
from upsell.admin.recommenders import RecommenderAdmin
from upsell.admin.refusals import OptOutAdmin, RefusalAdmin
from upsell.models import Campaign, Exposure, Offer, OptOut, Recommender, Refusal

PAGES: dict[type[Model], type[ModelAdmin]] = {
    Order: OrderAdmin,
    Fulfillment: FulfillmentAdmin,
    Return: ReturnAdmin,
    CreditAccount: CreditAccountAdmin,
    ReturnReason: ReturnReasonAdmin,
    ReturnRule: ReturnRuleAdmin,
    ReturnNode: ReturnNodeAdmin,
    ReturnCost: ReturnCostAdmin,
    Campaign: OfferCampaignAdmin,
    Offer: OfferAdmin,
    Exposure: FiguresAdmin,
    Recommender: RecommenderAdmin,
    Refusal: RefusalAdmin,
    OptOut: OptOutAdmin,
    RoutingRule: RoutingRuleAdmin,
    RoutingWave: WaveAdmin,
    Edit: EditAdmin,
    Customer: CustomerAdmin,
    ImportRun: ImportAdmin,
    Repayment: RepaymentAdmin,
    Label: LabelAdmin,
    CarrierAccount: CarrierAccountAdmin,
    CarrierService: CarrierServiceAdmin,
    CarrierRate: CarrierRateAdmin,
    EditPermission: PermissionAdmin,
    ShippingRate: ShippingRateAdmin,
    TaxRate: TaxRateAdmin,
    QuarantinedMessage: QuarantineAdmin,
    WindowRule: RuleAdmin,
    WindowCampaign: CampaignAdmin,
    WindowRuleSet: EditionAdmin,
    VelocityTier: TierAdmin,
    ReturnAdvice: ReturnAdviceAdmin,
    ReturnTerms: TermsAdmin,
    TermsEdition: TermsEditionAdmin,
    WriteBack: WriteBackAdmin,
    WriteBackTarget: WriteBackTargetAdmin,
    GatewayMessage: GatewayMessageAdmin,
    Availability: StockAdmin,
    StockMovement: MovementAdmin,
    Warehouse: WarehouseAdmin,
    ChannelBuffer: ChannelBufferAdmin,
    Product: ProductAdmin,
    Variant: VariantAdmin,
    Category: CategoryAdmin,
    Message: MessageAdmin,
    ExceptionItem: ExceptionAdmin,
    EventRecord: EventAdmin,
    Delivery: DeliveryAdmin,
    WebhookEndpoint: WebhookEndpointAdmin,
    WebhookDelivery: WebhookDeliveryAdmin,
    Channel: ChannelAdmin,
    ApiKey: ApiKeyAdmin,
    User: StaffAdmin,
    Group: RoleAdmin,
}

admin.site.unregister(Group)  # Django's own page of it, in Django's own looks
for model, page in PAGES.items():
    admin.site.register(model, page)
