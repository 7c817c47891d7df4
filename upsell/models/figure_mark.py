"""That something changed among what was offered, and what it brought."""

import pgtrigger
from django.db import models

from upsell.models.campaign import Campaign


class FigureMark(models.Model):
    """The kept figures of the day of `at` (an offer was made then, an order assigned) are not true any more.

    Written by triggers in the transaction of the change, and only inserted: nobody waits for anybody. It goes when the
    day is rolled up anew. Whoever reads sees the change and its mark, or neither.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.at}"


def mark_changes(*columns: str, by: str) -> list[pgtrigger.Trigger]:
    """The triggers of a table that figures are made of: a row that comes or goes, or one of whose `columns` changes.

    `by`: what yields campaign and moment of the row that is named ROW in it.
    """
    insert = "INSERT INTO upsell_figuremark (campaign_id, at) "
    new, old = (by.replace("ROW", row) for row in ("NEW", "OLD"))
    return [
        _after("marks_figures", pgtrigger.Insert, f"{insert}{new};"),
        _after("marks_figures_gone", pgtrigger.Delete, f"{insert}{old};"),
        _after("marks_figures_anew", pgtrigger.Update, f"{insert}{new} UNION {old};", pgtrigger.AnyChange(*columns)),
    ]


def _after(
    name: str, operation: pgtrigger.Operation, func: str, condition: pgtrigger.Condition | None = None
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.After, operation=operation, condition=condition, func=f"{func} RETURN NULL;"
    )
