"""What of a channel's message about one of its orders is new to us."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef

from orders.channels.incoming import IncomingAddress, IncomingOrder
from orders.models import Address, Edit, Order, WriteBack
from orders.policies.edits.echoes import News, Picture, count_goods, find_news


def judge_news(order: Order, incoming: IncomingOrder) -> News:
    """Everything, for an order that was never edited here; else what is no echo and no old picture."""
    acknowledged = WriteBack.objects.filter(
        edit=OuterRef("pk"), target__channel=order.channel_id, acknowledged_at__isnull=False
    )
    edits = order.edits.filter(state=Edit.State.COMMITTED).annotate(known=Exists(acknowledged))
    edited = list(edits.values_list("before", "known"))
    if not edited:
        return News(goods=True, address=True)

    unaware = [Picture(before["goods"], _as_given(before["address"])) for before, known in edited if not known]
    return find_news(_told(incoming), _as_it_stands(order), unaware)


def _told(incoming: IncomingOrder) -> Picture:
    address = incoming.shipping_address
    goods = count_goods((line.sku or line.title, line.open_quantity) for line in incoming.lines)
    return Picture(goods, dict(address.__dict__) if address else {})


def _as_it_stands(order: Order) -> Picture:
    lines = ((line.sku or line.title, line.open_quantity) for line in order.lines.all())
    return Picture(count_goods(lines), _columns(order.shipping_address))


def _columns(address: Address | None) -> dict[str, str]:
    return {name: getattr(address, name) for name in IncomingAddress.model_fields} if address else {}


def _as_given(stored: Mapping[str, str]) -> dict[str, str]:
    return {name: stored.get(name, "") for name in IncomingAddress.model_fields} if stored else {}
