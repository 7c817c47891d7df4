"""Who withdraws from a contract gives no reason: what stands in its place, offered to nobody."""

from django.db import migrations


def fill(apps, schema_editor):
    apps.get_model("returns", "ReturnReason").objects.get_or_create(
        code="withdrawal",
        defaults={
            "labels": {"en": "Withdrawal from the contract", "zh-hans": "撤回合同"},
            "root_cause": "MISUNDERSTANDING",
            "shopify": "UNWANTED",
            "active": False,
            "position": 999,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("returns", "0002_reasons_and_rules")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
