"""A parcel that has left is to go elsewhere."""

from datetime import timedelta

import pytest

from oms.errors import Invalid
from oms.models import EventRecord
from orders.absences import ShipmentNotFound
from orders.actions.shipping.intercepting import answer_intercept, ask_intercept
from orders.actions.shipping.tracking import Report, record_report
from orders.errors import InterceptAnswered, InterceptImpossible
from orders.models import Address, Intercept, Shipment
from orders.queries.exceptions.parcels import find_intercepts
from tests.make.fulfillments import LATER, fulfillment, ship
from tests.make.moments import ADA
from tests.races.together import errors_of, run_together

pytestmark = pytest.mark.django_db

NEW = {"name": "Ada", "line1": "Lindenallee 5", "postal_code": "10115", "city": "Berlin", "country": "DE"}


def ask(parcel: Shipment, **changed: str) -> Intercept:
    return ask_intercept(number=parcel.number, address=NEW | changed, by=ADA, at=LATER)


def answer(asked: Intercept, *, done: bool = True, note: str = "") -> Intercept:
    return answer_intercept(intercept_id=asked.pk, done=done, note=note, by=ADA, at=LATER)


def sent() -> Shipment:
    return ship(fulfillment().number)


def said() -> list[str]:
    return list(EventRecord.objects.filter(type__contains="intercept").order_by("id").values_list("type", flat=True))


def moved(parcel: Shipment, status: str) -> Shipment:
    report = Report(shipment=parcel.number, status=status, at=LATER + timedelta(hours=1))
    record_report(report, by=ADA, at=LATER + timedelta(hours=1))
    return Shipment.objects.get(pk=parcel.pk)


def nothing_came_of_it(addresses: int) -> bool:
    return (Intercept.objects.count(), said(), Address.objects.count()) == (0, [], addresses)


def test_a_parcel_on_its_way_is_asked_about_once():
    parcel = sent()

    first, again = ask(parcel), ask(parcel)

    assert (first.pk, first.state, str(first.address)) == (again.pk, "ASKED", "Ada, Lindenallee 5, 10115 Berlin, DE")
    assert said() == ["shipment.intercept_asked"]
    assert [each.pk for each in find_intercepts(LATER)] == [first.pk]


def test_a_newer_address_takes_the_place_of_the_older_as_long_as_nobody_has_answered():
    parcel = sent()

    first, newer = ask(parcel), ask(parcel, line1="Lindenallee 7")

    assert first.pk == newer.pk
    assert Intercept.objects.get().address.line1 == "Lindenallee 7"
    assert said() == ["shipment.intercept_asked"] * 2


@pytest.mark.parametrize("status", ["OUT_FOR_DELIVERY", "READY_FOR_PICKUP", "DELIVERED", "RETURNED"])
def test_a_parcel_that_nobody_can_turn_round_is_left_alone(status: str):
    parcel = moved(sent(), status)
    before = Address.objects.count()

    with pytest.raises(InterceptImpossible) as refusal:
        ask(parcel)

    assert refusal.value.facts == {"reason": "too_late"}
    assert nothing_came_of_it(before)


def test_to_another_country_its_papers_would_be_wrong():
    parcel, before = sent(), Address.objects.count()

    with pytest.raises(InterceptImpossible) as refusal:
        ask(parcel, country="FR")

    assert refusal.value.facts == {"reason": "another_country"}
    assert nothing_came_of_it(before)


def test_where_the_shop_wants_none_nothing_is_asked(settings):
    settings.INTERCEPTS = False
    parcel, before = sent(), Address.objects.count()

    with pytest.raises(InterceptImpossible):
        ask(parcel)

    assert nothing_came_of_it(before)


def test_an_address_that_is_none_is_pointed_out():
    parcel, before = sent(), Address.objects.count()

    with pytest.raises(Invalid) as refusal:
        ask(parcel, postal_code="ABC")

    assert [error.pointer for error in refusal.value.errors] == ["/address/postal_code"]
    assert nothing_came_of_it(before)


def test_a_parcel_that_is_not_there_is_not_found():
    with pytest.raises(ShipmentNotFound):
        ask_intercept(number="nothing-P1", address=NEW, by=ADA, at=LATER)


def test_what_the_carrier_said_is_written_down_once_and_ends_the_task():
    asked = ask(sent())

    done = answer(asked, note="DHL 4711"), answer(asked)

    assert [(each.state, each.note, each.answered_by) for each in done[:1]] == [("DONE", "DHL 4711", ADA)]
    assert said() == ["shipment.intercept_asked", "shipment.intercept_answered"]
    assert not find_intercepts(LATER).exists()
    with pytest.raises(InterceptAnswered):
        answer(asked, done=False)
    assert Intercept.objects.get().state == "DONE"


def test_a_parcel_that_has_arrived_is_nobodys_task_any_more():
    parcel = sent()
    ask(parcel)

    moved(parcel, "DELIVERED")

    assert not find_intercepts(LATER).exists()


@pytest.mark.django_db(transaction=True)
def test_yes_and_no_at_once_leave_one_of_them():
    asked = ask(sent())

    outcomes = run_together(lambda: answer(asked), lambda: answer(asked, done=False))

    (refused,) = errors_of(outcomes)
    assert isinstance(refused, InterceptAnswered)
    assert said().count("shipment.intercept_answered") == 1
