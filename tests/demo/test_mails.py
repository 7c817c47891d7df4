"""The mails of the demo: there to be read, and for nobody to get."""

import pytest

from config.demo.mails import find_shown_mail
from oms.actions.mailing import send_messages
from oms.models import Message
from tests.demo.conftest import NOW
from tests.make.staff import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("runs")]


def test_there_are_mails_of_several_kinds_and_languages():
    kept = Message.objects.filter(state="KEPT")
    assert {"confirmation", "edited"} <= set(kept.values_list("kind", flat=True))
    assert {"en", "zh-hans"} <= set(kept.values_list("language", flat=True))
    assert not kept.exclude(made_at__lte=NOW).exists()


def test_none_of_them_can_go_out(mailoutbox):
    assert set(Message.objects.values_list("state", flat=True)) <= {"KEPT", "SUPPRESSED"}
    assert send_messages(at=NOW) == 0
    assert not [message for message in Message.objects.all() if message.may_be_sent]
    assert mailoutbox == []


def test_the_one_that_the_banner_names_can_be_read(runs):
    page = runs.credentials.as_document()["pages"]["A mail"]
    assert page == find_shown_mail()
    shown = browser(superuser=True).get(page)
    assert "Your order" in shown.content.decode()
