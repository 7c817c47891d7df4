"""Routing by hand: the form in which staff say who sends what, with what lies where; and "look again, now"."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from inventory.models import Allocation, StockLevel, Warehouse
from oms.admin.asking import Question, actor_of, ask, require
from oms.quantities import plain
from orders.actions.routing.overriding import override_routing
from orders.actions.routing.rerouting import reroute_order
from orders.models import Fulfillment, Order, OrderLine
from orders.policies.routing.choosing import Choice, choose_plan
from orders.policies.routing.problem import Wave

_NOT_YOURS = "Your role does not include routing orders."
NOTHING = Decimal(0)
SOLVER_SECONDS = 2.0
"""Somebody waits for the page: one order needs a fraction of it."""


@dataclass(frozen=True)
class Shelf:
    """What one warehouse has for one line. `free` may be sent; `safety` of it is kept back otherwise."""

    field: forms.BoundField
    free: Decimal
    safety: Decimal


@dataclass(frozen=True)
class Row:
    """A line of the order with what is to be routed of it, and the shelves it can come from."""

    line: OrderLine
    units: Decimal
    shelves: list[Shelf]


def route_otherwise(request: HttpRequest, number: str) -> HttpResponse:
    require(request, "orders.route_order", _NOT_YOURS)
    order = _order(number)
    lines, places = _read_movable(order), list(Warehouse.objects.filter(active=True))
    form = _form(lines, places, _read_present(order), _read_stock(order, lines))
    question = Question(
        title=f"Route otherwise: order {number}",
        consequence="What no warehouse has accepted goes as you say. Units must add up to the order; safety stock may "
        "be used. What a warehouse has in its hands stays there.",
        submit="Route like this",
        back=_page_of(order),
        form=form,
        template="orders/admin/ask_route.html",
    )

    def act(answer: dict[str, Any]) -> str:
        wanted = {
            place.code: {line.pk: units for line, _ in lines if (units := answer.get(f"{line.pk}-{place.code}"))}
            for place in places
        }
        decision = override_routing(
            number=number, wanted=wanted, note=answer["note"], by=actor_of(request), at=timezone.now()
        )
        return f"Order {number} goes to {' and '.join(part['name'] for part in decision.parts)}."

    return ask(request, question, act)


def route_again(request: HttpRequest, number: str) -> HttpResponse:
    require(request, "orders.route_order", _NOT_YOURS)
    order = _order(number)
    question = Question(
        title=f"Route again: order {number}",
        consequence="What no warehouse has accepted is taken back, and the best way is looked for with the stock and "
        "rates of this moment.",
        submit="Route again now",
        back=_page_of(order),
    )

    def act(answer: dict[str, Any]) -> str:
        reroute_order(number=number, solve=solve_quickly, by=actor_of(request), at=timezone.now())
        order.refresh_from_db()
        live = order.fulfillments.live().values_list("warehouse__name", flat=True)
        if order.routed_at is None:
            return (
                f"Nobody can send {'the rest of ' if live else ''}order {number} now. The panel says what is missing."
            )
        return f"Order {number} goes to {' and '.join(live)}."

    return ask(request, question, act)


def solve_quickly(wave: Wave) -> Choice:
    return choose_plan(wave, seconds=SOLVER_SECONDS, together=None)


def _read_movable(order: Order) -> list[tuple[OrderLine, Decimal]]:
    """The goods that nobody has in their hands, with how many units of each."""
    in_hand: dict[int, Decimal] = defaultdict(Decimal)
    held = order.fulfillments.filter(status__in=Fulfillment.LIVE, request_status__in=Fulfillment.IN_HAND)
    for each in held.prefetch_related("lines"):
        for line in each.lines.all():
            in_hand[line.order_line_id] += line.open_quantity
    goods = order.lines.filter(kind__in=[OrderLine.Kind.PRODUCT, OrderLine.Kind.CUSTOM]).select_related("variant")
    left = [(line, line.open_quantity - in_hand[line.pk]) for line in goods.order_by("position")]
    return [(line, units) for line, units in left if units > 0]


def _read_present(order: Order) -> dict[tuple[int, str], Decimal]:
    """Who is asked for how much now, by line and warehouse."""
    asked: dict[tuple[int, str], Decimal] = {}
    open_ = order.fulfillments.live().exclude(request_status__in=Fulfillment.IN_HAND)
    for each in open_.select_related("warehouse").prefetch_related("lines"):
        for line in each.lines.all():
            asked[line.order_line_id, each.warehouse.code] = line.open_quantity
    return asked


def _read_stock(order: Order, lines: Sequence[tuple[OrderLine, Decimal]]) -> dict[tuple[int, int], tuple[Any, Any]]:
    """By variant and warehouse: units that can be sent, and how many of them are safety stock. What is set apart for
    this very order, and nobody has in their hands, counts as free.
    """
    variants = [line.variant_id for line, _ in lines if line.variant_id]
    movable = order.fulfillments.live().exclude(request_status__in=Fulfillment.IN_HAND).values_list("number", flat=True)
    own: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for each in Allocation.objects.filter(part__in=list(movable), state=Allocation.State.ALLOCATED):
        own[each.variant_id, each.warehouse_id] += each.quantity
    return {
        (level.variant_id, level.warehouse_id): (
            level.on_hand - level.allocated + own[level.variant_id, level.warehouse_id],
            level.safety,
        )
        for level in StockLevel.objects.filter(variant__in=variants)
    }


class RouteForm(forms.Form):
    """A field for each line and warehouse; subclasses have the fields, and what the shelves hold."""

    lines: ClassVar[Sequence[tuple[OrderLine, Decimal]]] = ()
    places: ClassVar[Sequence[Warehouse]] = ()
    stock: ClassVar[Mapping[tuple[int, int], tuple[Decimal, Decimal]]] = {}

    note = forms.CharField(label="Why", max_length=255, help_text="It stands with the decision.")

    def rows(self) -> list[Row]:
        return [Row(line, units, [self._shelf(line, place) for place in self.places]) for line, units in self.lines]

    def _shelf(self, line: OrderLine, place: Warehouse) -> Shelf:
        free, safety = self.stock.get((line.variant_id or 0, place.pk), (NOTHING, NOTHING))
        there = max(free, NOTHING)
        return Shelf(self[f"{line.pk}-{place.code}"], there, min(safety, there))


def _form(
    lines: Sequence[tuple[OrderLine, Decimal]],
    places: Sequence[Warehouse],
    present: Mapping[tuple[int, str], Decimal],
    stock: Mapping[tuple[int, int], tuple[Decimal, Decimal]],
) -> type[RouteForm]:
    fields: dict[str, Any] = {
        f"{line.pk}-{place.code}": forms.DecimalField(
            required=False,
            min_value=NOTHING,
            max_value=units,
            initial=plain(now) if (now := present.get((line.pk, place.code))) else None,
            widget=forms.NumberInput(
                attrs={"aria-label": f"{line.sku or line.title} from {place.name}", "class": "bench-quantity"}
            ),
        )
        for line, units in lines
        for place in places
    }
    return type("RouteForm", (RouteForm,), {**fields, "lines": lines, "places": places, "stock": stock})


def _order(number: str) -> Order:
    order = Order.objects.filter(number=number).first()
    if order is None:
        raise Http404(f"There is no order {number}.")
    return order


def _page_of(order: Order) -> str:
    return f"{reverse('admin:orders_order_change', args=[order.number])}#routing"
