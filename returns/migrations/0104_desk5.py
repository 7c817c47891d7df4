from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("returns", "0103_together"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="return",
            index=models.Index(
                condition=models.Q(status="OPEN", inspected_at=None, received_at__isnull=False),
                fields=["received_at"],
                name="return_to_inspect",
            ),
        ),
        migrations.AddIndex(
            model_name="returnitem",
            index=models.Index(
                condition=models.Q(reception="SURPLUS", disposition=""), fields=["id"], name="return_item_not_announced"
            ),
        ),
        migrations.AddIndex(
            model_name="returnitem",
            index=models.Index(
                condition=models.Q(reception="LOST", settlement=None), fields=["id"], name="return_item_lost"
            ),
        ),
    ]
