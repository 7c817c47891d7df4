"""A routing decision in sentences: who sends it and what that costs, who else could have, and who could not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oms.money import round_amount
from orders.models import RoutingDecision

Part = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """A warehouse by its name, and what is to be said of it."""

    name: str
    said: str


def say_parts(decision: RoutingDecision) -> list[Told]:
    """ "Leipzig": "freight 6.10, one parcel 1.50, leaves Mon 15:00, there in 2 days" """
    return [Told(_name(part), _say_part(part, decision.currency)) for part in decision.parts]


def say_alternatives(decision: RoutingDecision) -> list[Told]:
    """ "Rotterdam": "1.20 dearer: freight 7.30" """
    return [_say_alternative(each, decision.currency) for each in decision.alternatives]


def say_excluded(decision: RoutingDecision) -> list[str]:
    return [str(each.get("sentence") or each.get("warehouse")) for each in decision.excluded]


def say_share(part: Part) -> str:
    """ "2 × TEE-M-BLK, 1 × MUG" """
    return ", ".join(f"{line['quantity']} × {line['sku'] or 'item'}" for line in part.get("lines", ()))


def _say_part(part: Part, currency: str) -> str:
    words = [_say_freight(part, currency)]
    if duty := _amount(part, "duty"):
        words.append(f"duty {_plain(duty, currency)}")
    if parcel := _amount(part, "parcel"):
        words.append(f"one parcel {_plain(parcel, currency)}")
    if preferred := _amount(part, "preference"):
        words.append(f"preferred by {_plain(preferred, currency)}")
    if part.get("cut_off"):
        words.append(f"leaves {part['cut_off']}")
    if days := part.get("days"):
        words.append(f"there in {days} day{'' if days == 1 else 's'}")
    return ", ".join(filter(None, words))


def _say_freight(part: Part, currency: str) -> str:
    by = f" with {part['service']}" if part.get("service") else ""
    return f"freight {_plain(_amount(part, 'freight'), currency)}{by}"


def _say_alternative(each: Mapping[str, Any], currency: str) -> Told:
    dearer = Decimal(str(each.get("dearer") or 0))
    gap = f"{_plain(abs(dearer), currency)} {'dearer' if dearer > 0 else 'cheaper'}" if dearer else "costs the same"
    parts = each.get("parts") or [{}]
    why = [_say_freight(part, currency) for part in parts]
    why += [f"duty {_plain(duty, currency)}" for part in parts if (duty := _amount(part, "duty"))]
    why += [f"leaves {part['cut_off']}" for part in parts if part.get("cut_off")]
    return Told(" and ".join(_name(part) for part in parts), f"{gap}: {', '.join(why)}")


def _name(part: Part) -> str:
    return str(part.get("name") or part.get("warehouse") or "?")


def _amount(part: Part, column: str) -> Decimal:
    return Decimal(str(part.get(column) or 0))


def _plain(amount: Decimal, currency: str) -> str:
    return f"{round_amount(amount, currency):,f}"


def say_notes(parts: Sequence[Part]) -> list[str]:
    """Why there is duty, once each."""
    return list(dict.fromkeys(str(part["duty_note"]) for part in parts if part.get("duty_note")))
