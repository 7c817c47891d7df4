"""Rules and reasons in the admin: checked when they are saved, tried on the last returns before."""

import json

import pytest

from returns.models import ReturnReason, ReturnRule
from tests.make.orders import channel
from tests.make.returns import ask_return, delivered_order
from tests.make.staff import browser

pytestmark = pytest.mark.django_db

RULES, REASONS = "/admin/returns/returnrule/", "/admin/returns/returnreason/"


@pytest.fixture
def boss():
    return browser()


def row(conditions, **fields):
    said = {"name": "Much", "position": 1, "verdict": "REVIEW", "active": "on", "explanation_en": ""} | fields
    return said | {"conditions": conditions if isinstance(conditions, str) else json.dumps(conditions)}


def test_the_lists_say_what_each_rule_fits_and_each_reason_asks(boss):
    rules = boss.get(RULES).content.decode()
    assert "value at most 15.00 EUR" in rules
    assert "every return" in rules
    assert "Too small" in boss.get(REASONS).content.decode()


def test_a_rule_is_kept_with_its_conditions(boss):
    answer = boss.post(f"{RULES}add/", row({"tier": ["gold"]}))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert ReturnRule.objects.get(name="Much").conditions == {"tier": ["gold"]}


@pytest.mark.parametrize("conditions", ["{", {"vlaue": {}}, {"channel": ["moon"]}, {"value": {"at_most": "20"}}])
def test_conditions_that_mean_nothing_are_refused_and_nothing_is_kept(boss, conditions):
    channel()
    answer = boss.post(f"{RULES}add/", row(conditions))
    assert answer.status_code == 200
    assert "conditions" in answer.context["adminform"].form.errors
    assert not ReturnRule.objects.filter(name="Much").exists()


def test_who_declines_says_why(boss):
    answer = boss.post(f"{RULES}add/", row({}, verdict="DECLINE"))
    assert "explanation_en" in answer.context["adminform"].form.errors
    assert not ReturnRule.objects.filter(name="Much").exists()


def test_what_the_customer_is_told_is_kept_by_language(boss):
    said = {"explanation_en": "Sale goods stay sold.", "explanation_zh-hans": "特价商品不退。"}
    boss.post(f"{RULES}add/", row({"tier": ["gold"]}, verdict="DECLINE", **said))
    made = ReturnRule.objects.get(name="Much")
    assert made.explanations == {"en": "Sale goods stay sold.", "zh-hans": "特价商品不退。"}
    assert "特价商品不退。" in boss.get(f"{RULES}{made.pk}/change/").content.decode()


def test_a_preview_names_the_returns_that_would_be_decided_otherwise_and_keeps_nothing(boss):
    made = ask_return(delivered_order())
    page = boss.post(f"{RULES}add/", row({"country": ["DE"]}) | {"_preview": "1"}).content.decode()
    assert "It would have decided on 1 of the last 1 returns; 1 would have been decided otherwise" in page
    assert made.number in page
    assert not ReturnRule.objects.filter(name="Much").exists()


def test_a_reason_is_said_in_every_language(boss):
    said = {"code": "torn", "label_en": "Torn", "label_zh-hans": "破损", "root_cause": "DAMAGED_IN_TRANSIT"}
    answer = boss.post(f"{REASONS}add/", said | {"shopify": "DEFECTIVE", "position": 5, "active": "on"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert ReturnReason.objects.get(code="torn").labels == {"en": "Torn", "zh-hans": "破损"}


def test_support_reads_rules_and_changes_none():
    support = browser("sue", role="support")
    assert support.get(RULES).status_code == 200
    assert support.post(f"{RULES}add/", row({})).status_code == 403
    assert not ReturnRule.objects.filter(name="Much").exists()
