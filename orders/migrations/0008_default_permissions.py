"""Who may change what, until the operator says otherwise; and the steps in which SKUs sell."""

from django.db import migrations

LIMITS = {"EUR": "200", "USD": "220", "GBP": "180", "CHF": "200", "CNY": "1600", "JPY": "32000", "CAD": "300", "AUD": "330"}
BOT_LIMITS = {"EUR": "50", "USD": "55", "GBP": "45", "CHF": "50", "CNY": "400", "JPY": "8000", "CAD": "75", "AUD": "80"}

FOREIGN = "It would go to another country: shipping, tax and customs change."
MUCH = "It raises the order by more than may be done without us."
ROWS = [
    ("STAFF", "ANY", "ANY", None, None, "ALLOW", ""),
    ("CUSTOMER", "set_unit_price", "ANY", None, None, "REFUSE", "Prices are set by the shop."),
    ("CUSTOMER", "ANY", "WINDOW_OPEN", True, None, "APPROVE", FOREIGN),
    ("CUSTOMER", "ANY", "WINDOW_OPEN", None, LIMITS, "ALLOW", ""),
    ("CUSTOMER", "ANY", "WINDOW_OPEN", None, None, "APPROVE", MUCH),
    ("BOT", "set_unit_price", "ANY", None, None, "REFUSE", "Prices are set by the shop."),
    ("BOT", "cancel_order", "WINDOW_OPEN", None, None, "APPROVE", "A machine asks to cancel the order."),
    ("BOT", "ANY", "WINDOW_OPEN", True, None, "APPROVE", FOREIGN),
    ("BOT", "ANY", "WINDOW_OPEN", None, BOT_LIMITS, "ALLOW", ""),
    ("BOT", "ANY", "WINDOW_OPEN", None, None, "APPROVE", MUCH),
    ("API", "cancel_order", "ANY", None, None, "ALLOW", ""),
    ("API", "ANY", "WINDOW_OPEN", None, None, "ALLOW", ""),
    ("API", "ANY", "HELD", None, None, "ALLOW", ""),
    ("API", "ANY", "RELEASED", None, None, "APPROVE", "The order is on its way to a warehouse."),
]
TIERS = [("hot", "Hot", 5.0), ("regular", "Regular", 0.5), ("slow", "Slow", 0.0)]


def fill(apps, schema_editor):
    columns = ("actor", "operation", "stage", "to_another_country", "limits", "verdict", "sentence")
    permission = apps.get_model("orders", "EditPermission")
    permission.objects.bulk_create(
        permission(position=10 * place, **dict(zip(columns, row))) for place, row in enumerate(ROWS, 1)
    )
    tier = apps.get_model("inventory", "VelocityTier")
    tier.objects.bulk_create(tier(code=code, name=name, from_units_a_day=units) for code, name, units in TIERS)


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_edits"), ("inventory", "0006_edits")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
