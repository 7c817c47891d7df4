"""Campaigns as operators arrange them."""

from typing import Any

import pytest

from oms.models import EventRecord
from tests.make.admin import text_of
from tests.make.edits import MEDIUM, SOCKS, open_shop, order_of_tees
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser
from tests.make.upsell import running_campaign
from upsell.models import Campaign, Consideration, Exposure

pytestmark = pytest.mark.django_db

PAGE = "/admin/upsell/campaign/"
ADD = f"{PAGE}add/"


def asked(**fields: Any) -> dict[str, Any]:
    """The form as somebody fills it in: socks from a list, at ten per cent less, a fifth held out."""
    usual = {
        "name": "Socks", "placements": ["ORDER", "MAIL"], "priority": "10", "source": "FIXED", "skus": SOCKS,
        "discount_kind": "PERCENTAGE", "discount": "10", "buyers": "ALL", "most_shown": "3", "most_accepted": "3",
        "stock_floor": "0", "within_days": "30", "ignored_times": "5", "holdout_percent": "20", "mail_percent": "50",
        "mail_least_minutes": "30", "words_en": "Warm feet",
    }  # fmt: skip
    return usual | fields


def test_a_campaign_is_written_in_a_form_kept_off_and_shows_who_would_see_what():
    open_shop()

    answer = browser().post(ADD, asked())

    campaign = Campaign.objects.get()
    assert answer.url == f"{PAGE}{campaign.pk}/preview/", text_of(answer)
    assert (campaign.active, campaign.skus, campaign.words) == (False, [SOCKS], {"en": "Warm feet"})
    assert (str(campaign.holdout_share), str(campaign.mail_share)) == ("0.200", "0.50")
    assert len(campaign.salt) == 16
    told = EventRecord.objects.get(subject_kind="campaign")
    assert (told.type, told.by) == ("campaign.changed", "staff:ada")
    assert told.facts["changes"]["discount"] == {"before": "0", "after": "10"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"skus": "NOPE"}, "There is no SKU NOPE."),
        ({"skus": ""}, "Name the SKUs that are offered."),
        ({"placements": []}, "Say at least one place where it is shown."),
        ({"discount": "120"}, "A percentage is 100 at most."),
        ({"discount": ""}, "Say how much: it must be above zero."),
        ({"discount_kind": "AMOUNT", "discount": "2"}, "Amounts need a currency"),
        ({"discount_kind": "BUNDLE_PRICE", "discount": "5", "currency": "EUR"}, "A bundle has two units at least"),
        (
            {"discount_kind": "BUNDLE_PRICE", "discount": "30", "currency": "EUR", "skus": f"{SOCKS}, {MEDIUM}"},
            "Bought apart they cost 27.40 EUR: the bundle must cost less.",
        ),
        ({"source": "RECOMMENDER", "discount_kind": "BUNDLE_PRICE", "currency": "EUR"}, "A bundle is a fixed list"),
        ({"least_total": "80", "most_total": "20", "currency": "EUR"}, "No order is both"),
        ({"countries": "XX"}, "There is no country XX."),
        ({"holdout_percent": "95"}, "less than or equal to 90"),
        ({"most_accepted": "4"}, "From 1 to 3 an order."),
    ],
)
def test_what_cannot_run_is_said_at_its_field_and_not_kept(fields, sentence):
    open_shop()

    client = browser()
    with nothing_changes():
        answer = client.post(ADD, asked(**fields))

    assert sentence in text_of(answer)


def test_it_is_switched_on_after_it_was_asked_and_off_again():
    open_shop()
    campaign = running_campaign(active=False)
    page = f"{PAGE}{campaign.pk}/switch/"

    assert "nobody is held out, so nobody will know what it brings" in text_of(browser().get(page))
    browser().post(page)
    campaign.refresh_from_db()
    assert campaign.active
    browser().post(page)
    campaign.refresh_from_db()
    assert not campaign.active
    told = EventRecord.objects.filter(subject_kind="campaign").order_by("sequence")
    assert [each.facts for each in told] == [{"active": True}, {"active": False}]


def test_what_lost_its_goods_is_not_switched_on():
    campaign = running_campaign("GONE", active=False)

    client = browser()
    with nothing_changes():
        answer = client.post(f"{PAGE}{campaign.pk}/switch/", follow=True)

    assert "cannot be switched on. There is no SKU GONE." in text_of(answer)


def test_a_copy_is_off_and_draws_its_sides_anew():
    open_shop()
    campaign = running_campaign()

    browser().post(f"{PAGE}{campaign.pk}/duplicate/", {"name": "Once more"})

    copy = Campaign.objects.get(name="Once more")
    assert (copy.active, copy.skus, copy.placements) == (False, campaign.skus, campaign.placements)
    assert copy.salt != campaign.salt


def test_a_preview_says_who_would_see_what_and_writes_nothing():
    open_shop()
    order = order_of_tees()
    campaign = running_campaign(SOCKS, MEDIUM, active=False)
    first = browser().get(f"{PAGE}{campaign.pk}/preview/")
    assert "Tried on the 1 newest orders that can be edited now" in text_of(first)

    client = browser()
    with nothing_changes():
        piece = text_of(client.get(f"{PAGE}{campaign.pk}/preview/", {"orders": str(order.pk), "total": "1"}))

    assert "1 would see offers" in piece
    assert "1 × Wool socks" in piece
    assert f"{MEDIUM} is in the order" in piece
    assert not Exposure.objects.exists()
    assert not Consideration.objects.exists()


def test_a_preview_holds_out_whom_the_campaign_would():
    open_shop()
    orders = [
        order_of_tees(customer={"email": f"b{number}@example.com", "name": "B"}, payment=None) for number in range(5)
    ]
    campaign = running_campaign(active=False, holdout_share="0.9")

    asked_for = {"orders": ",".join(str(each.pk) for each in orders), "total": "5"}
    piece = text_of(browser().get(f"{PAGE}{campaign.pk}/preview/", asked_for))

    assert "would be held out" in piece


def test_support_reads_campaigns_and_changes_none():
    campaign = running_campaign(active=False)

    assert browser("jo", role="support").get(PAGE).status_code == 200
    client = browser("jo", role="support")
    with nothing_changes():
        assert client.post(f"{PAGE}{campaign.pk}/switch/").status_code == 403


def test_the_page_of_a_campaign_tells_who_changed_what():
    open_shop()
    browser().post(ADD, asked())
    campaign = Campaign.objects.get()
    browser("bo").post(f"{PAGE}{campaign.pk}/change/", asked(discount="15"))

    told = text_of(browser().get(f"{PAGE}{campaign.pk}/change/"))

    assert "Discount: 10 → 15" in told
    assert "bo" in told
