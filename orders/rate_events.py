"""What the operator's tables announce: rates of shipping, carriers and tax, and who may change what. The subject is the
row's id.
"""

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


class EditPermissionEvent(Event):
    """Of the table that says who may change what."""

    subject_kind = "edit_permission"


class EditPermissionSaved(EditPermissionEvent):
    """Who may change what: a row was added or changed. Facts: before (null for a new one), after."""

    type = "edit_permission.saved"


class EditPermissionRemoved(EditPermissionEvent):
    """Who may change what: a row was taken away. Facts: before."""

    type = "edit_permission.removed"


class EditPermissionsOrdered(EditPermissionEvent):
    """Who may change what: the rows stand in another order. The subject is "table". Facts: before, after (ids)."""

    type = "edit_permission.ordered"
