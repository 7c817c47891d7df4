"""What becomes of goods that came back, and how stock moves for it."""

from collections.abc import Mapping

from returns.choices import Disposition

PROPOSED: Mapping[str, Disposition] = {
    "A": Disposition.RESTOCK,
    "B": Disposition.RESELL_LOCALLY,
    "C": Disposition.REFURBISH,
    "D": Disposition.SCRAP,
}
"""By grade: what is done unless the inspector says otherwise."""

MOVES: Mapping[str, tuple[str, ...]] = {
    Disposition.RESTOCK: ("RETURN_SELLABLE",),
    Disposition.RESELL_LOCALLY: ("RETURN_SELLABLE",),
    Disposition.QUARANTINE: ("RETURN_SET_ASIDE",),
    Disposition.REFURBISH: ("RETURN_SET_ASIDE",),
    Disposition.REPAIR: ("RETURN_SET_ASIDE",),
    Disposition.DONATE: ("RETURN_DAMAGED", "WRITE_OFF_DAMAGED"),
    Disposition.SCRAP: ("RETURN_DAMAGED", "WRITE_OFF_DAMAGED"),
    Disposition.MISSING: (),
}
"""The moves by which stock takes them in, at the place where they came back. Nothing comes in of what is missing."""

SET_ASIDE = (Disposition.QUARANTINE, Disposition.REFURBISH, Disposition.REPAIR)

LATER: Mapping[str, tuple[str, ...]] = {
    Disposition.RESTOCK: ("PASS_INSPECTION",),
    Disposition.RESELL_LOCALLY: ("PASS_INSPECTION",),
    Disposition.DONATE: ("FAIL_INSPECTION", "WRITE_OFF_DAMAGED"),
    Disposition.SCRAP: ("FAIL_INSPECTION", "WRITE_OFF_DAMAGED"),
}
"""What may become of goods that were set aside, and how stock moves then."""


def propose_disposition(grade: str, *, present: bool = True) -> str:
    """What the grade suggests; "" where there is none."""
    if not present:
        return Disposition.MISSING
    return PROPOSED.get(grade, "")
