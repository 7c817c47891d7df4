"""The list of returns, a return's page, and what a partner's people see of them."""

from decimal import Decimal

import pytest
from django.urls import reverse

from orders.actions.intake.refunding import record_refunds
from orders.channels.incoming import IncomingRefund
from orders.models import Order
from returns.actions.photographing import keep_photo
from returns.models import AbuseScore, Return, ReturnParcel, ReturnRule
from tests.make.photos import photo
from tests.make.return_nodes import partner_of, send_to
from tests.make.returns import ASKED, line_of, open_return, waiting_return
from tests.make.settled import come_back, receive
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser, said
from tests.make.statements import statements_made

pytestmark = pytest.mark.django_db

LIST = "/admin/returns/return/"


def page(found: Return) -> str:
    return reverse("admin:returns_return_change", args=[found.number])


def shown(client, **asked) -> list[str]:
    """The numbers of the rows, in the order of the page."""
    response = client.get(LIST, {"view": "all"} | asked, follow=True)
    assert response.status_code == 200
    return [row.number for row in response.context["cl"].result_list]


def test_a_tab_shows_what_waits_and_how_many():
    waiting = waiting_return()
    client = browser()

    response = client.get(LIST, {"view": "review"})

    assert [row.number for row in response.context["cl"].result_list] == [waiting.number]
    assert '<span class="count">1</span>' in response.content.decode()


def test_returns_stand_in_the_tab_of_where_they_are():
    found = open_return()
    client = browser()
    assert shown(client, view="awaited") == [found.number] and shown(client, view="inspect") == []

    receive(found)

    assert shown(client, view="awaited") == [] and shown(client, view="inspect") == [found.number]


@pytest.mark.parametrize("word", ["number", "order", "email", "sku", "tracking", "token"])
def test_a_return_is_found_by_what_people_have_at_hand(word):
    found = open_return()
    ReturnParcel.objects.filter(of=found).delete()
    ReturnParcel.objects.create(of=found, tracking_number="RR473124829DE", token="qr-token-1", announced_at=ASKED)
    named = {
        "number": found.number.lower(),
        "order": found.order.number,
        "email": "ada@example.com",
        "sku": line_of(found.order).sku,
        "tracking": "rr 473124829 de",
        "token": "qr-token-1",
    }

    assert shown(browser(), q=named[word], status="OPEN") == [found.number]
    assert shown(browser(), q="nobody-knows-it", status="OPEN") == []


def test_the_exact_number_opens_the_page_at_once():
    found = open_return()

    response = browser().get(LIST, {"q": found.number})

    assert response.status_code == 302 and response["Location"] == page(found)


def test_the_list_takes_the_same_statements_for_one_row_and_for_many():
    client = browser()
    open_return()
    client.get(LIST, {"view": "all"})
    with statements_made() as one:
        client.get(LIST, {"view": "all"})
    for _ in range(3):
        open_return()
    with statements_made() as many:
        client.get(LIST, {"view": "all"})

    assert len(many) == len(one)


def test_the_page_tells_the_story_with_items_decision_and_money():
    found = come_back(open_return())

    told = browser().get(page(found)).content.decode()

    for said_there in ("Too small", "Everything that the terms allow", "Given so far", "Inspected", "19.90"):
        assert said_there in told


def test_the_signals_of_a_score_are_shown_and_can_be_overturned():
    found = waiting_return()
    signal = {"signal": "velocity", "weight": 15, "points": 9, "evidence": {}, "sentence": "Nine returns in a month."}
    AbuseScore.objects.filter(of=found).update(points=45, effects=["review"], signals=[signal])
    client = browser()
    assert "Nine returns in a month." in client.get(page(found)).content.decode()

    client.post(f"{LIST}{found.number}/do/overturn/", {"because": "A shop that buys for its customers"})

    assert AbuseScore.objects.get(of=found).overturned_by == "staff:ada"
    assert "Overturned by" in client.get(page(found)).content.decode()


