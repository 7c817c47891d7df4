"""What a partner, a page or a bot may send as operations, and what it is told when it may not."""

from decimal import Decimal

import pytest

from oms.errors import Invalid
from orders.policies.edits.operations import MOST_OPERATIONS, dump_operations, read_operations

ADDRESS = {"name": "Ada", "line1": "Torstr. 1", "city": "Berlin", "postal_code": "10119", "country": "DE"}
ADD = {"op": "add_item", "sku": "SOCKS"}


def quantity(units, line=1):
    return {"op": "set_quantity", "line": line, "quantity": units}


def refused(*operations):
    """The first pointer and code, and nothing but a refusal, whatever was sent."""
    with pytest.raises(Invalid) as refusal:
        read_operations(operations)
    assert refusal.value.errors
    return refusal.value.errors[0].pointer, refusal.value.errors[0].code


def test_what_is_left_out_has_its_usual_value():
    swap, add = read_operations([{"op": "swap_variant", "line": 3, "sku": "TEE-L"}, ADD])
    assert (swap.quantity, add.quantity) == (None, 1)


def test_what_was_asked_is_stored_as_it_was_asked():
    asked = [
        {"op": "change_address", "address": ADDRESS},
        {"op": "change_contact", "email": "new@example.com"},
        {"op": "swap_variant", "line": 1, "sku": "TEE-L", "quantity": "0.125"},
        {"op": "change_shipping", "method": "express"},
        {"op": "set_unit_price", "line": 2, "unit_price": "19.90"},
    ]
    stored = dump_operations(read_operations(asked))
    assert stored[1:] == asked[1:]
    assert stored[0]["address"].items() >= ADDRESS.items()
    assert dump_operations(read_operations(stored)) == stored


@pytest.mark.parametrize(("sent", "read"), [(0.1, "0.1"), (2, "2"), ("2.5", "2.5"), (Decimal("1.125"), "1.125")])
def test_a_tenth_is_a_tenth(sent, read):
    (operation,) = read_operations([quantity(sent)])
    assert operation.quantity == Decimal(read)


ABSURD = [-1, -0.5, "-1", 1_000_001, 10**30, 1e300, float("nan"), float("inf"), float("-inf"), "NaN", "1e5", "0x10"]
ABSURD += ["١", 0.0001, "1.2345", True, None, "", " 1", [1], {"units": 1}]
ABSURD += [Decimal("NaN"), Decimal("Infinity"), Decimal("1E+99")]


@pytest.mark.parametrize("units", ABSURD)
def test_a_quantity_that_is_none_is_pointed_at(units):
    assert refused(quantity(units))[0] == "/operations/0/quantity"


@pytest.mark.parametrize("line", ["1", 1.0, 0, -1, 2**63, 10**40, True, None, [], {}, "' OR 1=1"])
def test_a_line_is_named_by_a_whole_number(line):
    assert refused(quantity(1, line=line))[0] == "/operations/0/line"


@pytest.mark.parametrize("sku", ["", "x" * 101, 7, None, ["TEE"], {"sku": "TEE"}, b"TEE"])
def test_a_sku_is_a_word(sku):
    assert refused(ADD | {"sku": sku})[0] == "/operations/0/sku"


@pytest.mark.parametrize("sku", ["T\u00e9\u00e9-M", "\U0001f455", "\u202eMEET", "'; DROP TABLE orders_order; --", " "])
def test_any_letters_may_name_a_sku(sku):
    (operation,) = read_operations([ADD | {"sku": sku}])
    assert operation.sku == sku


@pytest.mark.parametrize("price", ["19.90000", "-1", "1e3", "NaN", 19.9, 19, "", "1234567890123", None])
def test_a_price_is_a_decimal_string(price):
    assert refused({"op": "set_unit_price", "line": 1, "unit_price": price})[0] == "/operations/0/unit_price"


@pytest.mark.parametrize("email", ["ada", "ada@", "@example.com", "a b@example.com", "a@b", "x" * 250 + "@a.de", 7])
def test_an_e_mail_address_looks_like_one(email):
    assert refused({"op": "change_contact", "email": email})[0] == "/operations/0/email"


def test_a_country_is_one_of_iso_3166():
    wrong = {"op": "change_address", "address": ADDRESS | {"country": "XX"}}
    assert refused(ADD, wrong) == ("/operations/1/address/country", "unknown_country")


@pytest.mark.parametrize(
    "operation",
    [
        {},
        {"op": "delete_everything"},
        {"op": None},
        {"op": ["add_item"]},
        {"OP": "add_item"},
        None,
        7,
        "add_item",
        [ADD],
    ],
)
def test_what_is_no_operation_is_refused(operation):
    pointer, _ = refused(operation)
    assert pointer.startswith("/operations/0")


def test_a_misspelt_field_is_not_lost_in_silence():
    assert refused(ADD | {"quantitiy": 2}) == ("/operations/0/quantitiy", "extra_forbidden")


def test_there_is_at_least_one_operation_and_never_too_many():
    assert refused()[0] == "/operations"
    assert refused(*[ADD] * (MOST_OPERATIONS + 1))[0] == "/operations"
    assert len(read_operations([ADD] * MOST_OPERATIONS)) == MOST_OPERATIONS


def test_no_more_than_a_hundred_mistakes_are_told():
    with pytest.raises(Invalid) as refusal:
        read_operations([{"op": "add_item"}] * MOST_OPERATIONS)
    assert len(refusal.value.errors) == 100


@pytest.mark.parametrize(
    "twice",
    [
        (quantity(1), quantity(2)),
        (quantity(1), {"op": "cancel_line", "line": 1}),
        ({"op": "swap_variant", "line": 1, "sku": "A"}, {"op": "cancel_line", "line": 1}),
        ({"op": "swap_variant", "line": 1, "sku": "A", "quantity": 1}, quantity(3)),
        ({"op": "swap_variant", "line": 1, "sku": "A"}, {"op": "swap_variant", "line": 1, "sku": "B"}),
        ({"op": "change_address", "address": ADDRESS}, {"op": "change_address", "address": ADDRESS}),
        ({"op": "change_contact", "email": "a@b.de"}, {"op": "change_contact", "phone": "1"}),
        ({"op": "change_shipping", "method": "a"}, {"op": "change_shipping", "method": "b"}),
    ],
)
def test_one_thing_is_changed_once(twice):
    assert refused(*twice) == ("/operations/1", "changed_twice")


def test_who_says_something_twice_is_told_where_it_was_said_first():
    with pytest.raises(Invalid) as refusal:
        read_operations([ADD, quantity(1), quantity(2)])
    assert refusal.value.message == "/operations/1 changes the same thing; send one operation for it."


def test_a_line_may_be_swapped_and_recounted_in_one_edit():
    assert len(read_operations([{"op": "swap_variant", "line": 1, "sku": "A"}, quantity(2)])) == 2


def test_the_same_item_may_be_added_twice_and_a_line_may_get_units_and_a_price():
    assert len(read_operations([ADD, ADD])) == 2
    assert len(read_operations([quantity(2), {"op": "set_unit_price", "line": 1, "unit_price": "1.00"}])) == 2


def test_cancelling_the_order_stands_alone():
    cancel = {"op": "cancel_order", "reason": "too late"}
    assert read_operations([cancel])[0].reason == "too late"
    assert refused(cancel, ADD) == ("/operations", "cancels_alone")
