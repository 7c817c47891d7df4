"""How many statements the hot paths run: few, and the same however many rows there are."""

from contextlib import ExitStack

import pytest

from inventory.actions.cataloguing import create_products
from inventory.incoming import IncomingProduct
from oms.models import Channel
from returns.models import CreditAuthorization
from tests.make.credit import account_of, given
from tests.make.edits import anybody_may
from tests.make.moments import ADA, FIFTY_YEARS, NOON
from tests.make.orders import channel, line, order_body
from tests.make.partners import fresh, make_partner
from tests.make.returns import delivered_now
from tests.make.statements import commits_made, statements_made
from tests.make.stock import count, stocked_variant
from tests.make.terms import saved_terms

ONE_ORDER, ONE_BATCH, ONE_PAGE = 6, 11, 4
ONE_PREVIEW, ONE_EDIT = 4, 15
ONE_RETURN = 10
ONE_HOLD, ONE_CAPTURE = 5, 5


@pytest.fixture
def partner(transactional_db):
    channel()
    stocked_variant(on_hand=100_000)
    partner = make_partner()
    post(partner, order_body())  # the customer is known from here on, as in most of a shop's life
    return partner


def post(partner, body, path="/orders"):
    with ExitStack() as watch:
        statements, commits = watch.enter_context(statements_made()), watch.enter_context(commits_made())
        answer = partner.post(path, body, label=fresh())
    assert answer.status_code in (200, 201), answer.json()
    return len(statements), len(commits)


def get(partner, path):
    with statements_made() as statements:
        answer = partner.get(path)
    assert answer.status_code == 200
    return len(statements), len(answer.json()["results"])


def test_placing_one_order_takes_six_statements_and_one_commit(partner):
    assert post(partner, order_body()) == (ONE_ORDER, 1)


def test_an_order_of_300_lines_takes_no_more_than_one_of_three(partner):
    assert post(partner, order_body([line() for _ in range(3)])) == post(partner, order_body([line()] * 300))


@pytest.mark.parametrize("members", [5, 50, 500])
def test_a_batch_takes_as_many_statements_for_five_as_for_500(partner, members):
    statements, commits = post(partner, {"orders": [order_body() for _ in range(members)]}, "/orders/batch")
    assert statements <= ONE_BATCH
    assert (statements, commits) == post(partner, {"orders": [order_body()]}, "/orders/batch")


def test_a_page_takes_as_many_statements_for_five_orders_as_for_50(partner):
    post(partner, {"orders": [order_body() for _ in range(49)]}, "/orders/batch")
    few, five = get(partner, "/orders?limit=5")
    many, fifty = get(partner, "/orders?limit=50&status=RELEASED")
    assert (five, fifty) == (5, 50)
    assert few == many <= ONE_PAGE


def order_of_lines(partner, lines):
    """The number of a new order of so many lines, and three operations that make it no dearer."""
    body = order_body([line("CAP"), line(), line("CAP"), *[line() for _ in range(lines - 3)]])
    shown = partner.post("/orders", body, label=fresh()).json()
    first, second, third = (each["id"] for each in shown["lines"][:3])
    operations = [
        {"op": "swap_variant", "line": first, "sku": "HAT"},
        {"op": "cancel_line", "line": second},
        {"op": "set_quantity", "line": third, "quantity": 2},
    ]
    return shown["number"], {"operations": operations}


@pytest.mark.parametrize(("to", "most"), [("edits/preview", ONE_PREVIEW), ("edits", ONE_EDIT)])
def test_an_edit_takes_as_many_statements_for_three_lines_as_for_300(partner, to, most):
    caps = [{"sku": sku, "price": {"amount": "19.90", "currency": "EUR"}} for sku in ("CAP", "HAT")]
    create_products([IncomingProduct.model_validate({"title": "Cap", "variants": caps})], by=ADA, at=NOON)
    count("CAP", 1_000), count("HAT", 1_000)
    Channel.objects.update(edit_window_minutes=FIFTY_YEARS)
    anybody_may()

    made = []
    for lines in (3, 30, 300):
        number, operations = order_of_lines(partner, lines)
        made.append(post(partner, operations, f"/orders/{number}/{to}"))
    assert made[0] == made[1] == made[2]
    assert made[0][0] <= most


def test_a_return_takes_as_many_statements_for_one_line_as_for_20(partner):
    saved_terms()
    made = []
    for lines in (1, 2, 20):
        order = delivered_now([line() for _ in range(lines)])
        ids = order.lines.values_list("id", flat=True)
        items = [{"line": id_, "quantity": 1, "reason": "too-small"} for id_ in ids]
        made.append(post(partner, {"order": order.number, "items": items}, "/returns"))
    _, *rest = made  # the first one reads the terms, which are kept
    assert rest[0] == rest[1] == (ONE_RETURN, 1)


def test_a_sale_on_credit_takes_five_statements_to_hold_it_and_five_to_take_it(partner):
    account = account_of(given("50.00", "5.00"))
    sale = {"amount": {"amount": "10.00", "currency": "EUR"}, "reference": "till 7"}

    assert post(partner, sale, f"/credit-accounts/{account.key}/authorizations") == (ONE_HOLD, 1)
    held = CreditAuthorization.objects.get()
    assert post(partner, {}, f"/authorizations/{held.key}/capture") == (ONE_CAPTURE, 1)