def test_many_are_approved_at_once_and_who_has_been_decided_on_is_left_out():
    waiting = [waiting_return(), open_after_rules()]
    ids = [found.pk for found in waiting]
    client = browser()
    asked = client.post(LIST, {"action": "approve_selected", "_selected_action": ids}, follow=True)
    assert "left out: it is open" in asked.content.decode()

    done = client.post(LIST, {"action": "approve_selected", "_selected_action": ids[:1], "answered": "1"})

    waiting[0].refresh_from_db()
    assert waiting[0].status == Return.Status.OPEN and said(done) == ["1 return approved."]


def open_after_rules() -> Return:
    ReturnRule.objects.filter(position=1).delete()
    return open_return()


def test_refusing_without_a_word_for_the_customer_asks_again_and_changes_nothing():
    found = waiting_return()
    client = browser()

    with nothing_changes():
        response = client.post(f"{LIST}{found.number}/do/refuse/", {"sentence": "", "explanation": " "})

    assert response.status_code == 422


def test_the_list_is_exported_as_it_is_narrowed_and_runs_no_formula():
    found = open_return()
    Return.objects.filter(pk=found.pk).update(number="=cmd|1")
    waiting_return()

    sent = browser().get(f"{LIST}csv/", {"view": "awaited"})

    rows = b"".join(sent.streaming_content).decode().splitlines()
    assert sent["Content-Type"].startswith("text/csv")
    assert rows[0].startswith("return,order,channel") and len(rows) == 2
    assert rows[1].startswith("'=cmd|1,")


def test_a_partner_sees_the_returns_of_their_place_and_no_others():
    mine, other = send_to(open_return(), "PAR"), send_to(open_return(), "LEJ")
    partner_of("PAR")
    client = browser("pia")

    assert shown(client) == [mine.number]
    assert client.get(page(mine)).status_code == 200
    assert client.get(page(other)).status_code == 404


def test_a_partner_sees_goods_and_neither_money_nor_scores():
    found = send_to(waiting_return(), "PAR")
    AbuseScore.objects.filter(of=found).update(points=45, effects=["review"])
    partner_of("PAR")
    client = browser("pia")

    told = client.get(page(found)).content.decode() + client.get(LIST, {"view": "all"}).content.decode()
    exported = b"".join(client.get(f"{LIST}csv/", {"view": "all"}).streaming_content).decode()

    assert "Too small" in told
    assert "19.90" not in told
    assert "19.90" not in exported
    assert "abuse" not in told.lower()
    assert "ada@example.com" not in told


def test_a_partner_reads_what_happened_to_the_goods_and_not_what_was_given():
    found = send_to(come_back(open_return()), "PAR")
    partner_of("PAR")

    told = browser("pia").get(page(found))

    assert "Inspected: " in told.content.decode() and "Given as" not in told.content.decode()
    assert "Given as refund: 19.90" in browser().get(page(found)).content.decode()


def test_a_photo_is_shown_to_whoever_sees_the_return_and_never_runs():
    found = send_to(open_return(), "LEJ")
    kept = keep_photo(content=photo(), number=found.number, by="customer", at=ASKED)
    address = reverse("admin:returns_return_photo", args=[found.number, kept.key])
    partner_of("PAR")

    sent = browser().get(address)

    assert sent["Content-Type"] == "image/jpeg" and sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Content-Disposition"] == "attachment" and "sandbox" in sent["Content-Security-Policy"]
    assert browser("pia").get(address).status_code == 404


def test_whoever_may_not_see_returns_is_told_so():
    found = open_return()
    client = browser("noor", role="")

    assert client.get(page(found)).status_code == 403
    assert client.get(f"{LIST}review/").status_code == 403
    assert client.get(f"{LIST}receive/").status_code == 403


def test_where_the_order_has_less_left_staff_agree_on_less():
    found, client = receive(open_return()), browser()
    assert "Agree on less" not in client.get(page(found)).content.decode()
    back = IncomingRefund(external_id="r-1", amount=Decimal("1.00"), refunded_at=ASKED)
    record_refunds(Order.objects.locked(found.order.number), [back], by="ada", at=ASKED)
    assert "Agree on less" in client.get(page(found)).content.decode()

    answer = client.post(f"{LIST}{found.number}/do/reappraise/", {"because": "Given back for the delay"})

    assert said(answer) == [f"1.00 EUR less will be given for {found.number}."]
    assert found.items.get().value == Decimal("18.90")
