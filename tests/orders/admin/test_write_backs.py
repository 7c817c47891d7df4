from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from orders.admin.timeline_systems import say_acknowledged, say_given_up
from orders.admin.write_back_panels import show_overdue_write_backs, show_write_backs
from orders.events import ShipmentSent
from orders.models import WriteBack, WriteBackTarget
from orders.reactions.write_back import tell_shipments
from tests.fakes.serving import BROKEN
from tests.fakes.shopify_server import ShopifyServer
from tests.fakes.shopify_shop import Line
from tests.make.admin import NOW, table_rows, text_of
from tests.make.connected_parcels import send_parcel, sold_order
from tests.make.moments import ADA, NOON
from tests.make.orders import channel, placed_order
from tests.make.staff import browser, said
from tests.make.write_backs import queued, state_of, target

LIST, TARGETS = "/admin/orders/writeback/", "/admin/orders/writebacktarget/"

pytestmark = pytest.mark.django_db

State = WriteBack.State


@pytest.fixture(autouse=True)
def reachable(settings) -> None:
    settings.CALL_PRIVATE_ADDRESSES = True


@pytest.fixture
def shopify() -> Iterator[ShopifyServer]:
    with ShopifyServer() as server:
        lines = [Line(1, "TEE-M-BLK", "Tee", 1, 1, Decimal("19.90"))]
        server.shop.add_order(1001, lines, email="old@example.com", address={"lastName": "Meier", "city": "Berlin"})
        yield server


def message(state: str = State.WAITING, **fields) -> WriteBack:
    order = placed_order()
    there = WriteBackTarget.objects.first() or target("PARTNER", "https://erp.example/hook", name="The ERP")
    (made,) = queued(order)
    acknowledged_at = NOON if state == State.ACKNOWLEDGED else None
    WriteBack.objects.filter(id=made.pk).update(state=state, acknowledged_at=acknowledged_at, **fields)
    assert made.target == there
    made.refresh_from_db()
    return made


def test_the_list_counts_each_state_on_top_and_opens_with_what_waits():
    waiting = message()
    message(State.ACKNOWLEDGED), message(State.MISMATCHED), message(State.FAILED)

    response = browser().get(LIST)

    figures = {figure.title: figure.value for figure in response.context["cl"].figures}
    assert figures == {"Waiting": "1", "Mismatched": "1", "Failed": "1", "Acknowledged": "1"}
    assert table_rows(response) == [waiting]


def test_the_list_never_reads_the_messages_bodies(django_assert_max_num_queries):
    message(), message()
    client = browser()
    client.get(LIST)

    with django_assert_max_num_queries(25) as queries:
        client.get(LIST)

    assert not any('"orders_writeback"."body"' in query["sql"] for query in queries)


def test_the_list_is_narrowed_by_view_system_change_and_order():
    late, failed = message(alerted_at=NOON), message(State.FAILED)
    client = browser()

    assert table_rows(client.get(LIST, {"view": "overdue"})) == [late]
    assert table_rows(client.get(LIST, {"view": "all", "target": late.target_id, "kind": "CANCEL"})) == []
    assert table_rows(client.get(LIST, {"view": "all", "q": failed.order.number})) == [failed]


def test_without_messages_nothing_waits():
    assert "Nothing waits. Every system knows of every change." in text_of(browser().get(LIST))


def test_the_page_says_what_went_wrong_and_what_it_says():
    failed = message(State.FAILED, last_error="We have sent it <already>.")

    response = browser().get(f"{LIST}{failed.pk}/change/")

    assert "We have sent it <already>." in text_of(response)
    assert "<already>" not in response.content.decode()
    assert "order.edited" in text_of(response)


def test_sending_again_what_was_given_up_queues_a_new_message():
    failed = message(State.FAILED)
    client, page = browser(), f"{LIST}{failed.pk}/again/"
    assert "A new message is queued" in text_of(client.get(page))

    response = client.post(page)

    fresh = WriteBack.objects.latest("id")
    assert said(response) == [f"On its way to The ERP as message {fresh.pk}."]
    assert (state_of(failed), fresh.state) == (State.SUPERSEDED, State.WAITING)


def test_dismissing_needs_a_note():
    failed = message(State.FAILED)
    client, page = browser(), f"{LIST}{failed.pk}/dismiss/"

    assert client.post(page).status_code == 422
    assert state_of(failed) == State.FAILED
    client.post(page, {"note": "Told by telephone"})

    assert (state_of(failed), failed.note, failed.settled_by) == (State.DISMISSED, "Told by telephone", "staff:ada")


