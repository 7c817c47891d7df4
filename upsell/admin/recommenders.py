"""What was learned of what is bought with what: trained now, compared with simpler ways, swapped and swapped back."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from oms.admin.asking import Question, actor_of, ask, carry_out, require
from oms.admin.lists import Route, RoutedAdmin
from upsell.actions.swapping import swap_recommender
from upsell.actions.wanting import want_training
from upsell.models import Recommender

TRAIN = "upsell.train_recommender"
NOT_YOURS = "Your role does not include training recommenders."
SHOWN = 12
State = Recommender.State
TONES = {
    State.WANTED: "warm",
    State.TRAINING: "warm",
    State.READY: "cool",
    State.ACTIVE: "good",
    State.RETIRED: "mute",
    State.FAILED: "bad",
}
UNDER_WAY = (State.WANTED, State.TRAINING)
SWAPPABLE = (State.READY, State.RETIRED)


class RecommenderAdmin(RoutedAdmin):
    def routes(self) -> list[Route]:
        return [
            ("train/", self.train, "train"),
            ("progress/", self.progress, "progress"),
            ("<int:recommender_id>/swap/", self.swap, "swap"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        require(request, "upsell.view_recommender", "Your role does not include reading recommenders.")
        context = {**self.admin_site.each_context(request), "title": "Recommenders", **_read(request)}
        return TemplateResponse(request, "upsell/admin/recommenders.html", context)

    def progress(self, request: HttpRequest) -> HttpResponse:
        """The table alone: the page asks for it while a training is under way."""
        require(request, "upsell.view_recommender", "Your role does not include reading recommenders.")
        return TemplateResponse(request, "upsell/admin/recommenders_table.html", _read(request))

    def train(self, request: HttpRequest) -> HttpResponse:
        """One click: what is in use stays so unless the new one is no worse."""
        require(request, TRAIN, NOT_YOURS)
        if request.method == "POST":

            def act() -> str:
                want_training(by=actor_of(request), at=timezone.now())
                return "A worker begins to train. This page shows how far it is."

            carry_out(request, act)
        return HttpResponseRedirect(_list())

    def swap(self, request: HttpRequest, recommender_id: int) -> HttpResponse:
        require(request, TRAIN, NOT_YOURS)
        recommender = Recommender.objects.filter(pk=recommender_id).first()
        if recommender is None:
            raise Http404("There is no such recommender.")
        question = Question(
            title=f"Use {recommender}",
            consequence="From the next page view on it ranks what is offered. What was bought together since the one "
            "in use was trained is counted anew. You can swap back.",
            submit="Use it",
            back=_list(),
        )

        def act(answer: dict[str, Any]) -> str:
            swap_recommender(recommender=recommender, by=actor_of(request), at=timezone.now())
            return f"{recommender} is in use."

        return ask(request, question, act)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def _read(request: HttpRequest) -> dict[str, Any]:
    found = list(Recommender.objects.order_by("-id")[:SHOWN])
    return {
        "rows": [_describe(each) for each in found],
        "under_way": any(each.state in UNDER_WAY for each in found),
        "may_train": request.user.has_perm(TRAIN),
        "used": next((_describe(each) for each in found if each.state == State.ACTIVE), None),
    }


def _describe(recommender: Recommender) -> dict[str, Any]:
    return {
        "recommender": recommender,
        "tone": TONES[State(recommender.state)],
        "under_way": recommender.state in UNDER_WAY,
        "swappable": recommender.state in SWAPPABLE,
        "figures": [(name, _percents(told)) for name, told in recommender.figures.items() if isinstance(told, Mapping)],
    }


def _percents(told: Mapping[str, Any]) -> dict[str, Any]:
    """Shares in per cent, as people read them."""
    shares = {name: f"{100 * told[name]:.1f} %" for name in ("hit_rate", "coverage") if name in told}
    rank = {"reciprocal_rank": f"{told['reciprocal_rank']:.3f}"} if "reciprocal_rank" in told else {}
    return {**shares, **rank, "cases": told.get("cases", ""), "milliseconds": told.get("milliseconds_p95", "")}


def _list() -> str:
    return reverse("admin:upsell_recommender_changelist")
