"""Labels that are bought: of the house, of EasyPost, and of whoever is left when one of them will not."""

from datetime import timedelta
from decimal import Decimal

import pytest

from orders.actions.shipping.buying import lease_next
from orders.actions.shipping.labelling import replace_label, void_label
from orders.models import CarrierAccount, CarrierService, HouseSerial, Label, LabelDocument
from orders.policies.shipping.s10 import read_country
from tests.fakes.easypost_rules import LABEL
from tests.fakes.easypost_server import DOWN, TOO_MANY
from tests.fakes.serving import LOST
from tests.make.carriers import LATER, SOON, bought, easypost, house, look, offer, to_send, want, wanted, work
from tests.make.moments import ADA, NOON, ONE_HOUR, ONE_MINUTE
from tests.make.snapshots import announced, facts_of
from tests.make.statements import statements_made

__all__ = ["easypost"]

pytestmark = pytest.mark.django_db


def told(label):
    return announced(label.fulfillment.order.number)


def test_a_house_label_has_a_number_of_its_own_a_picture_and_an_event():
    house()
    label = bought()
    assert read_country(label.tracking_number) == "DE"
    assert label.tracking_number.startswith("CP")
    assert (label.cost, label.bought_at, label.leased_until) == (Decimal("4.90"), SOON, None)
    document = LabelDocument.objects.get()
    assert (bytes(document.content)[:5], document.media_type) == (b"%PDF-", "application/pdf")
    assert told(label)[-1] == "label.bought"
    assert facts_of("label.bought") == {
        "fulfillment": label.fulfillment.number,
        "warehouse": "LEJ",
        "label": label.pk,
        "carrier": "house",
        "service": "Cp",
        "tracking_number": label.tracking_number,
        "cost": "4.90",
        "currency": "EUR",
    }


def test_serials_are_counted_for_each_service_and_country_and_never_given_out_twice():
    house()
    numbers = [bought().tracking_number for _ in range(3)]
    assert len(set(numbers)) == 3
    assert [int(number[2:10]) for number in numbers] == [1, 2, 3]
    assert HouseSerial.objects.values_list("indicator", "country", "last").get() == ("CP", "DE", 3)


def test_twenty_house_labels_are_bought_by_as_many_statements_as_two():
    house()
    counts = []
    for many in (2, 20):
        want(*[to_send() for _ in range(many)])
        with statements_made() as made:
            work(limit=many)
        counts.append(len(made))
    assert counts[0] == counts[1]


def test_a_house_label_that_cannot_be_drawn_does_not_stop_the_others():
    house()
    fine, broken = wanted(), wanted()
    Label.objects.filter(pk=broken.pk).update(ship_to={"planet": "Mars"})
    work()
    assert look(fine).state == "BOUGHT"
    assert (look(broken).state, look(broken).leased_until) == ("WANTED", None)
    assert look(broken).last_error == "It could not be drawn (TypeError)."
    assert look(broken).run_after > SOON


def test_a_service_of_the_house_that_lost_its_indicator_gives_way_to_the_next():
    house(CP="4.90", RR="6.90")
    label = wanted()
    CarrierService.objects.filter(code="CP").update(indicator="")
    work()
    label = look(label)
    assert (label.service, label.state) == ("RR", "BOUGHT")
    assert {each["service"]: each["why_not"] for each in label.rates} == {"RR": "", "CP": "refused"}


def test_easypost_is_asked_for_prices_and_the_choice_is_kept(easypost):
    label = wanted()
    assert label.account is None
    assert work() > 0
    label = look(label)
    assert (label.state, label.cost, label.currency) == ("BOUGHT", Decimal("6.07"), "USD")
    assert [(each["service"], each["why_not"]) for each in label.rates] == [
        ("USPS/GroundAdvantage", ""),
        ("USPS/Priority", "dearer"),
        ("USPS/Express", "dearer"),
    ]
    assert bytes(label.document.content) == LABEL
    assert easypost.account.paid == {label.reference: 1}


def test_only_listed_services_of_an_account_are_used(easypost):
    account = CarrierAccount.objects.get()
    CarrierService.objects.create(account=account, code="USPS/Priority", name="Priority Mail")
    CarrierService.objects.create(account=account, code="USPS/Express", name="Express", active=False)
    label = bought()
    assert [(each["service"], each["name"]) for each in label.rates] == [("USPS/Priority", "Priority Mail")]


def test_a_carrier_that_will_not_sell_gives_way_to_the_next_best(easypost):
    easypost.account.unsellable = "GroundAdvantage"
    label = bought()
    assert label.service == "USPS/Priority"
    assert {each["service"]: each["why_not"] for each in label.rates}["USPS/GroundAdvantage"] == "refused"
    assert sum(easypost.account.paid.values()) == 1
    assert told(label).count("label.failed") == 0


def test_when_nobody_sells_a_person_is_told_once(easypost):
    account = CarrierAccount.objects.get()
    CarrierService.objects.create(account=account, code="USPS/Priority", name="Priority Mail")
    easypost.account.unsellable = "Priority"
    label = wanted()
    work(), work(at=LATER)
    assert look(label).state == "REFUSED"
    assert "destination is not served" in look(label).last_error
    assert told(label).count("label.failed") == 1
    assert easypost.account.paid == {}


