from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0102_withdrawal_reason"),
        ("returns", "0002_portal5"),
        ("returns", "0104_desk5"),
        ("returns", "0104_reminded"),
    ]
    operations = []
