from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from orders.channels.outgoing.differing import find_differences, find_line_names, plan_lines
from orders.channels.outgoing.naming import split_name
from orders.channels.outgoing.port import ChannelCopy, CopyLine, Desired, PostalAddress
from tests.make.desired import BERLIN, desired, wanted_line


def copy_with(*lines: tuple[str, str, int], **fields) -> ChannelCopy:
    """The other side's copy of an order that is as it should be but for its lines."""
    found = tuple(CopyLine(number, sku, sku, Decimal(quantity)) for number, sku, quantity in lines)
    wanted = desired()
    defaults = {
        "email": wanted.email,
        "phone": "",
        "address": BERLIN,
        "shipping_method": "Standard",
        "shipping_amount": Decimal("4.90"),
        "total": sum((line.quantity * Decimal("19.90") for line in found), Decimal("4.90")),
        "total_is_owed": True,
        "cancelled": False,
    }
    return ChannelCopy(external_id="1001", currency="EUR", lines=found, **(defaults | fields))


def wheres(wanted: Desired, copy: ChannelCopy) -> list[str]:
    return [difference.where for difference in find_differences(wanted, copy)]


def apply(plan, copy: ChannelCopy) -> ChannelCopy:
    """The copy after a system has done exactly what was planned."""
    quantities = {change.there.external_id: change.quantity for change in plan if change.there}
    lines = [replace(line, quantity=quantities.get(line.external_id, line.quantity)) for line in copy.lines]
    added = [change.wanted for change in plan if change.there is None]
    lines += [CopyLine(f"n{place}", line.sku, line.title, line.quantity) for place, line in enumerate(added) if line]
    return replace(copy, lines=tuple(lines))


SKUS = st.sampled_from(["A", "B", "C"])
UNITS = st.integers(0, 3)


@given(
    ours=st.lists(st.tuples(st.booleans(), SKUS, UNITS), max_size=5),
    theirs=st.lists(st.tuples(SKUS, UNITS), max_size=5),
)
def test_doing_what_was_planned_leaves_nothing_to_do(ours, theirs):
    """However the two sides differ: planned once, done once, and nothing is left, so nothing is ever done twice."""
    copy = copy_with(*((str(place), sku, units) for place, (sku, units) in enumerate(theirs)))
    lines = [wanted_line(str(place) if known else "", sku, units) for place, (known, sku, units) in enumerate(ours)]
    wanted = desired(*lines)

    after = apply(plan_lines(wanted, copy), copy)

    assert plan_lines(wanted, after) == []
    goods = {line.sku for line in wanted.lines}
    known = {line.external_id for line in wanted.lines} - {""}
    for sku in goods:
        strangers = sum(line.quantity for line in copy.lines if line.sku == sku and line.external_id not in known)
        there = sum(line.quantity for line in after.lines if line.sku == sku)
        here = sum(line.quantity for line in wanted.lines if line.sku == sku)
        assert here <= there <= here + strangers


def test_of_two_that_could_be_meant_none_is_taken_off():
    copy = copy_with(("7", "B", 1), ("8", "B", 1))
    assert plan_lines(desired(wanted_line("", "B", 0)), copy) == []


def test_a_swapped_line_is_another_line_there_and_its_name_is_learnt():
    wanted = desired(wanted_line("1", "TEE-L"))
    after = copy_with(("1", "TEE-M", 0), ("9", "TEE-L", 1))

    assert plan_lines(wanted, after) == []
    assert [(line.sku, name) for line, name in find_line_names(wanted, after)] == [("TEE-L", "9")]


def test_a_line_that_was_added_and_taken_back_before_it_had_a_name_is_taken_off():
    wanted = desired(wanted_line("1", "TEE-M"), wanted_line("", "MUG", 0))

    (change,) = plan_lines(wanted, copy_with(("1", "TEE-M", 1), ("9", "MUG", 1)))

    assert (change.there.external_id, change.quantity) == ("9", 0)


def test_a_tip_and_a_fee_are_nobodys_business():
    fee = wanted_line("additional-fees", "", kind="FEE", title="Fee")
    copy = copy_with(("1", "TEE-M", 1), ("2", "", 1))

    assert plan_lines(desired(wanted_line("1", "TEE-M"), fee), copy) == []


def test_spelling_that_means_the_same_is_no_difference():
    ours = replace(BERLIN, phone="+49 (30) 1234", province="Berlin", line1="Torstr.  1")
    theirs = replace(BERLIN, phone="+49301234", province="BERLIN", province_code="BE", line1="Torstr. 1")
    wanted = desired(wanted_line("1", "TEE-M"), address=ours, email="Ada@Example.com", phone="+49-30-1234")

    assert wheres(wanted, copy_with(("1", "TEE-M", 1), address=theirs, phone="+49 30 1234")) == []


def test_a_province_is_the_same_by_its_code():
    ours = replace(BERLIN, province="BE")
    theirs = replace(BERLIN, province="Berlin", province_code="BE")
    wanted = desired(wanted_line("1", "TEE-M"), address=ours)

    assert wheres(wanted, copy_with(("1", "TEE-M", 1), address=theirs)) == []
    other = replace(theirs, province="Bavaria", province_code="BY")
    assert wheres(wanted, copy_with(("1", "TEE-M", 1), address=other)) == ["address_province"]


def test_each_place_that_differs_is_named():
    wanted = desired(wanted_line("1", "TEE-M", 2), wanted_line("", "MUG"), phone="1")
    copy = copy_with(
        ("1", "TEE-M", 1),
        ("5", "HAT", 1),
        address=PostalAddress(name="Bea", country="DE"),
        email="x@example.com",
        shipping_method="Express",
        shipping_amount=Decimal(0),
    )

    assert wheres(wanted, copy) == [
        *("quantity", "line", "line"),
        *("address_name", "address_line1", "address_city", "address_postal_code", "address_phone"),
        *("email", "phone", "shipping_method", "shipping_amount", "total"),
    ]


def test_a_cancelled_order_is_only_asked_whether_it_is_one():
    wanted = desired(wanted_line("1", "TEE-M", 0), cancelled=True)

    assert wheres(wanted, copy_with(("1", "TEE-M", 1), cancelled=True)) == []
    assert wheres(wanted, copy_with(("1", "TEE-M", 1))) == ["status"]


def test_a_total_is_compared_as_the_other_side_counts_it():
    wanted = desired(wanted_line("1", "TEE-M"), credited=Decimal("5.00"))
    there = copy_with(("1", "TEE-M", 1))

    assert wheres(wanted, replace(there, total_is_owed=False)) == []
    assert wheres(wanted, replace(there, total=Decimal("19.80"))) == []
    assert wheres(wanted, there) == ["total"]


def test_names_are_split_at_the_last_word():
    assert split_name("Ada Maria Meier") == ("Ada Maria", "Meier")
    assert split_name("  Ada ") == ("", "Ada")
    assert split_name("") == ("", "")
