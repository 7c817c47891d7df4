"""What the tables of rates announce: shipping, carriers, tax. The subject is the row's id."""

from oms.events import Event


class ShippingRateEvent(Event):
    """Of the table that says what shipping costs."""

    subject_kind = "shipping_rate"


class ShippingRateSaved(ShippingRateEvent):
    """What shipping costs: a rate was added or changed. Facts: before (null for a new one), after."""

    type = "shipping_rate.saved"


class ShippingRateRemoved(ShippingRateEvent):
    """What shipping costs: a rate was taken away. Facts: before."""

    type = "shipping_rate.removed"


class CarrierRateEvent(Event):
    """Of the table that says what carriers ask."""

    subject_kind = "carrier_rate"


class CarrierRateSaved(CarrierRateEvent):
    """What carriers ask: a rate was added or changed. Facts: before (null for a new one), after."""

    type = "carrier_rate.saved"


class CarrierRateRemoved(CarrierRateEvent):
    """What carriers ask: a rate was taken away. Facts: before."""

    type = "carrier_rate.removed"


class TaxRateEvent(Event):
    """Of the table that says which tax applies."""

    subject_kind = "tax_rate"


class TaxRateSaved(TaxRateEvent):
    """Which tax applies: a rate was added or changed. Facts: before (null for a new one), after."""

    type = "tax_rate.saved"


class TaxRateRemoved(TaxRateEvent):
    """Which tax applies: a rate was taken away. Facts: before."""

    type = "tax_rate.removed"
