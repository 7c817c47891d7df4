"""Parcels with everything that papers speak of, made by the product's own actions."""

from decimal import Decimal
from typing import Any

from inventory.actions.cataloguing import create_products
from inventory.incoming import IncomingProduct
from inventory.models import Variant, Warehouse
from orders.models import CarrierAccount, CarrierService, Fulfillment, Label, LabelDocument, Order
from tests.make.fulfillments import fulfillment, routed_order
from tests.make.moments import ADA, NOON
from tests.make.orders import line
from tests.make.stock import LEJ, count, warehouse

VASE, SCARF = "VASE-BLUE", "SCARF-SILK"
LEIPZIG = {"company": "Wear & Co.", "line1": "Industriestr. 12", "postal_code": "04103", "phone": "+49 341 1234"}
ZURICH = {"name": "Ada Meier", "line1": "Bahnhofstr. 1", "city": "Zürich", "postal_code": "8001", "country": "CH"}


def sender() -> Warehouse:
    """The warehouse of the tests, with its address."""
    made = warehouse(LEJ)
    Warehouse.objects.filter(pk=made.pk).update(address=LEIPZIG, city="Leipzig")
    return made


def vase(sku: str = VASE, *, on_hand: int = 50, handling: tuple[str, ...] = ("fragile",), **changes: Any) -> Variant:
    """Something that breaks, with all that customs ask."""
    sender()
    facts: dict[str, Any] = {
        "sku": sku,
        "options": {"colour": "blue"},
        "price": {"amount": "29.90", "currency": "EUR"},
        "weight_grams": 850,
        "hs_code": "691310",
        "origin": "PT",
    }
    product = {"title": "Stoneware vase", "handling": list(handling), "variants": [facts | changes]}
    create_products([IncomingProduct.model_validate(product)], by=ADA, at=NOON)
    count(sku, on_hand)
    return Variant.objects.get(sku=sku)


def parcel(*, units: int = 2, locale: str = "en", **fields: Any) -> Fulfillment:
    """Two vases on their way out of Leipzig."""
    if not Variant.objects.filter(sku=VASE).exists():
        vase()
    customer = {"email": "ada@example.com", "name": "Ada Meier", "locale": locale}
    return fulfillment(routed_order(**({"lines": [line(VASE, units)], "customer": customer} | fields)))


def by_post(found: Fulfillment) -> Fulfillment:
    """It goes by a service whose numbers are the post's."""
    account, _ = CarrierAccount.objects.get_or_create(
        code="house", defaults={"name": "House carrier", "kind": CarrierAccount.Kind.HOUSE}
    )
    found.service, _ = CarrierService.objects.get_or_create(
        account=account, code="tracked", defaults={"name": "Tracked packet", "indicator": "RR"}
    )
    found.save(update_fields=["service"])
    return found


def labelled(found: Fulfillment, content: bytes, *, media_type: str = "application/pdf", number: str = "") -> Label:
    """A carrier sold a label for it."""
    label = Label.objects.create(
        fulfillment=found,
        state=Label.State.BOUGHT,
        service_name="Tracked packet",
        account=CarrierAccount.objects.filter(code="house").first(),
        cost=Decimal("4.20"),
        currency="EUR",
        tracking_number=number or f"RR{found.pk:09}DE",
        run_after=NOON,
        wanted_at=NOON,
        wanted_by=ADA,
        bought_at=NOON,
    )
    LabelDocument.objects.create(label=label, media_type=media_type, content=content)
    return label


def order_of(found: Fulfillment) -> Order:
    return Order.objects.get(pk=found.order_id)
