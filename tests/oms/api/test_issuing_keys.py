"""Keys are issued once, end when told, and are revoked for good."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from oms.actions.issuing_keys import end_api_key, issue_api_key, revoke_api_key
from oms.api.authentication import find_key
from oms.errors import Invalid, NotFound
from oms.models import ApiKey, Channel, EventRecord
from oms.models.api_key import Scope, digest_of
from tests.make.partners import NOON

pytestmark = pytest.mark.django_db


def issue(**changes):
    return issue_api_key(**({"name": "3PL", "scopes": ["stock:read"], "by": "staff:ada", "at": NOON} | changes))


def issue_by_command(*arguments: str) -> str:
    out = StringIO()
    call_command("create_api_key", "--name", "3PL", *arguments, stdout=out)
    return out.getvalue().splitlines()[-1]


def test_a_key_is_shown_once_and_stored_as_its_digest():
    Channel.objects.create(code="web", name="Web")
    key, secret = issue(channels=["web"], warehouses=["LEJ"])
    stored = ApiKey.objects.get()
    assert (stored.pk, stored.digest, stored.prefix) == (key.pk, digest_of(secret), secret[:12])
    assert (stored.scopes, stored.channels, stored.warehouses) == (["stock:read"], ["web"], ["LEJ"])
    assert len(secret) == 47
    assert find_key(secret).pk == key.pk


def test_issuing_is_on_record_without_the_secret():
    key, secret = issue()
    record = EventRecord.objects.get()
    assert (record.type, record.subject, record.by, record.at) == ("api_key.issued", str(key.pk), "staff:ada", NOON)
    assert record.facts["scopes"] == ["stock:read"]
    assert secret not in str(record.facts)
    assert digest_of(secret) not in str(record.facts)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"name": "x" * 121}, "name_missing"),
        ({"scopes": []}, "scope_needed"),
        ({"scopes": ["stock:eat"]}, "unknown_scope"),
        ({"channels": ["moon"]}, "unknown_channel"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused_and_nothing_is_announced(changes, code):
    with pytest.raises(Invalid) as refusal:
        issue(**changes)
    assert [error.code for error in refusal.value.errors] == [code]
    assert not ApiKey.objects.exists()
    assert not EventRecord.objects.exists()


def test_revoking_is_for_good_and_twice_is_harmless():
    key, secret = issue()
    for hours in (1, 2):
        revoke_api_key(key_id=key.pk, by="staff:ada", at=NOON + timedelta(hours=hours))
    assert find_key(secret) is None
    assert ApiKey.objects.get().revoked_at == NOON + timedelta(hours=1)
    assert EventRecord.objects.filter(type="api_key.revoked").count() == 1


def test_a_key_can_be_given_an_end_but_not_in_the_past():
    key, secret = issue()
    end_api_key(key_id=key.pk, expires_at=timezone.now() + timedelta(days=1), by="staff:ada", at=NOON)
    assert find_key(secret) is not None
    with pytest.raises(Invalid):
        end_api_key(key_id=key.pk, expires_at=NOON, by="staff:ada", at=NOON)
    assert EventRecord.objects.filter(type="api_key.end_set").count() == 1


def test_a_key_that_is_not_there_cannot_be_revoked():
    with pytest.raises(NotFound):
        revoke_api_key(key_id=404, by="staff:ada", at=NOON)


def test_the_command_prints_the_key_on_its_last_line():
    secret = issue_by_command("--scope", "stock:read", "--scope", "stock:write", "--warehouse", "LEJ")
    key = find_key(secret)
    assert (key.name, key.scopes, key.warehouses) == ("3PL", ["stock:read", "stock:write"], ["LEJ"])


def test_the_command_can_give_the_key_an_end():
    find_key(issue_by_command("--scope", "admin", "--expires-days", "7"))
    days_left = ApiKey.objects.get().expires_at - timezone.now()
    assert timedelta(days=6, hours=23) < days_left <= timedelta(days=7)


def test_the_command_lists_the_scopes_when_one_is_unknown():
    with pytest.raises(CommandError) as refusal:
        issue_by_command("--scope", "stock:eat")
    assert "stock:eat is not a scope" in str(refusal.value)
    assert all(scope in str(refusal.value) for scope in Scope.values)
    assert not ApiKey.objects.exists()


def test_the_command_leaves_no_key_behind_when_its_end_makes_no_sense():
    with pytest.raises(CommandError):
        issue_by_command("--scope", "admin", "--expires-days", "0")
    assert not ApiKey.objects.exists()
