"""A balance that differs from its ledger is found, and the difference written down."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from inventory.actions.promising import Claim
from inventory.actions.repairing import repair_stock
from inventory.actions.reserving import reserve
from inventory.models import Availability, StockLevel, StockMovement
from inventory.queries.drift import find_drift
from tests.make.moments import ADA, NOON
from tests.make.snapshots import nothing_changes
from tests.make.stock import LEJ, SKU, on_hand, promises, stocked_variant

pytestmark = pytest.mark.django_db


def spoil_level(**figures):
    StockLevel.objects.update(**figures)


def test_stock_that_adds_up_has_no_drift_and_repairing_it_changes_nothing():
    tee = stocked_variant(on_hand=10, safety=3)
    reserve([Claim("1", tee.pk, Decimal(2), NOON)], by=ADA, at=NOON)
    assert find_drift() == []
    with nothing_changes():
        assert repair_stock(by=ADA, at=NOON) == []


def test_a_level_that_is_not_its_movements_is_found():
    stocked_variant(on_hand=10)
    spoil_level(on_hand=12, damaged=1)
    found = [(d.sku, d.warehouse, d.figure, d.balance, d.ledger) for d in find_drift()]
    assert found == [
        (SKU, LEJ, "damaged", 1, 0),
        (SKU, LEJ, "on_hand", 12, 10),
        (SKU, "", "sellable", 10, 12),
    ]


def test_a_repair_leaves_the_shelf_as_it_is_and_mends_ledger_and_promise_row():
    tee = stocked_variant(on_hand=10)
    reserve([Claim("1", tee.pk, Decimal(2), NOON)], by=ADA, at=NOON)
    spoil_level(on_hand=12)
    Availability.objects.update(promised=5)

    assert len(repair_stock(by=ADA, at=NOON)) == 3
    assert on_hand() == 12
    assert promises() == (12, 2)
    row = StockMovement.objects.latest("id")
    assert (row.delta, row.cause, row.by) == (2, "REPAIR", ADA)
    assert find_drift() == []


def test_a_movement_without_a_level_is_drift_too():
    tee = stocked_variant(on_hand=10)
    StockLevel.objects.filter(variant=tee).delete()
    assert [(d.figure, d.balance, d.ledger) for d in find_drift()] == [("on_hand", 0, 10), ("sellable", 10, 0)]


def test_the_command_shows_drift_and_fails_or_repairs(capsys):
    stocked_variant(on_hand=10)
    call_command("verify_stock")
    assert "Every balance is the sum of its ledger." in capsys.readouterr().out

    spoil_level(on_hand=12)
    with nothing_changes(), pytest.raises(CommandError, match="2 differ"):
        call_command("verify_stock")
    call_command("verify_stock", "--repair")
    assert "2 repaired." in capsys.readouterr().out
    call_command("verify_stock")


def test_the_ledger_is_written_once_and_never_changed():
    stocked_variant()
    with connection.cursor() as cursor:
        for statement in ("UPDATE inventory_stockmovement SET delta = 1", "DELETE FROM inventory_stockmovement"):
            cursor.execute("SAVEPOINT before")
            with pytest.raises(Exception, match="append_only"):
                cursor.execute(statement)
            cursor.execute("ROLLBACK TO SAVEPOINT before")
