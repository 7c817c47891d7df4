from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("returns", "0103_together")]
    operations = [
        migrations.AddField(
            model_name="return",
            name="reminded_at",
            field=models.DateTimeField(
                blank=True, help_text="The customer was told that it runs out.", null=True
            ),
        )
    ]
