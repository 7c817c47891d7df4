"""Scores of abuse on real returns: what is read, what is written, and what a person can overturn."""

from datetime import UTC, datetime, timedelta

import pytest

from oms.actions.delivering import deliver_deliveries
from oms.errors import Invalid
from oms.models import Message
from orders.models import OrderLine
from returns.actions.asking import PHOTO_ASKED, ask_for_photo
from returns.actions.judging import count_peers, foresee_abuse, judge_return_abuse
from returns.actions.overturning import overturn_score
from returns.errors import ReturnNotOpen
from returns.models import AbuseScore, PeerShare, Return, ReturnItem
from returns.queries.abuse_facts import Asked, read_abuse_facts
from tests.make.moments import ADA, NOON, ONE_DAY
from tests.make.orders import BERLIN
from tests.make.returns import ASKED, ask_return, delivered_order, item, line_of, open_return, told, waiting_return
from tests.make.snapshots import facts_of, nothing_changes
from tests.make.statements import statements_made

pytestmark = pytest.mark.django_db


def known(return_: Return, at=ASKED):
    (found,) = read_abuse_facts([Asked(return_.order_id, at, return_.pk)])
    return found.facts


def suspicious(points: int = 45, *effects: str) -> Return:
    found = waiting_return()
    AbuseScore.objects.filter(of=found).update(points=points, effects=list(effects or ["no_advance", "review"]))
    return found


def test_a_first_return_has_a_score_of_nothing():
    score = open_return().abuse_score

    assert (score.points, score.signals, score.effects) == (0, [], [])


def test_what_was_sent_back_before_is_held_against_what_was_bought():
    order = delivered_order()
    earlier = open_return(order)
    facts = known(ask_return(delivered_order(), at=ASKED + ONE_DAY), at=ASKED + ONE_DAY)

    (share,) = facts.shares
    assert (share.bought, share.returned) == (2, 1)
    assert facts.lately == 1 and earlier.items.count() == 1


def test_goods_that_were_our_fault_count_for_nobody():
    order = delivered_order()
    open_return(order, item(line_of(order), reason="not-as-described", comment="It is blue."))

    (share,) = known(ask_return(delivered_order(), at=ASKED + ONE_DAY), at=ASKED + ONE_DAY).shares
    assert share.returned == 0


def test_a_declined_return_is_not_counted():
    order = delivered_order()
    Return.objects.filter(pk=open_return(order).pk).update(status="CANCELED", ended_at=ASKED)

    facts = known(ask_return(delivered_order(), at=ASKED + ONE_DAY), at=ASKED + ONE_DAY)
    assert facts.lately == 0 and facts.shares[0].returned == 0


def test_worn_goods_tell_how_long_they_were_kept():
    earlier = open_return(delivered_order(delivered_at=ASKED - 4 * ONE_DAY), at=ASKED)
    earlier.items.update(reception=ReturnItem.Reception.RECEIVED, grade="C")

    facts = known(ask_return(delivered_order(), at=ASKED + ONE_DAY), at=ASKED + ONE_DAY)
    assert facts.worn_days == (4,)


def test_an_empty_box_and_a_refuted_claim_are_remembered():
    for disposition, acceptance in (("MISSING", "REJECTED"), ("", "REJECTED")):
        earlier = open_return()
        earlier.items.update(reception="RECEIVED", disposition=disposition, acceptance=acceptance)

    facts = known(ask_return(delivered_order(), at=ASKED + ONE_DAY), at=ASKED + ONE_DAY)
    assert (facts.empty_boxes, facts.refuted) == (1, 1)


def test_other_customers_at_the_same_address_are_seen_however_they_typed_it():
    for name in ("bea", "cem", "dag"):
        address = BERLIN | {"line1": "TORSTR 1", "postal_code": "10 119"}
        order = delivered_order(customer={"email": f"{name}@example.com", "name": name}, shipping_address=address)
        open_return(order)

    facts = known(ask_return(delivered_order(), at=ASKED + ONE_DAY), at=ASKED + ONE_DAY)
    assert facts.same_address == 3


def test_a_parcel_shop_that_many_share_is_no_evidence(monkeypatch):
    monkeypatch.setattr("returns.queries.abuse_facts.MOST_SHARERS", 1)
    for name in ("bea", "cem"):
        open_return(delivered_order(customer={"email": f"{name}@example.com", "name": name}))

    assert known(ask_return(delivered_order(), at=ASKED + ONE_DAY), at=ASKED + ONE_DAY).same_address == 0


def test_judging_takes_three_statements_whatever_the_number_of_returns():
    first = [open_return() for _ in range(2)]
    with statements_made() as few:
        judge_return_abuse(first[0], ASKED)
    many = [open_return() for _ in range(4)]
    with statements_made() as more:
        read_abuse_facts([Asked(each.order_id, ASKED, each.pk) for each in many])

    assert len(few) == 3 and len(more) == 2


