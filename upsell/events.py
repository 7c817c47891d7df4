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


class MailsUnwanted(Event):
    """The subject is an e-mail address. Facts: through (one_click, page, staff)."""

    subject_kind = "reader"
    type = "reader.opted_out"


class MailsAllowed(Event):
    """The address' owner, or staff on their word, took that back."""

    subject_kind = "reader"
    type = "reader.opted_in"
