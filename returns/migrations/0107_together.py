from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("returns", "0106_portal5"), ("returns", "0106_rules_in_order")]
    operations = []
