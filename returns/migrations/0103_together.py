from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0002_credit5"),
        ("returns", "0002_desk5"),
        ("returns", "0002_settle5"),
        ("returns", "0101_reasons_and_rules"),
    ]
    operations = []
