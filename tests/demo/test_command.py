"""`manage.py load_demo`, in a database that is in use and in one that is not."""

import io
import json
import stat
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.management.commands.load_demo import FILE, Command
from oms.models import Channel
from config.demo.staffing import Credentials

CREDENTIALS = Credentials("demo", "a-password", "oms_a-key")


@pytest.mark.django_db
def test_in_a_database_that_is_in_use_nothing_is_loaded_and_no_file_is_written(tmp_path, monkeypatch):
    monkeypatch.setenv(FILE, str(tmp_path / "credentials.json"))
    Channel.objects.create(code="ours", name="Ours")
    said = io.StringIO()

    call_command("load_demo", stdout=said)

    assert "in use already: nothing was loaded" in said.getvalue()
    assert list(Channel.objects.values_list("code", flat=True)) == ["ours"]
    assert not list(tmp_path.iterdir())
