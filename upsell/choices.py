"""The words of offers that their rows and their policies share."""

from enum import StrEnum


class Placement(StrEnum):
    """Where an offer is shown."""

    CONFIRMATION = "CONFIRMATION"
    ORDER = "ORDER"
    EDIT = "EDIT"
    RETURN = "RETURN"
    MAIL = "MAIL"
    API = "API"


class Source(StrEnum):
    """Where a campaign's candidates come from."""

    RECOMMENDER = "RECOMMENDER"
    FIXED = "FIXED"
    FILLERS = "FILLERS"


class DiscountKind(StrEnum):
    """What an offer takes off. BUNDLE_PRICE: the listed items together, at one price."""

    NONE = "NONE"
    PERCENTAGE = "PERCENTAGE"
    AMOUNT = "AMOUNT"
    BUNDLE_PRICE = "BUNDLE_PRICE"
    FREE_SHIPPING = "FREE_SHIPPING"


class Buyers(StrEnum):
    """Whom a campaign speaks to."""

    ALL = "ALL"
    FIRST_ORDER = "FIRST_ORDER"
    RETURNING = "RETURNING"


class Group(StrEnum):
    """Which side of the experiment an order fell on, before anything was shown."""

    TREATMENT = "TREATMENT"
    HOLDOUT = "HOLDOUT"


class Exclusion(StrEnum):
    """Why something is not offered with an order."""

    IN_ORDER = "IN_ORDER"
    NOT_SOLD = "NOT_SOLD"
    NO_PRICE = "NO_PRICE"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    BELOW_STOCK_FLOOR = "BELOW_STOCK_FLOOR"
    BELOW_MARGIN_FLOOR = "BELOW_MARGIN_FLOOR"
    FINAL_SALE = "FINAL_SALE"
    NOT_A_PRODUCT = "NOT_A_PRODUCT"
    RETURNED_BEFORE = "RETURNED_BEFORE"
    KIND_REFUSED = "KIND_REFUSED"
    DISMISSED = "DISMISSED"
    IGNORED = "IGNORED"


class Unoffered(StrEnum):
    """Why a campaign shows nothing at all with an order."""

    HOLDOUT = "HOLDOUT"
    NOT_RUNNING = "NOT_RUNNING"
    OTHER_AUDIENCE = "OTHER_AUDIENCE"
    OTHER_PLACEMENT = "OTHER_PLACEMENT"
    WINDOW_CLOSED = "WINDOW_CLOSED"
    ENOUGH_ACCEPTED = "ENOUGH_ACCEPTED"
    SHOWN_TOO_OFTEN = "SHOWN_TOO_OFTEN"
    ALL_REFUSED = "ALL_REFUSED"
    NOTHING_LEFT = "NOTHING_LEFT"
