"""Books of the past, replayed: sales, credit notes, and what the terms of those days made of them."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from orders.models import Order, Refund
from returns.actions.taking_back import PastReturn, PastUnits, split_rounds, take_back
from returns.actions.terms.arranging import save_terms
from returns.models import Return, ReturnItem, ReturnTerms, Settlement
from tests.make.orders import channel
from tests.make.stock import warehouse

pytestmark = pytest.mark.django_db

MAP = """
[columns]
external_id = "invoice"
placed_at = "date"
sku = "code"
quantity = "units"
unit_price = "price"
customer_name = "buyer"
[constants]
currency = "EUR"
tax_included = true
payment_status = "PAID"
payment_gateway = "invoice"
fulfilled = true
[[codes]]
match = ["POST"]
kind = "FEE"
[[codes]]
match = ["D"]
kind = "DISCOUNT"
[[rules]]
when = { external_id = "C" }
then = "cancellation"
reason = "credit_note"
"""
BOOKS = """invoice,date,code,units,price,buyer
1001,2026-01-05,TEE,4,10.00,Ada
1001,2026-01-05,CAP,1,7.00,Ada
1001,2026-01-05,D,-1,3.00,Ada
1002,2026-02-01,TEE,2,12.00,Ada
C1,2026-02-03,TEE,-3,12.00,Ada
C1,2026-02-03,POST,-1,5.00,Ada
C2,2026-02-20,CAP,-1,7.00,Ada
C3,2026-03-01,TEE,-9,10.00,Ada
C4,2026-03-01,TEE,-1,10.00,Eve
C5,2026-03-01,TEE,-1,10.00,
C6,2026-06-01,TEE,-1,10.00,Ada
C7,someday,TEE,-1,10.00,Ada
"""
LATER = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path):
    channel("books", already_sold=True), warehouse("LEJ")
    save_terms(terms=ReturnTerms(name="All", days=60), by="ops", at=datetime(2025, 1, 1, tzinfo=UTC))
    (tmp_path / "map.toml").write_text(MAP)
    (tmp_path / "books.csv").write_text(BOOKS)
    return tmp_path


def replay(shop, *words):
    report = shop / "report.json"
    asked = (str(shop / "books.csv"), "--channel", "books", "--columns", str(shop / "map.toml"))
    call_command("replay_returns", *asked, "--report", str(report), *words, stdout=StringIO(), stderr=StringIO())
    return json.loads(report.read_text())


def test_each_line_of_the_books_ends_once_and_what_fits_a_sale_is_noted(shop):
    said = replay(shop, "--create-skus")

    reasons = ("unreadable_date", "not_goods", "more_than_sold", "no_such_sale", "no_buyer", "window_closed")
    ends = {"all": 8, "taken": 2, "taken_in_part": 0, "known": 0, "refused": dict.fromkeys(reasons, 1)}
    assert said["lines"] == ends
    assert said["returns"] == Return.objects.count() == 3
    newer, older = Order.objects.get(external_id="1002"), Order.objects.get(external_id="1001")
    assert (newer.credited, newer.refunded, newer.financial_status) == (24, 24, "REFUNDED")
    assert older.credited == older.refunded == Decimal("15.91")
    assert older.financial_status == "PARTIALLY_REFUNDED"


def test_the_orders_own_discount_is_given_back_in_its_share_only(shop):
    """47 of goods less 3: the cap is 7 × 44 / 47, a tee 40 × 44 / 47 / 4."""
    replay(shop, "--create-skus")
    values = dict(ReturnItem.objects.filter(line__order__external_id="1001").values_list("line__sku", "value"))
    assert values == {"TEE": Decimal("9.36"), "CAP": Decimal("6.55")}


def test_a_second_time_everything_is_known_and_nothing_paid_again(shop):
    replay(shop, "--create-skus")
    paid = Refund.objects.aggregate(sum=Sum("amount"))["sum"]
    said = replay(shop)

    assert (said["lines"]["taken"], said["lines"]["known"], said["returns"]) == (0, 2, 0)
    assert Refund.objects.aggregate(sum=Sum("amount"))["sum"] == paid
    assert Settlement.objects.count() == 3


def test_what_is_left_is_asked_of_the_order_in_a_few_statements(shop, django_assert_max_num_queries):
    replay(shop, "--create-skus")
    books = Order.objects.get(external_id="1001").channel
    units = (PastUnits(0, "TEE", Decimal(1)),)
    past = [PastReturn("N1", order, datetime(2026, 2, 5, tzinfo=UTC), units) for order in ("1001", "1002", "gone")]
    with django_assert_max_num_queries(22):
        outcomes = take_back(past, channel=books, by="ops", at=LATER)
    assert [(bool(each.number), each.refused) for each in outcomes] == [
        (True, {}),
        (False, {0: "none_left"}),
        (False, {0: "no_such_order"}),
    ]


def test_an_order_comes_once_a_round():
    past = [PastReturn(f"N{place}", order, LATER, ()) for place, order in enumerate("aabac")]
    rounds = list(split_rounds(past, 2))
    assert sorted(each.note for batch in rounds for each in batch) == ["N0", "N1", "N2", "N3", "N4"]
    assert all(len({each.order for each in batch}) == len(batch) <= 2 for batch in rounds)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--channel", "gone", "--columns", "map.toml"), "There is no channel gone"),
        (("--channel", "books", "--columns", "gone.toml"), "cannot be read"),
    ],
)
def test_what_cannot_be_replayed_is_refused_and_changes_nothing(shop, words, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("replay_returns", str(shop / "books.csv"), *(str(shop / w) if "." in w else w for w in words))
    assert not Order.objects.exists()
