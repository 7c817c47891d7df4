"""Every refusal has a stable code and a sentence that a person can act on."""

import string

import pytest

from orders.channels.reasons import REASONS, cannot_take, quote


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_is_a_sentence_that_its_facts_fill(reason: str):
    names = [name for _, name, _, _ in string.Formatter().parse(REASONS[reason]) if name]

    refusal = cannot_take(reason, external_id="gid-1", **{name: "this" for name in names if name != "external_id"})

    assert refusal.reason == reason
    assert refusal.external_id == "gid-1"
    assert "{" not in refusal.detail
    assert refusal.detail.endswith(".")
    assert all(f"{name}" in refusal.facts for name in names if name != "external_id")


@pytest.mark.parametrize("reason", REASONS)
def test_a_code_is_stable_and_fits_its_column(reason: str):
    assert reason.isidentifier()
    assert reason == reason.lower()
    assert len(reason) <= 60


def test_somebody_elses_words_are_quoted_short_and_plain():
    assert quote("a\nb\x00c") == "a b c"
    assert quote("x" * 200) == "x" * 79 + "…"
    assert quote([1]) == "a list"
    assert quote({"a": 1}) == "an object"
    assert quote(10**5_000) == "a very large number"
    assert quote("\ud800") == " "


def test_an_id_is_kept_as_long_as_ids_may_be():
    assert cannot_take("no_lines", external_id="1" * 100).external_id == "1" * 100
