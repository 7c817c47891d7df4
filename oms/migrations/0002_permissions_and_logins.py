from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("oms", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="delivery",
            options={
                "permissions": [("retry_delivery", "Can send dead letters again")],
                "verbose_name_plural": "deliveries",
            },
        ),
        migrations.CreateModel(
            name="FailedLogin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("username", models.CharField(max_length=150)),
                ("address", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["username", "address", "at"], name="failed_login_by_whom"),
                    models.Index(fields=["at"], name="failed_login_age"),
                ],
            },
        ),
    ]
