"""Ways back: what the terms allow and the surroundings make possible, and one is always left."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from returns.choices import Method
from returns.policies.methods import Surroundings, offer_ways

ALLOWED = st.sets(st.sampled_from(list(Method)))
AROUND = st.builds(Surroundings, lane=st.booleans(), store=st.booleans())
EVERYTHING = Surroundings(lane=True, store=True)


def names(allowed: object, around: Surroundings) -> list[str]:
    return [way.method.value for way in offer_ways(allowed, around)]


@given(ALLOWED, AROUND)
def test_one_way_is_always_left_and_none_is_offered_that_the_terms_or_the_place_forbid(allowed, around):
    offered = {way.method for way in offer_ways(allowed, around)}
    assert offered
    assert offered <= allowed or offered == {Method.OWN_CARRIER}
    assert Method.KEEP_IT not in offered
    assert around.lane or not offered & {Method.PREPAID_LABEL, Method.QR_DROP_OFF}
    assert around.store or Method.IN_STORE not in offered


def test_all_ways_stand_in_one_order():
    assert names(set(Method), EVERYTHING) == ["PREPAID_LABEL", "QR_DROP_OFF", "IN_STORE", "OWN_CARRIER"]


def test_where_no_carrier_goes_and_no_store_is_they_send_it_themselves():
    assert names(set(Method), Surroundings(lane=False, store=False)) == ["OWN_CARRIER"]


def test_a_fee_is_asked_for_labels_alone_and_their_own_carrier_they_pay_themselves():
    ways = offer_ways(set(Method), EVERYTHING, label_fee=Decimal("3.90"), bears="DEDUCTED")
    assert {way.method.value: (way.fee, way.bears) for way in ways} == {
        "PREPAID_LABEL": (Decimal("3.90"), "DEDUCTED"),
        "QR_DROP_OFF": (Decimal("3.90"), "DEDUCTED"),
        "IN_STORE": (0, "MERCHANT"),
        "OWN_CARRIER": (0, "CUSTOMER"),
    }
