"""A channel's secret lies encrypted in the database and is plain in Python."""

import pytest
from django.db import connection

from oms import encryption
from oms.models import Channel
from tests.make.orders import channel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_keys():
    """The keys are derived once a process; a test that changes them wants them derived anew."""
    encryption._cipher.cache_clear()
    yield
    encryption._cipher.cache_clear()


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT webhook_secret FROM oms_channel")
        return cursor.fetchone()[0]


def test_a_secret_is_read_as_it_was_written_and_lies_as_nobody_can_read_it():
    channel(webhook_secret="hush, 漢字")
    assert Channel.objects.get().webhook_secret == "hush, 漢字"
    assert "hush" not in stored()


def test_no_secret_is_no_secret():
    channel(webhook_secret="")
    assert (Channel.objects.get().webhook_secret, stored()) == ("", "")


def test_the_same_secret_never_looks_the_same():
    channel(webhook_secret="hush")
    first = stored()
    Channel.objects.update(webhook_secret="hush")
    assert stored() != first


def test_keys_can_be_rotated(settings):
    channel(webhook_secret="hush")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-another-key-another-key-another-key"
    encryption._cipher.cache_clear()
    assert Channel.objects.get().webhook_secret == "hush"


def test_a_secret_under_a_key_that_is_gone_is_as_good_as_never_set(settings):
    channel(webhook_secret="hush")
    settings.SECRET_KEY = "another-key-another-key-another-key-another-key"
    encryption._cipher.cache_clear()
    assert Channel.objects.get().webhook_secret == ""
