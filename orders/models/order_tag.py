"""Which orders bear a tag, in the order of the lists."""

from django.db import models

from orders.models.order import Order


class OrderTag(models.Model):
    """One tag of one order, written by the triggers of `Order.tags` and by nothing else.

    An array's index cannot say which orders are the newest, and the planner knows nothing of a tag that few orders
    bear: it would look through all orders for it. This key has a tag's orders in the order of the lists.
    """

    pk = models.CompositePrimaryKey("tag", "placed_at", "order_id")
    tag = models.CharField(max_length=60)
    placed_at = models.DateTimeField()
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="tagged", db_index=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.tag
