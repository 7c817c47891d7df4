from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("inventory", "0002_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="stocklevel",
            options={"permissions": [("move_stock", "Can receive, count, adjust and transfer stock")]},
        ),
    ]
