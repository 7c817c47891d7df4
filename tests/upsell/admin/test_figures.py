"""What offers bring, as staff read it."""

import csv
import io
from decimal import Decimal

import pytest

from inventory.models import Variant
from tests.make.admin import text_of
from tests.make.edits import SOCKS, open_shop, order_of_tees
from tests.make.staff import browser
from tests.make.upsell import accept, offered, running_campaign, show, ten_percent
from tests.make.ways_back import react
from upsell.admin.csv_rows import guard
from upsell.admin.panels import add_effects
from upsell.admin.words import say_verdict
from upsell.models import Refusal
from upsell.policies.effects import Effect, Need, Side, Verdict, compare_sides

pytestmark = pytest.mark.django_db

PAGE = "/admin/upsell/exposure/"


def taken_and_not():
    """Two orders were shown socks; one took them."""
    open_shop()
    Variant.objects.update(unit_cost="2.50")
    ten_percent(name="=Socks")
    accept(offered(order_of_tees(payment=None)))
    show(order_of_tees(payment=None))
    react()


def test_the_page_tells_what_was_shown_taken_and_what_is_left_of_it():
    taken_and_not()

    page = text_of(browser().get(PAGE))

    assert "take rate 50.0%" in page
    assert "5.67" in page
    assert "no holdout" in page


def test_without_offers_the_page_says_where_they_come_from():
    assert "Nothing was offered in these 30 days." in text_of(browser().get(PAGE))


def test_a_place_where_nothing_was_taken_brings_nothing():
    taken_and_not()

    page = text_of(browser().get(PAGE, {"placement": "MAIL", "days": "30"}))

    assert "5.67" not in page


def test_filters_are_remembered():
    taken_and_not()
    client = browser()
    client.get(PAGE, {"placement": "ORDER", "days": "7"})

    assert client.get(PAGE).url == f"{PAGE}?placement=ORDER&days=7"


def test_all_filters_are_remembered_and_one_product_is_told_alone():
    taken_and_not()
    client = browser()
    asked = {"sku": SOCKS.lower(), "since": "2026-11-01", "until": "2026-11-30", "days": "30"}

    page = text_of(client.get(PAGE, asked))

    assert "1 Nov 2026 to 30 Nov 2026" in page
    assert "Sides are drawn for whole campaigns" in page
    assert client.get(PAGE).url == f"{PAGE}?sku={SOCKS.lower()}&since=2026-11-01&until=2026-11-30&days=30"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"sku": "NONE-SUCH"}, "There is no product with this SKU."),
        ({"since": "2026-11-30", "until": "2026-11-01"}, "This is after the last day."),
        ({"since": "2020-01-01"}, "Two years at most."),
    ],
)
def test_what_nobody_can_mean_is_said_beside_its_field(asked, said):
    assert said in text_of(browser().get(PAGE, asked))


def test_figures_are_read_as_csv_in_which_no_name_runs():
    taken_and_not()

    answer = browser().get(f"{PAGE}figures.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))

    campaign = next(row for row in rows if row["of"] == "campaign")
    assert campaign["name"] == "'=Socks"
    assert (campaign["shown"], campaign["accepted"], campaign["net_revenue"]) == ("2", "1", "5.67")
    assert {row["of"] for row in rows} == {"campaign", "placement", "product", "day"}
    assert next(row["sku"] for row in rows if row["of"] == "product") == SOCKS


def test_numbers_below_zero_stay_numbers():
    assert [guard(Decimal("-1.50")), guard("-1+cmd"), guard("@x")] == ["-1.50", "'-1+cmd", "'@x"]


def test_the_warehouse_does_not_read_what_offers_bring():
    assert browser("wei", role="warehouse").get(PAGE).status_code == 403


def test_the_dashboard_says_that_no_holdout_is_large_enough():
    taken_and_not()

    assert "no holdout is large enough yet" in text_of(browser().get("/admin/"))


def test_the_page_costs_as_many_statements_for_many_offers_as_for_one(django_assert_max_num_queries):
    taken_and_not()
    running_campaign(name="Another")
    client = browser()
    client.get(PAGE)

    with django_assert_max_num_queries(20):  # session, staff, menu and permissions among them
        client.get(PAGE, {"days": "7"})


def test_the_order_page_says_what_was_offered_and_what_not_and_why():
    open_shop()
    ten_percent("TEE-M", SOCKS)
    order = order_of_tees()
    show(order)

    page = text_of(browser().get(f"/admin/orders/order/{order.number}/change/"))

    assert "1 × Wool socks" in page
    assert "TEE-M is in the order" in page


def test_offers_are_found_by_order_and_by_sku():
    taken_and_not()
    client = browser()

    assert "2 offers" in text_of(client.get("/admin/upsell/offer/", {"q": SOCKS}))
    rows = b"".join(client.get("/admin/upsell/offer/csv/").streaming_content).decode()
    assert rows.count("ACCEPTED") == 1


def test_a_refusal_is_taken_back_on_the_customers_word():
    open_shop()
    ten_percent()
    offer = offered(order_of_tees())
    product = offer.items.get().variant.product
    refusal = Refusal.objects.create(
        customer=offer.order.customer,
        order=offer.order,
        scope="PRODUCT",
        product=product,
        at=offer.made_at,
        by="customer",
    )

    browser("jo", role="support").post(f"/admin/upsell/refusal/{refusal.pk}/take-back/")

    refusal.refresh_from_db()
    assert refusal.taken_back_at


def test_a_recommender_is_trained_by_whoever_may():
    assert browser("jo", role="support").post("/admin/upsell/recommender/train/").status_code == 403
    assert "Nothing was learned yet." in text_of(browser().get("/admin/upsell/recommender/"))


def test_sentences_tell_what_is_still_needed():
    waiting = Effect(Verdict.UNDECIDED, 400, 100, need=Need(1_200, 300, 90))

    assert say_verdict(waiting) == (
        "It may be chance. To tell a difference as large as this one from chance it takes 1,200 more with offers and "
        "300 more without, about 90 days at this pace."
    )


def test_an_interval_beyond_zero_is_not_called_certain_before_the_sample_is_complete():
    waiting = Effect(Verdict.UNDECIDED, 400, 100, difference=8.0, low=0.7, high=15.1, need=Need(300, 80, 20))

    assert say_verdict(waiting) == (
        "Looked at every day, an interval beyond zero comes by chance now and then. To tell a difference as large as "
        "this one from chance it takes 300 more with offers and 80 more without, about 20 days at this pace."
    )


def test_campaigns_add_up_to_extra_a_day():
    one = compare_sides(Side(1000, 11, 4, 10, 1, 0), Side(1000, 10, 4, 10, 1, 0), days=30)

    extra = add_effects([one, Effect(Verdict.NO_HOLDOUT, 10, 0)], days=30)

    assert extra.a_day == pytest.approx(1000 / 30)
    assert extra.low < extra.a_day < extra.high
    assert add_effects([], days=30) is None
