"""A return from the first page to its number: what each page shows, and what is kept of it."""

from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from orders.models import CarrierAccount, Order
from returns.models import Return, ReturnPhoto
from tests.make.edits import LARGE, line_of, order_of_tees
from tests.make.photos import photo
from tests.make.portal import customer, page, words_of
from tests.make.returns import ASKED, ask_return, item, told


def choose(client: Client, order: Order, *, reason: str = "too-small", quantity: str = "1", **fields: object):
    line = line_of(order, "TEE-M")
    typed = {f"pick-{line}": "1", f"quantity-{line}": quantity, f"reason-{line}": reason}
    return client.post(page(order, "returns/new"), typed | fields)


def resolve(client: Client, order: Order, resolution: str = "REFUND", sku: str = ""):
    line = line_of(order, "TEE-M")
    return client.post(page(order, "returns/new/resolution"), {f"resolution-{line}": resolution, f"sku-{line}": sku})


def send(client: Client, order: Order):
    client.post(page(order, "returns/new/method"), {"method": "PREPAID_LABEL"})
    shown = client.get(page(order, "returns/new/summary"))
    assert shown.status_code == 200, words_of(shown)
    return client.post(page(order, "returns/new/summary"), {"form": shown.context["form"]})


def test_the_order_s_page_says_until_when_it_can_be_returned(client, order):
    text = words_of(client.get(page(order)))
    assert "You can send it back until 16 December" in text
    assert "Start a return" in text
    assert "Withdraw from contract here" in text


def test_the_first_page_lists_what_can_come_back_with_reasons(client, order):
    text = words_of(client.get(page(order, "returns/new")))
    assert "What would you like to send back?" in text
    assert "until 16 December" in text
    assert "Too small" in text
    assert "Worn, swapped or emptied" not in text


def test_amounts_stand_side_by_side(client, order):
    assert choose(client, order)["Location"] == page(order, "returns/new/resolution")
    text = words_of(client.get(page(order, "returns/new/resolution")))
    assert "Money back €19.90" in text
    assert "Store credit €21.89 €1.99 more than money back" in text
    assert "Exchange in stock" in text


def test_a_return_for_store_credit_is_asked_for(client, order):
    choose(client, order, quantity="2")
    resolve(client, order, "STORE_CREDIT")
    answer = send(client, order)
    made = Return.objects.get()
    assert answer["Location"] == page(order, f"returns/{made.number}/") + "?new=1"
    assert (made.status, made.method) == ("OPEN", "PREPAID_LABEL")
    item = made.items.get()
    assert (item.resolution, item.quantity, item.value) == ("STORE_CREDIT", 2, Decimal("39.80"))
    assert told(made)[:1] == ["return.requested"]
    assert "Now send it back to us" in words_of(client.get(answer["Location"]))


def test_what_is_being_chosen_is_summed_up_and_kept_nowhere(client, order):
    choose(client, order)
    line = line_of(order, "TEE-M")
    asked = page(order, "returns/new/resolution/sums")
    text = words_of(client.post(asked, {f"resolution-{line}": "STORE_CREDIT"}))
    assert "Bonus on store credit +€1.99 You get as store credit €21.89" in text
    text = words_of(client.post(asked, {f"resolution-{line}": "EXCHANGE"}))
    assert "Choose everything to see the sum." in text
    assert "You get back €19.90" in words_of(client.get(page(order, "returns/new/resolution")))


def test_an_exchange_names_the_size_that_is_wanted(client, order):
    choose(client, order)
    assert resolve(client, order, "EXCHANGE").status_code == 422
    assert resolve(client, order, "EXCHANGE", LARGE).status_code == 302
    send(client, order)
    assert Return.objects.get().items.get().exchange_variant.sku == LARGE


def test_the_same_form_sent_twice_is_one_return(client, order):
    choose(client, order)
    resolve(client, order)
    client.post(page(order, "returns/new/method"), {"method": "OWN_CARRIER"})
    form = client.get(page(order, "returns/new/summary")).context["form"]
    first, second = (client.post(page(order, "returns/new/summary"), {"form": form}) for _ in range(2))
    assert Return.objects.count() == 1
    assert second["Location"] in first["Location"]


