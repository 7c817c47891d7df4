"""Where an order stands for who wants to edit it, and what it is told when it is too late."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from orders.policies.edits.stages import ADVICE, judge_stage, why_closed
from tests.make.moments import NOON, ONE_HOUR


@dataclass(frozen=True)
class Window:
    open: bool = True
    staff_only: bool = False
    until: datetime | None = NOON + ONE_HOUR
    closed_at: datetime | None = None
    detail: str = ""
    closed_because: Mapping[str, Any] = field(default_factory=dict)


def closed(code="", **facts):
    because = {"code": code} | facts if code else {}
    return Window(open=False, closed_at=NOON, closed_because=because)


def stage(status="HELD", window=None, *, actor="CUSTOMER", pilot=""):
    return judge_stage(status, window, actor=actor, self_service=pilot)


@pytest.mark.parametrize("actor", ["CUSTOMER", "STAFF", "API", "BOT"])
def test_inside_the_window_everybody_edits(actor):
    assert stage(window=Window(), actor=actor, pilot="PILOT") == "WINDOW_OPEN"


@pytest.mark.parametrize("window", [None, closed(), Window(open=False)])
def test_without_an_open_window_the_order_is_merely_held(window):
    assert stage(window=window) == "HELD"


def test_once_released_no_window_counts():
    assert stage("RELEASED", Window()) == "RELEASED"


@pytest.mark.parametrize(("window", "pilot"), [(Window(staff_only=True), ""), (Window(), "CONTROL")])
def test_a_window_that_is_not_the_customers_is_open_for_all_others(window, pilot):
    assert stage(window=window, pilot=pilot) == "HELD"
    assert stage(window=window, pilot=pilot, actor="API") == "WINDOW_OPEN"


def why(status="HELD", window=None, pilot=""):
    reason = why_closed(status, window, self_service=pilot)
    assert reason.sentence.endswith(ADVICE), "it says what can be done instead"
    return reason


@pytest.mark.parametrize(
    ("status", "window", "code"),
    [
        ("HELD", None, "no_window"),
        ("HELD", Window(open=False), "ran_out"),
        ("RELEASED", closed(), "ran_out"),
        ("HELD", closed("released"), "released"),
        ("RELEASED", closed("fulfilled"), "released"),
        ("HELD", closed("no_window"), "no_window"),
        ("RELEASED", closed("low_stock", skus=["TEE"]), "low_stock"),
        ("HELD", Window(staff_only=True), "staff_only"),
    ],
)
def test_the_reason_is_the_true_one(status, window, code):
    assert why(status, window).code == code


def test_low_stock_names_the_skus_and_when():
    reason = why("RELEASED", closed("low_stock", skus=["TEE-M", "SOCKS"]))
    assert "TEE-M, SOCKS ran low" in reason.sentence
    assert reason.facts == {"skus": ["TEE-M", "SOCKS"], "closed_at": NOON.isoformat()}


def test_a_window_that_ran_out_was_over_at_its_own_moment():
    assert why(window=Window(open=False)).facts["closed_at"] == (NOON + ONE_HOUR).isoformat()


def test_the_rule_that_gave_no_window_says_so():
    window = Window(open=False, closed_at=NOON, detail="Personalised.", closed_because={"code": "no_window"})
    assert why(window=window).sentence == f"Personalised. {ADVICE}"


def test_the_control_group_is_not_told_of_the_pilot():
    reason = why(window=closed("low_stock", skus=["TEE"]), pilot="CONTROL")
    assert (reason.code, reason.facts) == ("staff_only", {})
