"""Where a return stands, in human words: one headline, what happens next, and a line of steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from orders.portal.progress import Place, Progress, Step
from returns.choices import Method
from returns.models import Return, ReturnItem
from returns.wording.findings import say_finding
from returns.wording.nexts import say_kept
from returns.wording.refusals import explain_refusal

Kind, Status = Return.Kind, Return.Status
Reception, Acceptance = ReturnItem.Reception, ReturnItem.Acceptance


@dataclass(frozen=True, slots=True)
class State:
    """A return with its items, and what was given for them so far."""

    of: Return
    items: Sequence[ReturnItem]
    given: Decimal

    @property
    def all_settled(self) -> bool:
        due = [item for item in self.items if item.line_id and item.acceptance != Acceptance.REJECTED]
        return bool(due) and all(item.settlement_id for item in due)

    @property
    def rejected(self) -> bool:
        return any(item.acceptance == Acceptance.REJECTED for item in self.items)


def tell_progress(state: State) -> Progress:
    return_ = state.of
    if return_.status == Status.REQUESTED:
        claim, look = return_.kind == Kind.CLAIM, gettext("We look at it and write to you. Keep the goods until then.")
        headline = gettext("We are looking at what you told us") if claim else gettext("We are looking at your return")
        return Progress(headline, look, _steps(return_, 0), "wait")
    if return_.status == Status.DECLINED:
        why = explain_refusal(return_) or gettext("Our team looked at it and could not accept it.")
        return Progress(gettext("We cannot take this back"), why, _ended(return_, gettext("Declined")), "end")
    if return_.status == Status.CANCELED:
        headline = gettext("This return was canceled")
        return Progress(headline, say_kept(return_), _ended(return_, gettext("Canceled")), "end")
    if return_.status == Status.CLOSED or state.all_settled:
        return _tell_done(state)
    return _tell_open(state)


def _tell_done(state: State) -> Progress:
    steps = _steps(state.of, 4)
    if state.given:
        done = gettext("There is nothing more you need to do.")
        return Progress(gettext("Your return is done"), done, steps, "good")
    if state.rejected:
        return Progress(gettext("We could not accept what came back"), _say_findings(state), steps, "end")
    over = gettext("Nothing of it reached us in time. If you have sent it, write to us.")
    return Progress(gettext("This return has ended"), over, steps, "end")


def _say_findings(state: State) -> str:
    found = [say_finding(item) for item in state.items if item.acceptance == Acceptance.REJECTED]
    return " ".join(filter(None, dict.fromkeys(found))) or gettext("Write to us if you do not agree.")


def _tell_open(state: State) -> Progress:
    return_ = state.of
    if return_.received_at:
        check = gettext("We check it and write to you. That takes a day or two.")
        return Progress(gettext("We have received your parcel"), check, _steps(return_, 3), "good")
    if return_.moved_at:
        come = gettext("We write to you as soon as it is here.")
        return Progress(gettext("Your parcel is on its way to us"), come, _steps(return_, 2), "good")
    if return_.method == Method.KEEP_IT:
        keep = gettext("You do not need to send it back. We settle it now.")
        return Progress(gettext("You may keep it"), keep, _steps(return_, 3), "good")
    return Progress(gettext("Now send it back to us"), _say_next(return_), _steps(return_, 1))


def _say_next(return_: Return) -> str:
    return {
        Method.PREPAID_LABEL: gettext("Print the label, stick it on the parcel, and hand it to the carrier."),
        Method.QR_DROP_OFF: gettext("Show the code at a drop-off point; they print the label for you."),
        Method.IN_STORE: gettext("Bring it to one of our stores and say your return number at the till."),
        Method.OWN_CARRIER: gettext("Write the return number on the parcel and send it with a carrier of your choice."),
    }.get(Method(return_.method), "")


def _steps(return_: Return, now: int) -> list[Step]:
    """Asked for, approved, on its way, with us, settled."""
    moments = [return_.requested_at, return_.decided_at, return_.moved_at, return_.received_at, return_.ended_at]
    names = [gettext("Asked for"), gettext("Approved"), gettext("On its way"), gettext("With us"), gettext("Done")]
    rows = list(zip(names, moments, strict=True))
    if return_.method == Method.KEEP_IT:
        rows, now = [rows[0], rows[1], rows[4]], min(now, 2)
    places: list[Place] = ["done" if place < now else "now" if place == now else "next" for place in range(len(rows))]
    return [Step(name, place, at) for (name, at), place in zip(rows, places, strict=True)]


def _ended(return_: Return, name: str) -> list[Step]:
    return [Step(gettext("Asked for"), "done", return_.requested_at), Step(name, "now", return_.ended_at)]
