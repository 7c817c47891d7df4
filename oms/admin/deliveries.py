"""Deliveries of events to reactions: above all the dead letters, with their error and a way to send them again."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from oms.actions.delivering import retry_deliveries
from oms.admin.asking import Question, ask, carry_out, require
from oms.admin.counting import count_up_to
from oms.admin.figures import Figure, say_number, show_figure, snapshot
from oms.admin.lists import ReadOnlyAdmin, Route, SavedView
from oms.models import Delivery
from oms.templatetags.showing import badge, moment

ALL_AT_ONCE = 5_000


class DeliveryAdmin(ReadOnlyAdmin):
    title = "Dead letters"
    nouns = ("delivery", "deliveries")
    views = (
        SavedView("dead", "Dead letters", lambda deliveries, at: deliveries.dead()),
        SavedView("waiting", "Waiting", lambda deliveries, at: deliveries.filter(state=Delivery.State.WAITING)),
        SavedView("all", "All"),
    )
    list_display = ("event_type", "subject", "reaction", "shown_state", "attempts", "next_try", "error")
    list_display_links = ("event_type",)
    list_select_related = ("event",)
    change_list_template = "oms/admin/deliveries.html"

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {"send_again": (DeliveryAdmin.send_again, "send_again", "Send the selected again")}

    def routes(self) -> Sequence[Route]:
        return [("send-all-again/", self.send_all_again, "again")]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, "oms.view_delivery", "Your role does not include reading deliveries.")
        delivery = self.get_object(request, object_id)
        if delivery is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        trail = [("Dead letters", reverse("admin:oms_delivery_changelist"))]
        context = {**self.admin_site.each_context(request), "title": f"Delivery {delivery.pk}", "trail": trail}
        context |= {"delivery": delivery}
        return TemplateResponse(request, "oms/admin/delivery.html", context)

    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """The selected, or the one whose page it is."""
        require(request, "oms.retry_delivery", "Your role does not include sending dead letters again.")
        ids = [int(pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME) if pk.isdigit()]
        carry_out(request, lambda: _say_sent(retry_deliveries(ids, at=timezone.now())))

    def send_all_again(self, request: HttpRequest) -> HttpResponse:
        require(request, "oms.retry_delivery", "Your role does not include sending dead letters again.")
        question = Question(
            title="Send all dead letters again",
            consequence="Each is tried again with a fresh count of attempts. Mend the cause first, or they come back.",
            submit="Send again",
            back=reverse("admin:oms_delivery_changelist"),
        )

        def act(answer: dict[str, Any]) -> str:
            ids = list(Delivery.objects.dead().order_by("id").values_list("id", flat=True)[:ALL_AT_ONCE])
            return _say_sent(retry_deliveries(ids, at=timezone.now()))

        return ask(request, question, act)

    @admin.display(description="Event")
    def event_type(self, delivery: Delivery) -> str:
        return delivery.event.type

    @admin.display(description="About")
    def subject(self, delivery: Delivery) -> str:
        return delivery.event.subject

    @admin.display(description="State")
    def shown_state(self, delivery: Delivery) -> SafeString:
        return badge(delivery.get_state_display(), delivery.state)

    @admin.display(description="Next try")
    def next_try(self, delivery: Delivery) -> Any:
        return moment(delivery.run_after) if delivery.state == Delivery.State.WAITING else "–"

    @admin.display(description="Error")
    def error(self, delivery: Delivery) -> str:
        return delivery.last_error[:90]


def show_dead_letters(request: HttpRequest, subject: object) -> str:
    """The dashboard's card."""
    if not request.user.has_perm("oms.view_delivery"):
        return ""
    number = snapshot("dead-letters", lambda: count_up_to(Delivery.objects.dead()))
    link = f"{reverse('admin:oms_delivery_changelist')}?view=dead"
    note = "events nobody could take" if number else "everything was delivered"
    return show_figure(Figure("Dead letters", say_number(number), link, note, "bad" if number else ""))


def _say_sent(number: int) -> str:
    if not number:
        return "Nothing was waiting to be sent again."
    return f"{number} {'delivery is' if number == 1 else 'deliveries are'} on the way again."