def test_comparing_shows_both_sides_and_where_they_differ(shopify):
    target("SHOPIFY", shopify.url, channel(), name="Shopify")
    order = placed_order(external_id="1001")
    (waiting,) = queued(order)

    response = browser().post(f"{LIST}{waiting.pk}/compare/")

    sides = {side.title: (side.ours, side.theirs, side.differs) for side in response.context["sides"]}
    assert sides["TEE-M-BLK"] == ("1", "1", False)
    assert sides["E-mail"] == ("ada@example.com", "old@example.com", True)
    assert sides["City"] == ("Berlin", "Berlin", False)
    assert sides["Total"] == ("19.90 EUR", "19.90 EUR", False)
    assert "differences" in text_of(response)


def test_comparing_is_a_button_not_an_address_and_a_broken_channel_says_so(shopify):
    target("SHOPIFY", shopify.url, channel(), name="Shopify")
    (waiting,) = queued(placed_order(external_id="1001"))
    client, page = browser(), f"{LIST}{waiting.pk}/compare/"
    assert client.get(page).status_code == 405
    shopify.have_trouble(BROKEN)

    response = client.post(page)

    assert said(response) == ["Shopify: It answered 500."]


def test_readers_may_look_but_not_settle():
    waiting = message()
    client = browser(role="support")

    assert client.get(f"{LIST}{waiting.pk}/change/").status_code == 200
    for verb in ("again", "dismiss", "compare"):
        assert client.post(f"{LIST}{waiting.pk}/{verb}/", {"note": "x"}).status_code == 403
    assert browser("bob", role="warehouse").get(LIST).status_code == 403
    assert state_of(waiting) == State.WAITING


def test_there_is_no_page_of_a_message_that_does_not_exist():
    assert browser().get(f"{LIST}99/change/").status_code == 404
    assert browser("bob").get(f"{LIST}nonsense/change/").status_code == 404


def test_the_order_page_names_the_systems_and_the_dashboard_what_is_late(rf):
    failed = message(State.FAILED, last_error="No", alerted_at=NOON)
    request = rf.get("/")
    request.user = browser().get(LIST).wsgi_request.user

    assert "The ERP" in show_write_backs(request, failed.order)
    assert show_write_backs(request, placed_order()) == ""
    assert ">1<" in show_overdue_write_backs(request, None)


def body(**changes) -> dict:
    fields = {"code": "erp", "name": "The ERP", "kind": "PARTNER", "url": "https://erp.example/hook", "channel": ""}
    return fields | {"acknowledge_within": "15", "active": "on", "new_key": "", "new_secret": "whsec_x"} | changes


def test_a_system_is_added_with_credentials_that_nobody_reads_again():
    client = browser()

    client.post(f"{TARGETS}add/", body())

    made = WriteBackTarget.objects.get()
    assert made.secret == "whsec_x"
    assert b"whsec_x" not in client.get(f"{TARGETS}{made.pk}/change/").content
    client.post(f"{TARGETS}{made.pk}/change/", body(name="ERP 2", new_secret=""))
    made.refresh_from_db()
    assert (made.name, made.secret) == ("ERP 2", "whsec_x")


@pytest.mark.parametrize(
    "wrong",
    [
        {"new_secret": ""},
        {"url": "ftp://erp.example"},
        {"kind": "SHOPIFY", "new_key": "", "channel": "web"},
        {"kind": "SHOPIFY", "new_key": "shpat_1"},
    ],
)
def test_a_system_that_could_not_work_is_not_added(wrong):
    made = channel()
    wrong = wrong | ({"channel": made.pk} if wrong.get("channel") else {})

    assert browser().post(f"{TARGETS}add/", body(**wrong)).status_code == 200

    assert not WriteBackTarget.objects.exists()


def test_plain_http_is_refused_outside_of_development(settings):
    settings.CALL_PRIVATE_ADDRESSES = False

    response = browser().post(f"{TARGETS}add/", body(url="http://erp.example/"))

    assert "Only https addresses are called." in text_of(response)
    assert not WriteBackTarget.objects.exists()


def test_trying_a_connection_says_who_answers(shopify):
    there = target("SHOPIFY", shopify.url, channel())
    client, page = browser(), f"{TARGETS}{there.pk}/try/"

    assert said(client.post(page)) == ["Morrow & Flax answers."]
    shopify.have_trouble(BROKEN)
    assert said(client.post(page))[-1] == "Shopify: It answered 500."


def test_a_system_that_rests_says_until_when():
    target("PARTNER", "https://erp.example/hook", paused_until=NOW.replace(minute=20))

    assert "rests in 10 min" in text_of(browser().get(TARGETS))


