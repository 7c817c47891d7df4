"""What an order's page says of returns: those there are, and the way to another one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext

from orders.models import Order
from returns.models import Return
from returns.queries.eligibility import LineVerdict, judge_lines
from returns.queries.offering import find_order_fault, is_claimable
from returns.queries.traces import Traces, read_traces
from returns.queries.unsent import read_unsent

Status = Return.Status


@dataclass(frozen=True, slots=True)
class Known:
    number: str
    said: str
    requested_at: datetime
    done: bool


def show_returns(request: HttpRequest, order: Order) -> str:
    """Nothing where nothing was sent yet, or nothing can come back any more and nothing ever did."""
    at = timezone.now()
    traces = read_traces(order)
    if not traces.withdrawn and (order.status == Order.Status.CANCELLED or _is_untouched(order, traces)):
        return ""
    unsent = {} if order.status == Order.Status.CANCELLED else read_unsent(order, at=at)
    verdicts = judge_lines(order, at=at)
    open_lines = [each for each in verdicts.values() if each.verdict.eligible and each.left > 0]
    known = [_describe(each) for each in order.returns.order_by("-id")]
    faults = [] if find_order_fault(order) else [each for each in verdicts.values() if _may_be_claimed(each)]
    ended = any(each.verdict.ended_on for each in verdicts.values())
    if not (known or open_lines or unsent or traces.withdrawn or ended or faults):
        return ""
    context = {
        "order": order,
        "known": known,
        "may_return": bool(open_lines) and order.paid > 0 and not order.test,
        "until": min((each.verdict.ends_at for each in open_lines if each.verdict.ends_at), default=None),
        "ended_on": _last_end(verdicts),
        "may_claim": bool(faults) and not open_lines,
        "may_withdraw": bool(unsent) or any(each.statutory for each in open_lines),
        "declared": traces.withdrawn,
    }
    return render_to_string("returns/portal/order_panel.html", context, request=request)


def show_withdrawal(request: HttpRequest, order: Order) -> str:
    """Below what was ordered, while nothing was sent: there is nothing else to say of returns yet."""
    if order.status == Order.Status.CANCELLED:
        return ""
    traces = read_traces(order)
    if traces.withdrawn or not _is_untouched(order, traces) or not read_unsent(order, at=timezone.now()):
        return ""
    return render_to_string("returns/portal/withdraw_panel.html", {"order": order}, request=request)


def _is_untouched(order: Order, traces: Traces) -> bool:
    """Nothing was sent, by us or, before it came here, by others; and nothing came back."""
    unsent = order.fulfillment_status == Order.FulfillmentStatus.UNFULFILLED and not order.fulfillment_count
    return unsent and not traces.returned


def show_withdrawal_hint(request: HttpRequest, subject: object) -> str:
    """On the page where orders are found: whoever wants to withdraw from a contract sees where to begin."""
    return render_to_string("returns/portal/find_panel.html", {}, request=request)


def _may_be_claimed(judged: LineVerdict) -> bool:
    """It is here, and it can no longer simply come back."""
    return judged.left > 0 and is_claimable(judged) and judged.verdict.code != "not_delivered"


def _last_end(verdicts: Mapping[int, LineVerdict]) -> object:
    return max((each.verdict.ended_on for each in verdicts.values() if each.verdict.ended_on), default=None)


def _describe(return_: Return) -> Known:
    said = {
        Status.REQUESTED: gettext("We look at it"),
        Status.OPEN: gettext("With us") if return_.received_at else gettext("Open"),
        Status.CLOSED: gettext("Done"),
        Status.DECLINED: gettext("Declined"),
        Status.CANCELED: gettext("Canceled"),
    }[Status(return_.status)]
    if return_.status == Status.OPEN and return_.moved_at and not return_.received_at:
        said = gettext("On its way")
    return Known(return_.number, said, return_.requested_at, return_.ended_at is not None)