def test_nothing_chosen_is_said_and_nothing_is_kept(client, order):
    answer = client.post(page(order, "returns/new"), {})
    assert answer.status_code == 422
    assert "Choose what you want to send back." in words_of(answer)
    assert client.get(page(order, "returns/new/summary"))["Location"] == page(order, "returns/new")


def test_a_reason_a_comment_and_a_photo_are_asked_for_where_they_are_missing(client, order):
    assert "Choose a reason" in words_of(choose(client, order, reason=""))
    assert "Say in a few words" in words_of(choose(client, order, reason="other"))
    assert "Add a photo" in words_of(choose(client, order, reason="damaged"))
    assert "Choose how many, 2 at most" in words_of(choose(client, order, quantity="3"))
    assert not Return.objects.exists()


def test_a_photo_travels_with_the_form_and_becomes_the_return_s(client, order):
    line = line_of(order, "TEE-M")
    upload = SimpleUploadedFile("torn.jpg", photo(2000, 1500), "image/jpeg")
    assert choose(client, order, reason="damaged", **{f"photos-{line}": upload}).status_code == 302
    resolve(client, order)
    send(client, order)
    kept = ReturnPhoto.objects.get()
    assert (kept.of, kept.item, kept.draft) == (Return.objects.get(), Return.objects.get().items.get(), "")
    assert (kept.width, kept.height) == (1600, 1200)


def test_a_label_that_nobody_sells_any_more_is_refused_with_words_and_asked_for_anew(client, order):
    choose(client, order)
    resolve(client, order)
    client.post(page(order, "returns/new/method"), {"method": "PREPAID_LABEL"})
    form = client.get(page(order, "returns/new/summary")).context["form"]
    CarrierAccount.objects.update(active=False)

    answer = client.post(page(order, "returns/new/summary"), {"form": form})
    assert answer.status_code == 422
    assert "This is not offered for these items together." in words_of(answer)
    assert not Return.objects.exists()
    assert client.get(page(order, "returns/new/method"))["Location"] == page(order, "returns/new/summary")
    assert client.post(page(order, "returns/new/summary"), {"form": form}).status_code == 302
    assert Return.objects.get().method == "OWN_CARRIER"


def test_a_script_that_says_it_is_a_photo_is_refused_with_words(client, order):
    line = line_of(order, "TEE-M")
    upload = SimpleUploadedFile("photo.jpg", b"<script>alert(1)</script>", "image/jpeg")
    answer = choose(client, order, reason="damaged", **{f"photos-{line}": upload})
    assert answer.status_code == 422
    assert "This file is not a picture." in words_of(answer)
    assert not ReturnPhoto.objects.exists()


def test_the_pages_of_a_return_speak_chinese(order):
    text = words_of(customer(order, "zh-hans").get(page(order, "returns/new")))
    assert "尺码偏小" in text
    assert "What would" not in text


def test_two_clicks_at_once_are_one_return(client, order):
    """The second request began before the first had ended: its session knows of nothing."""
    line = order.lines.get(sku="TEE-M")
    first, second = (ask_return(order, item(line), form="f1") for _ in range(2))
    assert first == second
    line.refresh_from_db()
    assert line.returned_quantity == 1


def test_a_photo_is_shown_to_its_owner_alone_and_as_no_page(client, order):
    line = line_of(order, "TEE-M")
    upload = SimpleUploadedFile("torn.jpg", photo(), "image/jpeg")
    assert client.post(page(order, f"returns/new/photos/{line}"), {"photo": upload}).status_code == 200
    kept = ReturnPhoto.objects.get()
    answer = client.get(page(order, f"returns/new/photos/{kept.key}.jpg"))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    other = order_of_tees(1, external_id="other", at=ASKED)
    assert customer(other).get(page(other, f"returns/new/photos/{kept.key}.jpg")).status_code == 404
    assert client.post(page(order, "returns/new/photos/0"), {"photo": upload}).status_code == 404
