"""The words of a return that its rows, its terms and its policies share."""

from enum import StrEnum


class Resolution(StrEnum):
    """What the customer wants for an item."""

    REFUND = "REFUND"
    STORE_CREDIT = "STORE_CREDIT"
    EXCHANGE = "EXCHANGE"
    REPLACEMENT = "REPLACEMENT"


class Method(StrEnum):
    """How it comes back, if it does."""

    PREPAID_LABEL = "PREPAID_LABEL"
    QR_DROP_OFF = "QR_DROP_OFF"
    IN_STORE = "IN_STORE"
    OWN_CARRIER = "OWN_CARRIER"
    KEEP_IT = "KEEP_IT"


class RootCause(StrEnum):
    """Each reason maps to one of these."""

    NOT_AS_EXPECTED = "NOT_AS_EXPECTED"
    DAMAGED_IN_TRANSIT = "DAMAGED_IN_TRANSIT"
    MISUNDERSTANDING = "MISUNDERSTANDING"
    ABUSE = "ABUSE"


class FinalSale(StrEnum):
    """Why something cannot come back at all. Directive 2011/83/EU, article 16 (c), (d), (e) know the same."""

    CUSTOM = "CUSTOM"
    INTIMATE = "INTIMATE"
    PERISHABLE = "PERISHABLE"


class Condition(StrEnum):
    """In what state it must come back."""

    UNWORN = "UNWORN"
    UNWASHED = "UNWASHED"
    TAGS_ATTACHED = "TAGS_ATTACHED"
    ORIGINAL_PACKAGING = "ORIGINAL_PACKAGING"
    ALL_ACCESSORIES = "ALL_ACCESSORIES"
    SEAL_UNBROKEN = "SEAL_UNBROKEN"


class Disposition(StrEnum):
    """What becomes of goods that came back."""

    RESTOCK = "RESTOCK"
    QUARANTINE = "QUARANTINE"
    REFURBISH = "REFURBISH"
    REPAIR = "REPAIR"
    RESELL_LOCALLY = "RESELL_LOCALLY"
    DONATE = "DONATE"
    SCRAP = "SCRAP"
    MISSING = "MISSING"


class PhotoOf(StrEnum):
    """What the customer is asked to show before somebody decides."""

    FAULT = "FAULT"
    LABEL = "LABEL"
    PARCEL = "PARCEL"


def as_choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """For a model's column: the word, and the same in lower case for people."""
    return [(word.value, word.value.replace("_", " ").lower()) for word in words]
