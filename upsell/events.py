"""What offers announce: the subject of what is said of an offer is its id."""

from oms.events import Event


class OfferEvent(Event):
    """Facts of all: order (its number), campaign, items (sku, quantity)."""

    subject_kind = "offer"


class OfferShown(OfferEvent):
    """In one place for the first time. Facts: placement, price, saving, currency."""

    type = "offer.shown"
    public = True


class OfferVariantChosen(OfferEvent):
    """Its customer would rather have another size or colour of it. Facts: before, sku, price, saving, currency."""

    type = "offer.variant_chosen"


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


class RecommenderEvent(Event):
    """The subject is the recommender's id."""

    subject_kind = "recommender"


class RecommenderTrained(RecommenderEvent):
    """Facts: baskets, lines, items. What the trial said, and what it took, stands in its row."""

    type = "recommender.trained"


class RecommenderSwapped(RecommenderEvent):
    """It is in use from now on. Facts: before (the one that was, or null)."""

    type = "recommender.swapped"


class MailsUnwanted(Event):
    """The subject is an e-mail address. Facts: through (one_click, page, staff)."""

    subject_kind = "reader"
    type = "reader.opted_out"


class MailsAllowed(Event):
    """The address' owner, or staff on their word, took that back."""

    subject_kind = "reader"
    type = "reader.opted_in"
