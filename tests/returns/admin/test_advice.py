"""Advice before returns, on its pages for staff."""

import pytest
from django.test import Client

from returns.models import AdviceShown, ReturnAdvice, ReturnReason
from tests.make.admin import text_of
from tests.make.returns import ASKED, delivered_order, line_of
from tests.make.staff import staff

pytestmark = pytest.mark.django_db
LIST = "/admin/returns/returnadvice/"


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(staff(superuser=True))
    return client


def form(**fields: object) -> dict[str, object]:
    return {"name": "Fit", "active": "on", "text_en": "Wash it once.", "text_zh-hans": "", "link": ""} | fields


def test_advice_is_written_in_each_language(desk: Client):
    reason = ReturnReason.objects.get(code="too-large")
    answer = desk.post(f"{LIST}add/", form(reason=reason.pk, **{"text_zh-hans": "先洗一次。"}))
    assert answer.status_code == 302, text_of(answer)
    assert ReturnAdvice.objects.get().texts == {"en": "Wash it once.", "zh-hans": "先洗一次。"}


def test_advice_about_nothing_is_not_taken(desk: Client):
    answer = desk.post(f"{LIST}add/", form())
    assert "Say what it is for" in text_of(answer)
    assert not ReturnAdvice.objects.exists()


def test_the_list_says_how_often_it_helped(desk: Client):
    advice = ReturnAdvice.objects.create(name="Fit", reason=ReturnReason.objects.first(), texts={"en": "Wash it."})
    line = line_of(delivered_order())
    AdviceShown.objects.create(line=line, advice=advice, shown_at=ASKED, kept_at=ASKED)
    assert "1 (100 %)" in text_of(desk.get(LIST))
