"""What routing weighs, as the settings say."""

from decimal import Decimal

from django.conf import settings

from orders.policies.routing.orders import Weights


def read_weights() -> Weights:
    return Weights(
        currency=settings.SHOP_CURRENCY,
        parcel=Decimal(settings.ROUTING_PARCEL_COST),
        day=Decimal(settings.ROUTING_DAY_COST),
        most_parcels=settings.ROUTING_MOST_PARCELS,
    )
