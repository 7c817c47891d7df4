"""`manage.py load_demo`: what it says, what it writes, and when it does nothing."""

import io
import json
import stat
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.demo.staffing import Credentials
from config.management.commands.load_demo import FILE, write_credentials
from oms.models import Channel
from tests.make.snapshots import nothing_changes

CREDENTIALS = Credentials("demo", "a-password", "oms_a-key")


def load_demo(**options) -> str:
    said = io.StringIO()
    call_command("load_demo", stdout=said, **options)
    return said.getvalue()


@pytest.mark.django_db
def test_in_a_database_that_is_in_use_nothing_is_loaded_and_no_file_is_written(tmp_path, monkeypatch):
    monkeypatch.setenv(FILE, str(tmp_path / "credentials.json"))
    Channel.objects.create(code="ours", name="Ours")

    with nothing_changes():
        said = load_demo()

    assert said == "This database is in use already: nothing was loaded.\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.django_db
def test_a_now_in_the_future_is_refused_and_changes_nothing():
    with nothing_changes(), pytest.raises(CommandError, match="future"):
        load_demo(now=timezone.now() + timedelta(days=2))


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", ""])
def test_a_now_that_is_no_moment_is_refused(text):
    with pytest.raises(CommandError, match="is no moment"):
        call_command("load_demo", f"--now={text}")


def test_the_credentials_are_readable_by_their_owner_only_and_replace_older_ones(tmp_path):
    path = tmp_path / "credentials.json"
    path.write_text("old")

    write_credentials(str(path), CREDENTIALS)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == {
        "staff": {"username": "demo", "password": "a-password"},
        "api_key": "oms_a-key",
    }
    assert [entry.name for entry in tmp_path.iterdir()] == ["credentials.json"]
