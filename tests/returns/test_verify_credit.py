"""`manage.py verify_credit`."""

from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.make.credit import account_of, given, hold, spend

pytestmark = pytest.mark.django_db


def verify() -> str:
    said = StringIO()
    call_command("verify_credit", stdout=said)
    return said.getvalue()


def test_every_balance_is_proven_from_its_entries():
    account = account_of(given())
    spend(account, "30.00")
    hold(account, "5.00")

    assert verify() == "Every balance of 1 accounts is the sum of their 2 entries, and every entry balances.\n"


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE returns_creditaccount SET base = base + 1", "base: 71.00"),
        ("UPDATE returns_creditaccount SET held = held + 1", "held: 6.00, ledger 5.00 (+1.00)"),
        ("UPDATE returns_creditlot SET base_left = base_left - 1", "base left: "),
        ("UPDATE returns_creditauthorization SET captured = 29 WHERE state = 'CAPTURED'", "captured: 29.00"),
        ("UPDATE returns_creditentry SET liability_base = liability_base + 1, sales = sales - 1", "base left: "),
        ("DELETE FROM returns_creditentry WHERE kind = 'CAPTURE'", "captured: 30.00, ledger 0.00"),
    ],
)
def test_whatever_somebody_writes_past_the_ledger_is_shown(statement, named):
    account = account_of(given("100.00", "0"))
    spend(account, "30.00")
    hold(account, "5.00")
    with pgtrigger.ignore("returns.CreditEntry:append_only"), connection.cursor() as cursor:
        cursor.execute(statement)

    said = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_credit", stdout=said)
    assert named in said.getvalue()
