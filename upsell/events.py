"""What offers announce. The subject is the offer's id."""

from oms.events import Event


class OfferEvent(Event):
    """Facts of all: order (its number), campaign, items (sku, quantity)."""

    subject_kind = "offer"


class OfferShown(OfferEvent):
    """In one place for the first time. Facts: placement, price, saving, currency."""

    type = "offer.shown"
    public = True


class OfferAccepted(OfferEvent):
    """It is on the order. Facts: placement, price, saving, currency, edit."""

    type = "offer.accepted"
    public = True


class OfferRefused(OfferEvent):
    """Facts: scope (PRODUCT, KIND or ALL)."""

    type = "offer.refused"
    public = True


class RefusalTakenBack(OfferEvent):
    """Facts: scope."""

    type = "offer.refusal_taken_back"


class CampaignEvent(Event):
    subject_kind = "campaign"


class CampaignChanged(CampaignEvent):
    """It was written, or written otherwise. Facts: changes (what: before, after)."""

    type = "campaign.changed"


class CampaignSwitched(CampaignEvent):
    """Facts: active."""

    type = "campaign.switched"
