"""Advice before a return: shown where it fits, and whether it saved the return is counted."""

import pytest

from inventory.models import Variant
from returns.models import AdviceShown, Return, ReturnAdvice, ReturnItem, ReturnReason
from tests.make.edits import MEDIUM, line_of
from tests.make.portal import mails, page, words_of
from tests.make.returns import item, open_return
from tests.make.returns import line_of as first_line
from tests.returns.portal.test_flow import choose, resolve, send


@pytest.fixture
def guide(order) -> ReturnAdvice:
    return ReturnAdvice.objects.create(
        name="Shrinks in the first wash",
        reason=ReturnReason.objects.get(code="too-large"),
        texts={"en": "Linen gets smaller in its first wash.", "zh-hans": "亚麻首次洗涤会缩小。"},
        link="https://example.com/linen",
    )


def read(client, order) -> str:
    return words_of(client.get(page(order, "returns/new/resolution")))


def test_advice_is_shown_where_its_reason_fits_and_nowhere_else(client, order, guide):
    choose(client, order, reason="too-small")
    assert "first wash" not in read(client, order)
    choose(client, order, reason="too-large")
    assert "Linen gets smaller in its first wash." in read(client, order)
    read(client, order)
    shown = AdviceShown.objects.get()
    assert (shown.line_id, shown.advice, shown.kept_at) == (line_of(order, MEDIUM), guide, None)


def test_whoever_keeps_it_is_counted_and_nothing_is_returned(client, order, guide):
    choose(client, order, reason="too-large")
    read(client, order)
    answer = client.post(page(order, f"returns/new/kept/{line_of(order, MEDIUM)}"))
    assert "Good that it helped" in words_of(answer)
    assert AdviceShown.objects.get().kept_at is not None
    assert not Return.objects.exists()
    assert client.get(page(order, "returns/new/summary"))["Location"] == page(order, "returns/new")


def test_whoever_returns_it_all_the_same_is_counted_too(client, order, guide):
    choose(client, order, reason="too-large")
    read(client, order)
    resolve(client, order)
    send(client, order)
    mails()
    shown = AdviceShown.objects.get()
    assert shown.returned_at is not None
    assert shown.kept_at is None


def test_sizes_that_others_sent_back_advise_the_next(client, order):
    made = open_return(order, item(first_line(order)))
    first = made.items.get()
    others = [
        Return(**{**_fields(made), "number": f"{order.number}-R{place}", "sequence": place}) for place in range(2, 14)
    ]
    Return.objects.bulk_create(others)
    small = ReturnReason.objects.get(code="too-small")
    variant = Variant.objects.get(sku=MEDIUM)
    ReturnItem.objects.bulk_create(
        ReturnItem(of=each, line=first.line, variant=variant, quantity=1, reason=small, resolution="REFUND")
        for each in others
    )
    choose(client, order)
    assert "13 of 13 who sent it back for its size found it too small" in read(client, order)


def _fields(made: Return) -> dict:
    kept = ("order_id", "source", "status", "method", "requested_at", "requested_by", "decided_at")
    return {name: getattr(made, name) for name in kept}