def test_a_lost_answer_is_asked_about_and_not_paid_again(easypost):
    label = wanted()
    easypost.have_trouble(None, None, None, LOST)
    work()
    assert (look(label).state, look(label).doubtful) == ("WANTED", True)
    work(at=SOON + ONE_HOUR)
    assert look(label).state == "BOUGHT"
    assert easypost.account.paid == {look(label).reference: 1}
    assert told(label).count("label.bought") == 1


def test_a_carrier_that_is_down_rests_and_is_asked_again(easypost):
    label = wanted()
    easypost.have_trouble(*[DOWN] * 3)
    work()
    assert look(label).state == "WANTED"
    assert look(label).last_error.startswith("EasyPost did not answer")
    assert work(at=SOON + timedelta(seconds=1)) == 0
    for hour in range(1, 5):
        work(at=SOON + hour * ONE_HOUR)
    assert look(label).state == "BOUGHT"


def test_being_told_to_slow_down_is_waited_for_and_counts_as_no_failure(easypost):
    label = wanted()
    easypost.have_trouble(TOO_MANY)
    work()
    assert look(label).attempts == 0
    assert look(label).run_after >= SOON + timedelta(seconds=7)


def test_while_a_carrier_is_silent_another_with_a_table_takes_the_parcel(easypost):
    account = house(CP="4.90")
    easypost.have_trouble(*[DOWN] * 20)
    label = wanted()
    work()
    label = look(label)
    assert (label.state, label.account) == ("BOUGHT", account)
    assert {each["account"]: each["why_not"] for each in label.rates} == {"house": "", "ep": "silent"}
    assert easypost.account.paid == {}


def test_a_carrier_with_a_table_that_keeps_silent_is_given_up_after_a_while(easypost):
    ep = CarrierAccount.objects.get()
    offer(ep, "USPS/Priority", "1.00", indicator="", express=False)
    account = house(CP="4.90")
    label = wanted()
    assert (label.account, label.service) == (ep, "USPS/Priority")
    easypost.have_trouble(*[DOWN] * 20)
    for hour in range(5):
        work(at=SOON + hour * ONE_HOUR)
    assert (look(label).state, look(label).account) == ("BOUGHT", account)


def test_an_account_that_was_switched_off_gives_way(easypost):
    ep = CarrierAccount.objects.get()
    offer(ep, "USPS/Priority", "1.00", indicator="", express=False)
    account = house(CP="4.90")
    label = wanted()
    CarrierAccount.objects.filter(pk=ep.pk).update(active=False)
    work()
    assert (look(label).state, look(label).account) == ("BOUGHT", account)


def test_a_lease_is_somebodys_alone_until_it_runs_out(easypost):
    label = wanted()
    assert lease_next(at=SOON).pk == label.pk
    assert lease_next(at=SOON) is None
    assert lease_next(at=SOON + 6 * ONE_MINUTE).lease == 2


def test_a_label_given_up_while_it_is_bought_is_bought_and_given_back(easypost):
    label = wanted()
    easypost.have_trouble(None, None, None, LOST)
    work()
    void_label(label_id=label.pk, reason="Cancelled", by=ADA, at=SOON)
    easypost.account.takes_back = "refunded"
    work(at=LATER), work(at=LATER + ONE_HOUR)
    label = look(label)
    assert (label.state, bool(label.tracking_number)) == ("VOIDED", True)
    assert "label.bought" not in told(label)
    assert sum(easypost.account.paid.values()) == 1


def test_a_doubtful_label_that_was_never_bought_is_withdrawn(easypost):
    label = wanted()
    easypost.have_trouble(None, None, None, DOWN)
    work()
    assert look(label).doubtful
    void_label(label_id=label.pk, reason="Cancelled", by=ADA, at=SOON)
    work(at=LATER)
    assert (look(label).state, easypost.account.paid) == ("WITHDRAWN", {})


def test_a_refund_that_takes_its_time_is_asked_about_again(easypost):
    label = bought()
    void_label(label_id=label.pk, reason="", by=ADA, at=LATER)
    work(at=LATER)
    assert look(label).state == "VOIDING"
    easypost.account.shipments[label.reference]["refund_status"] = "refunded"
    work(at=LATER + 7 * ONE_HOUR)
    assert look(label).state == "VOIDED"


def test_a_label_that_is_not_taken_back_holds_again_or_is_lost_money_if_replaced(easypost):
    easypost.account.takes_back = "rejected"
    kept, replaced = bought(), bought()
    void_label(label_id=kept.pk, reason="", by=ADA, at=LATER)
    replace_label(label_id=replaced.pk, reason="", by=ADA, at=LATER)
    work(at=LATER)
    assert (look(kept).state, look(replaced).state) == ("BOUGHT", "UNRETURNED")
    assert told(kept)[-1] == "label.failed"
    assert replaced.fulfillment.labels.latest("id").state == "BOUGHT"


def test_nothing_is_due_before_its_moment():
    house()
    wanted()
    assert work(at=NOON - ONE_MINUTE) == 0