def test_peers_are_counted_by_category_and_tier_once_their_goods_had_time_to_come_back():
    order = delivered_order(at=NOON - 60 * ONE_DAY)
    OrderLine.objects.filter(order=order).update(returned_quantity=1)
    delivered_order()

    assert count_peers(at=NOON) == 1
    row = PeerShare.objects.get()
    assert (row.bought, row.returned, row.tier) == (1, 1, "")
    assert count_peers(at=NOON + 500 * ONE_DAY) == 0 and not PeerShare.objects.exists()


def test_a_score_can_be_foreseen_and_leaves_nothing_behind():
    order = delivered_order()

    with nothing_changes():
        score, effects = foresee_abuse(order, at=ASKED)

    assert (score.points, effects) == (0, ())


def test_a_fee_stands_only_where_it_is_allowed_and_never_against_a_withdrawal(settings):
    settings.ABUSE_FEE_POINTS = settings.ABUSE_REVIEW_POINTS = 0
    found = waiting_return()

    assert "fee" not in judge_return_abuse(found, ASKED).effects
    assert "fee" in judge_return_abuse(found, ASKED, fee_allowed=True).effects
    found.kind = Return.Kind.WITHDRAWAL
    assert judge_return_abuse(found, ASKED, fee_allowed=True).effects == ["review"]


def test_whoever_is_suspected_waits_for_a_person_and_is_not_declined(settings):
    settings.ABUSE_REVIEW_POINTS = 0

    found = ask_return(delivered_order())

    assert found.status == Return.Status.REQUESTED
    assert found.decision["verdict"] == "REVIEW"


def test_overturning_a_score_ends_its_effects_keeps_its_evidence_and_is_told():
    found = suspicious(45)

    score = overturn_score(number=found.number, because="They moved house.", by=ADA, at=ASKED)

    assert score.effects_now == [] and score.points == 45
    assert (score.overturned_by, score.overturned_because) == (ADA, "They moved house.")
    assert told(found)[-1] == "return.score_overturned"
    assert facts_of("return.score_overturned")["because"] == "They moved house."


def test_overturning_twice_says_it_once():
    found = suspicious()
    overturn_score(number=found.number, because="A mistake", by=ADA, at=ASKED)

    with nothing_changes():
        overturn_score(number=found.number, because="Another word", by=ADA, at=ASKED + timedelta(hours=1))


def test_a_score_that_was_judged_anew_stays_overturned():
    found = suspicious()
    overturn_score(number=found.number, because="A mistake", by=ADA, at=ASKED)

    judge_return_abuse(found, ASKED)

    assert AbuseScore.objects.get(of=found).overturned_because == "A mistake"


def test_overturning_without_a_reason_is_refused_and_changes_nothing():
    found = suspicious()

    with nothing_changes(), pytest.raises(Invalid):
        overturn_score(number=found.number, because=" ", by=ADA, at=ASKED)


def test_asking_for_a_photo_tells_the_customer_and_leaves_the_decision_open():
    found = waiting_return()

    ask_for_photo(number=found.number, show="FAULT", detail="The seam.", by=ADA, at=ASKED)

    found.refresh_from_db()
    assert found.tags == [PHOTO_ASKED] and found.status == Return.Status.REQUESTED
    assert facts_of("return.photo_asked") == {"order": found.order.number, "show": "FAULT", "detail": "The seam."}


def test_asking_for_a_photo_of_an_approved_return_is_refused_and_changes_nothing():
    found = open_return()

    with nothing_changes(), pytest.raises(ReturnNotOpen):
        ask_for_photo(number=found.number, show="FAULT", detail="The seam.", by=ADA, at=ASKED)


def test_a_customer_without_an_account_is_judged_by_this_order_alone():
    order = delivered_order()
    order.customer = None
    order.save(update_fields=["customer"])

    assert known(ask_return(order)).shares == ()


def test_the_mail_that_asks_for_a_photo_says_what_to_show_in_the_customers_language():
    order = delivered_order(customer={"email": "wei@example.com", "name": "Wei", "locale": "zh-hans"})
    found = waiting_return(order)
    ask_for_photo(number=found.number, show="LABEL", detail="Please hurry.", by=ADA, at=ASKED)

    deliver_deliveries(at=datetime.now(UTC))

    mail = Message.objects.get(kind="return_photo_asked")
    assert found.number in mail.subject and "货号" in mail.text and "Please hurry." in mail.text


def test_asking_for_a_photo_of_nothing_is_refused_and_changes_nothing():
    found = waiting_return()

    with nothing_changes(), pytest.raises(Invalid):
        ask_for_photo(number=found.number, show="THE MOON", by=ADA, at=ASKED)
