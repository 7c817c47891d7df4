"""What a return cost, from the carrier's label to the bonus: noted once, and equal to a recount from the raw rows."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from orders.models import Label
from returns.actions.costing import note_costs
from returns.actions.inspecting import Finding, inspect_return
from returns.actions.receiving import receive_return
from returns.models import Return, ReturnCost
from returns.policies.receiving import Arrived
from tests.make.carriers import address_warehouse
from tests.make.moments import ADA, ONE_HOUR
from tests.make.snapshots import nothing_changes
from tests.make.ways_back import SEEN_AT, label_of, node, react, seen, way_back

pytestmark = pytest.mark.django_db

HERE = SEEN_AT + 24 * ONE_HOUR


def inspected(found: Return, **said: str) -> Return:
    """All of it came, and was looked at."""
    arrivals = [Arrived(item=item.pk, sku="", quantity=item.quantity, note="") for item in found.items.all()]
    receive_return(number=found.number, arrivals=arrivals, by=ADA, at=HERE)
    findings = [Finding(item.pk, item.quantity, "ACCEPTED", **said) for item in found.items.all()]
    inspect_return(number=found.number, findings=findings, by=ADA, at=HERE)
    react()
    found.refresh_from_db()
    return found


def parts(found: Return) -> dict[str, Decimal]:
    rows = found.costs.values("kind").annotate(total=Sum("amount"))
    return {row["kind"]: row["total"] for row in rows}


def test_a_label_costs_once_it_was_used():
    found = way_back()
    assert parts(found) == {}
    seen(found)
    assert parts(found) == {"FREIGHT_BACK": label_of(found).cost}


def test_goods_that_came_back_worn_cost_their_handling_and_what_they_lost():
    node(address_warehouse(), handling_cost=Decimal("1.50"), resale_percent=60)
    found = inspected(seen(way_back()), grade="B", disposition="RESTOCK")
    (item,) = found.items.all()
    noted = parts(found)
    assert noted["HANDLING"] == Decimal("1.50") * item.quantity
    assert noted["WRITE_DOWN"] == ((item.value - item.tax) * Decimal("0.40")).quantize(Decimal("0.01"))


def test_noting_again_changes_nothing():
    found = inspected(seen(way_back()), grade="C", disposition="RESTOCK")
    with nothing_changes():
        assert note_costs([found.number], at=HERE + ONE_HOUR) == 0


def test_the_sum_is_what_the_raw_rows_come_to():
    node(address_warehouse(), handling_cost=Decimal("2.00"), resale_percent=50)
    found = inspected(seen(way_back()), grade="C", disposition="RESTOCK")
    label = Label.objects.get(rma=found.number).cost
    goods = sum(
        (2 * item.quantity + (item.value - item.tax) * Decimal("0.75") for item in found.items.all()), Decimal(0)
    )
    paid = found.settlements.aggregate(bonus=Sum("bonus"), fees=Sum("fees"))
    expected = label + goods + (paid["bonus"] or 0) - (paid["fees"] or 0)
    assert ReturnCost.objects.aggregate(total=Sum("amount"))["total"] == expected.quantize(Decimal("0.01"))
