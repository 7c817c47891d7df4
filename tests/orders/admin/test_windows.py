"""Edit window rules as operators arrange them."""

import re

import pytest

from inventory.models import Category
from orders.models import WindowRule, WindowRuleSet
from tests.make.admin import table_rows, text_of
from tests.make.orders import channel, placed_order
from tests.make.rules import saved_campaign, saved_rule
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser, said
from tests.make.stock import stocked_variant

pytestmark = pytest.mark.django_db

RULES = "/admin/orders/windowrule/"
ADD = f"{RULES}add/"


def asked(name="Express", **fields):
    """The form as somebody fills it in."""
    return {"name": name, "active": "on", "action": "WINDOW", "minutes": "10"} | fields


def page_of(rule):
    return f"{RULES}{rule.pk}/change/"


def order_sent(*rules, **buttons):
    rows = {f"form-{place}-id": rule.pk for place, rule in enumerate(rules)}
    rows |= {f"form-{place}-position": place for place in range(len(rules))}
    management = {"form-TOTAL_FORMS": len(rules), "form-INITIAL_FORMS": len(rules)}
    return {**rows, **management, **(buttons or {"_save": "1"})}


def names():
    return list(WindowRule.objects.order_by("position").values_list("name", flat=True))


def test_the_empty_list_says_what_holds_and_offers_the_first_rule():
    words = text_of(browser().get(RULES))
    assert "There are no rules yet. Every order gets the minutes of its channel." in words
    assert "Add a rule" in words


def test_a_rule_is_written_in_a_form_and_kept_as_an_edition_of_its_author():
    channel(), stocked_variant("CAP")
    Category.objects.create(code="hats", name="Hats")
    sent = asked(
        channels=["web"], countries="de, AT", shipping_methods="Express\nDHL Express", categories=["hats"], skus="CAP",
        weekdays=["7", "1"], velocity_tiers=["hot"], from_time="22:00", until_time="06:00", currency="eur",
        value_from="49.90",
    )  # fmt: skip
    answer = browser().post(ADD, sent)
    assert answer.status_code == 302, text_of(answer)
    rule = WindowRule.objects.get()
    assert (rule.channels, rule.countries, rule.shipping_methods) == (["web"], ["DE", "AT"], ["Express", "DHL Express"])
    assert (rule.categories, rule.skus, rule.weekdays) == (["hats"], ["CAP"], [1, 7])
    assert (rule.velocity_tiers, rule.currency, rule.minutes) == (["hot"], "EUR", 10)
    assert WindowRuleSet.objects.get().by == "staff:ada"


def test_the_list_says_in_words_what_each_rule_does():
    saved_rule("Express", shipping_methods=["Express"], minutes=10), saved_rule("All else")
    words = text_of(browser().get(RULES))
    assert "Express sent by express 10 minutes on" in words
    assert "All else all 30 minutes on" in words


WRONG = [
    ({"skus": "NOPE"}, "There is no SKU NOPE."),
    ({"countries": "XX"}, "There is no country XX."),
    ({"minutes": ""}, "Say the minutes"),
    ({"from_time": "09:00"}, "A time span needs its beginning and its end."),
    ({"value_from": "5"}, "Say in which currency the value is."),
    ({"name": ""}, "This field is required."),
]


@pytest.mark.parametrize("button", ["_save", "_preview"])
@pytest.mark.parametrize(("fields", "sentence"), WRONG)
def test_what_is_wrong_is_said_and_nothing_is_kept(fields, sentence, button):
    ada = browser()
    with nothing_changes():
        answer = ada.post(ADD, asked(**fields) | {button: "1"})
    assert sentence in text_of(answer)


def test_a_preview_shows_what_would_change_and_keeps_nothing():
    order = placed_order()
    ada = browser()
    with nothing_changes():
        answer = ada.post(ADD, asked(name="Short", countries="DE", _preview="1"))
    words = text_of(answer)
    assert "1 of the last 1 orders would get another window. Nothing is saved yet." in words
    assert f"{order.number} 10 min ago Channel web: 30 minutes 30 min Channel web: 30 minutes 10 min Short" in words


def hidden_fields(answer):
    fields = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', answer.content.decode())
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


def test_what_was_previewed_can_be_saved_from_there():
    ada = browser()
    seen = ada.post(ADD, asked(name="Short", countries="DE", _preview="1"))
    ada.post(ADD, hidden_fields(seen) | {"_save": "1"})
    rule = WindowRule.objects.get()
    assert (rule.name, rule.countries, rule.minutes) == ("Short", ["DE"], 10)


