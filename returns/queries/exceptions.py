"""Returns that wait for a person: nobody announced them, nobody judged them, they lie too long, were never earned."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from oms.exceptions import ExceptionType, Trouble
from oms.quantities import plain
from orders.events import ContractWithdrawn, WithdrawalFollowed
from returns.events import (
    ReturnCanceled,
    ReturnClosed,
    ReturnInspected,
    ReturnReceived,
)
from returns.models import Advance, Return, ReturnItem, StrayParcel, Withdrawal

Acceptance, Reception = ReturnItem.Acceptance, ReturnItem.Reception

INSPECT_WITHIN = timedelta(hours=48)
"""So long may goods lie at a node before somebody asks for them."""


def find_strays(at: datetime) -> QuerySet[StrayParcel]:
    """In the words of the index `stray_parcel_open`."""
    return StrayParcel.objects.filter(resolved_at=None).select_related("node__warehouse")


def _describe_stray(stray: StrayParcel) -> Trouble:
    where = f" at {stray.node.warehouse.name}" if stray.node else ""
    inside = f": {stray.note}" if stray.note else ""
    cause = f"A parcel that nobody announced is{where}, called {stray.code or 'nothing'}{inside}."
    return Trouble("stray_parcel", str(stray), cause[:500], stray.received_at, {"stray": stray.pk, "code": stray.code})


def find_surplus(at: datetime) -> QuerySet[ReturnItem]:
    """Goods in a parcel that nobody announced, and of which nobody has said what becomes of them."""
    waiting = ReturnItem.objects.filter(reception=Reception.SURPLUS, disposition="")
    return _named(waiting.exclude(acceptance=Acceptance.REJECTED))


def _describe_surplus(item: ReturnItem) -> Trouble:
    cause = f"{plain(item.quantity)} × {_call(item)} came with {item.of.number} and was not announced."
    return _about(item, cause)


def find_undecided(at: datetime) -> QuerySet[ReturnItem]:
    """In the words of the index `return_item_for_a_person`."""
    return _named(ReturnItem.objects.filter(acceptance=Acceptance.NEEDS_PERSON).exclude(reception=Reception.SURPLUS))


def _describe_undecided(item: ReturnItem) -> Trouble:
    seen = f" “{item.finding}”" if item.finding else ""
    unmet = f" Not as its terms ask: {', '.join(map(_plain, item.unmet))}." if item.unmet else ""
    return _about(item, f"{plain(item.quantity)} × {_call(item)} of {item.of.number} could not be judged.{unmet}{seen}")


def _plain(word: str) -> str:
    return word.lower().replace("_", " ")


def find_uninspected(at: datetime) -> QuerySet[Return]:
    """In the words of the index `return_to_inspect`."""
    waiting = Return.objects.filter(status=Return.Status.OPEN, inspected_at=None, received_at__lte=at - INSPECT_WITHIN)
    return waiting.select_related("node__warehouse")


def _describe_uninspected(found: Return) -> Trouble:
    where = found.node.warehouse.name if found.node else "the door"
    cause = f"{found.number} has been at {where} since {found.received_at:%Y-%m-%d} and was not inspected."
    since = (found.received_at or found.requested_at) + INSPECT_WITHIN
    return Trouble("return", found.number, cause, since, {"return": found.number})


def find_lost(at: datetime) -> QuerySet[ReturnItem]:
    """Lost on the way back to us, and nothing was given for it."""
    return _named(ReturnItem.objects.filter(reception=Reception.LOST, settlement=None, acceptance=Acceptance.PENDING))


def _describe_lost(item: ReturnItem) -> Trouble:
    return _about(item, f"{plain(item.quantity)} × {_call(item)} of {item.of.number} got lost on the way back.")


def find_unearned(at: datetime) -> QuerySet[Advance]:
    """Given before the goods were here, and they are not here in time."""
    return Advance.objects.filter(state=Advance.State.OVERDUE).select_related("of")


def _describe_unearned(advance: Advance) -> Trouble:
    cause = (
        f"{advance.amount.normalize():f} {advance.currency} was given for {advance.of.number} in advance;"
        f" the goods were due on {advance.due_at:%Y-%m-%d}."
    )
    return Trouble("return", advance.of.number, cause, advance.due_at, {"advance": advance.pk})


def _named(items: QuerySet[ReturnItem]) -> QuerySet[ReturnItem]:
    living = items.filter(~Q(of__status__in=[Return.Status.DECLINED, Return.Status.CANCELED]))
    return living.select_related("of", "line", "variant")


def _call(item: ReturnItem) -> str:
    return (item.line.sku if item.line else "") or (item.variant.sku if item.variant else "something unknown")


def _about(item: ReturnItem, cause: str) -> Trouble:
    since = item.inspected_at or item.received_at or item.of.updated_at
    return Trouble("return", item.of.number, cause, since, {"return": item.of.number, "item": item.pk})


def find_stuck(at: datetime) -> QuerySet[Withdrawal]:
    """In the words of the index `withdrawal_stuck`."""
    stuck = Withdrawal.objects.filter(state=Withdrawal.State.STUCK)
    return stuck.select_related("order").prefetch_related("order__lines")


def _describe_stuck(made: Withdrawal) -> Trouble:
    names = {line.pk: line.sku or line.title for line in made.order.lines.all()}
    goods = ", ".join(f"{item['quantity']} × {names.get(item['line'], 'a line')}" for item in made.items)
    cause = (
        f"The customer withdrew on {made.declared_at:%Y-%m-%d} from {goods}, which could not be taken off:"
        f" {made.refusal['detail']}"
    )
    facts = {"withdrawal": made.pk, "code": made.refusal["code"], "items": made.items}
    return Trouble("order", made.order.number, cause[:500], made.declared_at, facts)


RETURNS = (
    ExceptionType(
        code="withdrawal_stuck",
        title="Withdrawal not stopped",
        hours=2,
        find=find_stuck,
        describe=_describe_stuck,
        heard=(ContractWithdrawn, WithdrawalFollowed),
    ),
    ExceptionType(
        code="stray_parcel",
        title="Unknown parcel",
        hours=8,
        find=find_strays,
        describe=_describe_stray,
    ),
    ExceptionType(
        code="return_surplus",
        title="Not announced",
        hours=8,
        find=find_surplus,
        describe=_describe_surplus,
        heard=(ReturnReceived, ReturnInspected),
        dismissible=True,
    ),
    ExceptionType(
        code="return_undecided",
        title="Return to be judged",
        hours=8,
        find=find_undecided,
        describe=_describe_undecided,
        heard=(ReturnInspected,),
    ),
    ExceptionType(
        code="return_uninspected",
        title="Return not inspected",
        hours=4,
        find=find_uninspected,
        describe=_describe_uninspected,
        heard=(ReturnInspected, ReturnClosed, ReturnCanceled),
    ),
    ExceptionType(
        code="return_lost",
        title="Return lost",
        hours=8,
        find=find_lost,
        describe=_describe_lost,
        heard=(ReturnClosed,),
        dismissible=True,
    ),
    ExceptionType(
        code="return_unearned",
        title="Advance not earned",
        hours=8,
        find=find_unearned,
        describe=_describe_unearned,
    ),
)
