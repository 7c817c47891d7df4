from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("returns", "0105_together")]
    operations = [
        migrations.AlterField("returnrule", "position", models.PositiveIntegerField(default=0)),
        migrations.AlterModelOptions("returnrule", options={"ordering": ["position", "id"]}),
    ]
