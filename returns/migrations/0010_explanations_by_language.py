"""What a rule tells customers has one text a language; what stood there in one becomes the one that stands for all."""

from django.db import migrations, models
from django.db.models import Q


def carry_over(apps, schema_editor):
    rule = apps.get_model("returns", "ReturnRule")
    for row in rule.objects.exclude(explanation=""):
        row.explanations = {"en": row.explanation}
        row.save(update_fields=["explanations"])


def carry_back(apps, schema_editor):
    rule = apps.get_model("returns", "ReturnRule")
    for row in rule.objects.exclude(explanations={}):
        row.explanation = next((row.explanations[code] for code in ("en", *row.explanations) if code in row.explanations))
        row.save(update_fields=["explanation"])


class Migration(migrations.Migration):
    dependencies = [("returns", "0009_withdrawals_stuck")]
    operations = [
        migrations.AddField(
            "returnrule",
            "explanations",
            models.JSONField(
                blank=True, db_default={}, default=dict, help_text="Told to the customer, by language: {“en”: …}."
            ),
        ),
        migrations.RemoveConstraint("returnrule", "return_rule_that_declines_says_why"),
        migrations.RunPython(carry_over, carry_back),
        migrations.RemoveField("returnrule", "explanation"),
        migrations.AddConstraint(
            "returnrule",
            models.CheckConstraint(
                condition=~Q(verdict="DECLINE") | ~Q(explanations={}), name="return_rule_that_declines_says_why"
            ),
        ),
    ]