def test_an_address_that_holds_a_password_is_refused_for_addresses_are_read_by_all():
    response = browser().post(f"{TARGETS}add/", body(url="https://erp:open-sesame@erp.example/"))
    assert "do not belong in the address" in text_of(response)
    assert not WriteBackTarget.objects.exists()


def acknowledged_after(*seconds: float) -> None:
    for each in seconds:
        made = message(State.ACKNOWLEDGED)
        WriteBack.objects.filter(pk=made.pk).update(acknowledged_at=made.made_at + timedelta(seconds=each))


def test_the_list_shows_how_long_each_system_takes_to_acknowledge():
    acknowledged_after(0.4, 0.4, 0.8, 30)

    response = browser().get(LIST)

    (figure,) = response.context["cl"].lags
    assert (figure.title, figure.value, figure.tone) == ("The ERP", "0.6 s", "warm")
    assert figure.note == "half of the last 4 by then; 95 % within 26 s"
    assert "half of the last 4" in text_of(response)


def test_the_systems_show_it_too_with_one_statement_for_all(django_assert_max_num_queries):
    acknowledged_after(0.4)
    target("PARTNER", "https://wms.example/hook", code="wms", name="The WMS")
    staff = browser()

    response = staff.get(TARGETS)

    assert "0.4 s · 95 % 0.4 s" in text_of(response)
    assert [row.lag is None for row in table_rows(response)] == [False, True]


def test_amazon_is_asked_for_what_it_needs_besides():
    staff = browser()
    given = {"code": "amazon", "name": "Amazon", "kind": "AMAZON", "channel": channel().pk, "acknowledge_within": 15}
    given |= {"url": "https://sellingpartnerapi-eu.amazon.com", "new_key": "Atzr|1", "new_secret": "s", "active": "on"}

    refused = staff.post(f"{TARGETS}add/", given)
    staff.post(f"{TARGETS}add/", given | {"account": "amzn1.app", "marketplace": "A1PA6795UKMFR9"})

    assert text_of(refused).count("Amazon wants to know this as well.") == 2
    made = WriteBackTarget.objects.get()
    assert (made.kind, made.account, made.key) == ("AMAZON", "amzn1.app", "Atzr|1")


def test_amazon_is_told_of_stock_only_where_the_seller_is_named():
    staff = browser()
    given = {"code": "amazon", "name": "Amazon", "kind": "AMAZON", "channel": channel().pk, "acknowledge_within": 15}
    given |= {"url": "https://sellingpartnerapi-eu.amazon.com", "new_key": "Atzr|1", "new_secret": "s", "active": "on"}
    given |= {"account": "amzn1.app", "marketplace": "A1PA6795UKMFR9", "tells_stock": "on"}

    refused = staff.post(f"{TARGETS}add/", given)
    staff.post(f"{TARGETS}add/", given | {"seller": "A2SELLER"})

    assert text_of(refused).count("Amazon wants to know this as well.") == 1
    assert WriteBackTarget.objects.values_list("seller", "tells_stock").get() == ("A2SELLER", True)


def test_a_parcel_that_was_given_up_is_sent_again_but_not_compared():
    shipment = send_parcel(sold_order())
    target("SHOPIFY", "https://shop.example", channel())
    news = ShipmentSent(subject=shipment.fulfillment.order.number, by=ADA, at=NOON, facts={"shipment": shipment.number})
    tell_shipments([news])
    made = WriteBack.objects.get()
    WriteBack.objects.update(state=State.FAILED)
    staff = browser()

    page = text_of(staff.get(f"{LIST}{made.pk}/change/"))
    compared = staff.post(f"{LIST}{made.pk}/compare/", follow=True)
    staff.post(f"{LIST}{made.pk}/again/")

    assert "Send again" in page
    assert "Compare now" not in page
    assert said(compared) == [
        "Shopify cannot be asked for its copy of a parcel: send the message again, which finds it."
    ]
    assert state_of(made) == State.SUPERSEDED


def test_the_timeline_says_which_parcel_another_system_knows_of():
    facts = {"target": "shopify", "kind": "FULFILLMENT", "shipment": "A-7-F1-P1", "reference": "77"}

    assert say_acknowledged(facts) == "shopify knows that A-7-F1-P1 has left, as 77"
    assert say_acknowledged(facts | {"kind": "TRACKING", "reference": ""}) == "shopify knows where A-7-F1-P1 is"
    assert say_given_up(facts | {"error": "No."}) == "shopify was told in vain that A-7-F1-P1 has left: No"
