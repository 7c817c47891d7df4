"""Where returns go: never to a closed place, always to the cheapest that can take them, and always for a reason."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from returns.policies.nodes import PARTNER, STORE, WAREHOUSE, WHY_NOT, Place, choose_node

AMOUNT = st.decimals(0, 100, places=2)
COUNTRY = st.sampled_from(["DE", "FR", "US"])
PLACES = st.lists(
    st.builds(
        Place,
        code=st.text("ABCDEFGH", min_size=2, max_size=4),
        kind=st.sampled_from([WAREHOUSE, STORE, PARTNER]),
        country=COUNTRY,
        active=st.booleans(),
        takes_from=st.lists(COUNTRY, max_size=2),
        freight=st.none() | AMOUNT,
        duty=AMOUNT,
        handling=AMOUNT,
        resale=AMOUNT,
    ),
    max_size=8,
    unique_by=lambda place: place.code,
)


def place(code: str, kind: str = WAREHOUSE, country: str = "DE", freight: str = "5", resale: str = "10") -> Place:
    return Place(code=code, kind=kind, country=country, freight=Decimal(freight), resale=Decimal(resale))


def chosen(*places: Place, country: str = "DE", in_store: bool = False) -> str:
    return next((bid.place.code for bid in choose_node(places, country=country, in_store=in_store) if bid.chosen), "")


def why(code: str, *places: Place, country: str = "DE") -> str:
    return next(bid.why_not for bid in choose_node(places, country=country) if bid.place.code == code)


@given(PLACES, COUNTRY, st.booleans())
def test_a_closed_place_is_never_chosen_and_every_other_bid_has_its_reason(places, country, in_store):
    bids = choose_node(places, country=country, in_store=in_store)
    assert sorted(bid.place.code for bid in bids) == sorted(each.code for each in places)
    assert sum(bid.chosen for bid in bids) <= 1
    assert all(bid.place.active for bid in bids if bid.chosen)
    assert all(bid.why_not in WHY_NOT for bid in bids if not bid.chosen)


@given(PLACES, COUNTRY)
def test_no_place_that_could_take_it_is_cheaper_than_the_one_that_does(places, country):
    bids = choose_node(places, country=country)
    cost = next((bid.place.cost for bid in bids if bid.chosen), None)
    able = [bid.place.cost for bid in bids if bid.chosen or bid.why_not == "dearer"]
    assert cost == (min(able) if able else None)


@given(PLACES, COUNTRY, st.randoms())
def test_the_choice_does_not_hang_on_the_order_in_which_places_are_named(places, country, random):
    shuffled = random.sample(places, len(places))
    assert choose_node(places, country=country) == choose_node(shuffled, country=country)


def test_a_partner_takes_it_only_in_its_own_country_and_only_where_that_brings_more():
    ours = place("LEJ", freight="12", resale="20")
    assert chosen(ours, place("RIC", PARTNER, "US", "4", "15"), country="US") == "RIC"
    assert chosen(ours, place("RIC", PARTNER, "US", "4", "12"), country="US") == "LEJ"
    assert why("RIC", ours, place("RIC", PARTNER, "US", "4", "12"), country="US") == "no_better"
    assert why("RIC", ours, place("RIC", PARTNER, "US", "0", "90"), country="CA") == "abroad"


def test_a_store_takes_what_is_brought_to_it_and_nothing_by_parcel():
    store = place("BER", STORE, freight="0", resale="99")
    assert chosen(store, place("LEJ")) == "LEJ"
    assert chosen(store, place("LEJ"), in_store=True) == "BER"
    assert chosen(store, in_store=True, country="FR") == ""


def test_where_no_carrier_goes_nothing_is_sent():
    assert chosen(Place(code="OSL", kind=WAREHOUSE, country="NO", freight=None), country="DE") == ""
