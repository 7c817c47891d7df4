import pytest

from orders.models import Order
from returns.actions.terms.arranging import save_terms
from returns.models import OrderTerms, TermsEdition
from tests.make.moments import ADA, NOON, ONE_DAY
from tests.make.orders import channel, incoming, line, place, placed_order
from tests.make.statements import statements_made
from tests.make.stock import SKU, stocked_variant
from tests.make.terms import category, saved_terms, shelve

pytestmark = pytest.mark.django_db


def test_an_order_notes_the_terms_and_what_they_are_chosen_by():
    saved_terms()
    stocked_variant()
    shelve(SKU, category("tops", parent=category("clothing")), "linen")

    order = placed_order()

    noted, bought = OrderTerms.objects.get(), order.lines.get()
    assert (noted.order, noted.edition) == (order, TermsEdition.objects.get())
    assert noted.facts == {"tier": "", "lines": {str(bought.pk): {"category": ["clothing", "tops"], "tags": ["linen"]}}}


def test_an_order_that_was_bought_before_a_change_is_under_the_terms_of_then():
    row = saved_terms(at=NOON - 2 * ONE_DAY)
    first = TermsEdition.objects.get()
    row.days = 60
    save_terms(terms=row, by=ADA, at=NOON)

    placed_order(placed_at=(NOON - ONE_DAY).isoformat())

    assert OrderTerms.objects.get().edition == first


def test_an_order_from_before_there_were_terms_is_under_the_first():
    saved_terms(at=NOON)
    first = TermsEdition.objects.get()
    saved_terms("DE", 14, country="DE", at=NOON)

    placed_order(placed_at=(NOON - ONE_DAY).isoformat())

    assert OrderTerms.objects.get().edition == first


def test_where_there_are_no_terms_nothing_is_noted():
    placed_order()

    assert Order.objects.count() == 1
    assert not OrderTerms.objects.exists()


def test_a_ring_of_categories_ends_where_it_began():
    saved_terms()
    stocked_variant()
    upper = category("upper")
    lower = category("lower", parent=upper)
    upper.parent = lower
    upper.save()
    shelve(SKU, lower)

    placed_order()

    ((_, noted),) = OrderTerms.objects.get().facts["lines"].items()
    assert noted["category"] == ["upper", "lower"]


def test_terms_are_noted_by_one_statement_however_many_orders_are_placed():
    saved_terms()
    stocked_variant(on_hand=100)
    channel()
    orders = [incoming([line()]) for _ in range(12)]

    with statements_made() as made:
        place(*orders)

    assert sum("returns_orderterms" in sql for sql in made) == 1
    assert OrderTerms.objects.count() == 12
