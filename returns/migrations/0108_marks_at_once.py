import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("returns", "0107_together")]
    operations = [
        migrations.RemoveIndex("abusescore", "abuse_score_by_payment"),
        migrations.AddIndex(
            "abusescore",
            django.contrib.postgres.indexes.GinIndex(
                fields=["payment_marks"], name="abuse_score_by_payment", fastupdate=False
            ),
        ),
    ]
