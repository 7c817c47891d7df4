"""The label of a fulfillment, or of a return, as far as there is one."""

from orders.absences import LabelNotFound
from orders.models import Label


def label_of(number: str) -> Label:
    """The label that was bought for it, with its document.

    Raises:
        LabelNotFound
    """
    bought = Label.objects.filter(fulfillment__number=number, state=Label.State.BOUGHT)
    label = bought.select_related("document").first()
    if label is None:
        raise LabelNotFound(number)
    return label


def return_label_of(number: str) -> Label:
    """The label that was bought for this return, with its document.

    Raises:
        LabelNotFound
    """
    bought = Label.objects.filter(rma=number, state=Label.State.BOUGHT)
    label = bought.select_related("document", "account", "order").first()
    if label is None:
        raise LabelNotFound(number)
    return label


def live_label_id(number: str) -> int:
    """Of the label that is bought or wanted for it.

    Raises:
        LabelNotFound
    """
    live = Label.objects.filter(fulfillment__number=number, state__in=Label.LIVE).values_list("id", flat=True)
    key = live.order_by("-id").first()
    if key is None:
        raise LabelNotFound(number)
    return key
