"""What an edit that waits comes to, as it was planned, beside the order as it stands."""

from datetime import datetime

from oms.money import Money
from orders.models import Edit
from orders.policies.edits.lines import Reason
from orders.policies.edits.plan import read_plan
from orders.policies.edits.quotes import Quote, figures_after, figures_before, judge_settlement, quote_lines
from orders.queries.edits.states import read_edit_state


def read_quote(edit: Edit, *, at: datetime) -> Quote:
    """The plan is the one of the day it was asked; what is to pay is judged by today's payments."""
    order = read_edit_state(edit.order.number, actor=edit.actor, at=at).order
    plan = read_plan(edit.plan, credited=order.credited)
    settlement = judge_settlement(order, plan)
    return Quote(
        lines=quote_lines(order, plan),
        before=figures_before(order),
        after=figures_after(plan, edit.currency),
        to_pay=Money(settlement.to_pay, edit.currency),
        to_get_back=Money(settlement.to_get_back, edit.currency),
        verdict="APPROVE",
        reasons=tuple(Reason(each["code"], each["sentence"], each["facts"]) for each in edit.reasons),
        address=plan.address,
        email=plan.email,
        phone=plan.phone,
        shipping_method=plan.shipping_method,
        version=order.version,
    )
