from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="order",
            options={
                "permissions": [
                    ("hold_order", "Can hold orders"),
                    ("lift_hold", "Can lift holds"),
                    ("release_order", "Can release orders"),
                    ("cancel_order", "Can cancel orders"),
                    ("record_payment", "Can record payments"),
                ]
            },
        ),
        migrations.AlterModelOptions(
            name="quarantinedmessage",
            options={"permissions": [("settle_quarantine", "Can retry and dismiss quarantined messages")]},
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("released_at__isnull", False)), fields=["-released_at"], name="order_by_release"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("test", True)), fields=["-placed_at", "-id"], name="order_tests"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    ("stated_total__isnull", False), models.Q(("stated_total", models.F("total")), _negated=True)
                ),
                fields=["-placed_at", "-id"],
                name="order_totals_mismatch",
            ),
        ),
    ]