def test_a_rule_is_changed_and_keeps_what_the_form_shows_of_it():
    rule = saved_rule("Express", shipping_methods=["Express"], tags=["vip", "gift"], weekdays=[2])
    ada = browser()
    form = ada.get(page_of(rule)).context["adminform"].form
    assert (form["tags"].value(), form["weekdays"].value()) == ("vip, gift", [2])
    answer = ada.post(page_of(rule), asked(shipping_methods="Express", tags="vip, gift", weekdays=["2"], minutes="15"))
    assert answer.url == RULES
    rule.refresh_from_db()
    assert (rule.tags, rule.weekdays, rule.minutes, rule.position) == (["vip", "gift"], [2], 15, 1)


def test_the_rules_are_put_in_the_order_of_their_numbers():
    first, second, third = (saved_rule(name) for name in ("First", "Second", "Third"))
    answer = browser().post(RULES, order_sent(third, first, second))
    assert said(answer) == ["The rules stand in this order now."]
    assert names() == ["Third", "First", "Second"]
    assert WindowRuleSet.objects.first().by == "staff:ada"


def test_another_order_is_previewed_before_it_is_kept():
    placed_order()
    long, short = saved_rule("Long", minutes=90), saved_rule("Short", minutes=5)
    ada = browser()
    with nothing_changes():
        seen = ada.post(RULES, order_sent(short, long, _preview="1"))
    assert "1 of the last 1 orders would get another window." in text_of(seen)
    ada.post(RULES, hidden_fields(seen) | {"_save": "1"})
    assert names() == ["Short", "Long"]


def test_a_rule_is_switched_off_with_one_click_and_on_again():
    rule = saved_rule()
    ada = browser()
    assert said(ada.post(f"{RULES}{rule.pk}/switch/")) == ["“Regular goods” is switched off."]
    assert not WindowRule.objects.get().active
    ada.post(f"{RULES}{rule.pk}/switch/")
    assert WindowRule.objects.get().active


def test_looking_at_the_switch_switches_nothing():
    rule = saved_rule()
    ada = browser()
    with nothing_changes():
        ada.get(f"{RULES}{rule.pk}/switch/")


def test_a_rule_is_taken_away():
    rule = saved_rule()
    browser().post(f"{RULES}{rule.pk}/delete/", {"post": "yes"})
    assert names() == []
    assert WindowRuleSet.objects.count() == 2


def test_dead_and_contradicting_rules_are_pointed_out_on_the_list():
    saved_rule("All", minutes=30), saved_rule("German", countries=["DE"]), saved_rule("All again", minutes=5)
    words = text_of(browser().get(RULES))
    assert "“German” never wins: “All” above it takes every order it fits." in words
    assert "“All again” contradicts “All”: the same orders, but 5 minutes instead of 30 minutes." in words


def test_a_campaigns_rules_have_a_list_of_their_own():
    campaign = saved_campaign("Drop")
    usual, special = saved_rule("Usual"), saved_rule("Special", campaign=campaign)
    ada = browser()
    assert table_rows(ada.get(RULES)) == [usual]
    page = ada.get(f"{RULES}?campaign={campaign.pk}")
    assert table_rows(page) == [special]
    assert "Rules of campaign “Drop”" in text_of(page)


def test_a_rule_that_is_added_from_a_campaign_belongs_to_it():
    campaign = saved_campaign("Drop")
    ada = browser()
    assert ada.get(f"{ADD}?campaign={campaign.pk}").context["adminform"].form["campaign"].value() == str(campaign.pk)
    answer = ada.post(ADD, asked(campaign=campaign.pk))
    assert answer.url == f"{RULES}?campaign={campaign.pk}"


@pytest.mark.parametrize("role", ["support", "read-only"])
def test_who_may_only_read_arranges_nothing(role):
    rule, other = saved_rule("First"), saved_rule("Second")
    sue = browser("sue", role=role)
    page = sue.get(RULES)
    assert (page.status_code, "Switch off" in text_of(page), "Add a rule" in text_of(page)) == (200, False, False)
    with nothing_changes():
        sue.post(RULES, order_sent(other, rule))
        assert sue.post(ADD, asked()).status_code == 403
        assert sue.post(f"{RULES}{rule.pk}/switch/").status_code == 403
        assert sue.post(f"{RULES}{rule.pk}/delete/", {"post": "yes"}).status_code == 403
