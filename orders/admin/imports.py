"""Imports of order files: uploaded here, worked off by the workers, watched while they run."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.admin.asking import Question, actor_of, ask, require
from oms.admin.lists import ReadOnlyAdmin, Route, SavedView
from oms.models import Channel
from oms.templatetags.showing import actor, badge, moment
from orders.actions.intake.uploading import upload_file
from orders.admin.quarantine import say_reason
from orders.channels.registry import MAPPINGS
from orders.models import ImportRun
from orders.queries.import_report import STATUSES

State = ImportRun.State
GOING = (State.WAITING, State.RUNNING)


class UploadForm(forms.Form):
    channel = forms.ModelChoiceField(Channel.objects.filter(active=True), to_field_name="code", empty_label=None)
    format = forms.ChoiceField(choices=[(name, name) for name in MAPPINGS])
    file = forms.FileField(help_text="JSON, JSON Lines or CSV, also packed with gzip.")
    columns = forms.CharField(
        label="Column map",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text="For CSV, in TOML: which column is what.",
    )
    create_skus = forms.BooleanField(
        label="Create SKUs that do not exist yet", required=False, help_text="With enough stock for these orders."
    )


class ImportAdmin(ReadOnlyAdmin):
    title = "Imports"
    nouns = ("import", "imports")
    views = (
        SavedView("all", "All"),
        SavedView("going", "Waiting and running", lambda runs, at: runs.filter(state__in=GOING)),
        SavedView("failed", "Failed", lambda runs, at: runs.filter(state=State.FAILED)),
    )
    list_display = ("shown_name", "channel", "format", "shown_state", "progress", "taken", "left", "who", "when")
    list_display_links = ("shown_name",)
    list_select_related = ("channel",)
    change_list_template = "orders/admin/imports.html"

    def routes(self) -> Sequence[Route]:
        return (
            ("upload/", self.upload, "upload"),
            ("<int:run_id>/progress/", self.show_progress, "progress"),
        )

    def upload(self, request: HttpRequest) -> HttpResponse:
        require(request, "orders.add_importrun", "Your role does not include importing orders.")
        question = Question(
            title="Import orders from a file",
            consequence="Each order is taken, known already, or kept in quarantine with its reason. Importing the same "
            "file again changes nothing.",
            submit="Upload and import",
            back=reverse("admin:orders_importrun_changelist"),
            form=UploadForm,
        )

        def act(answer: dict[str, Any]) -> str:
            run = upload_file(answer.pop("file"), **answer, by=actor_of(request))
            return f"{run.name} waits for a worker, which takes it up within seconds."

        return ask(request, question, act)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        run = _run_for_staff(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            **_describe(run),
            "title": run.name,
            "trail": [("Imports", reverse("admin:orders_importrun_changelist"))],
        }
        return TemplateResponse(request, "orders/admin/import_run.html", context)

    def show_progress(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """The part of the page that changes while the run runs."""
        return render(request, "orders/admin/import_progress.html", _describe(_run_for_staff(request, str(run_id))))

    @admin.display(description="File")
    def shown_name(self, run: ImportRun) -> SafeString:
        return format_html('<span class="row-link">{}</span>', run.name)

    @admin.display(description="State")
    def shown_state(self, run: ImportRun) -> SafeString:
        return badge(run.get_state_display(), run.state)

    @admin.display(description="Progress")
    def progress(self, run: ImportRun) -> SafeString:
        return show_bar(run)

    @admin.display(description="Placed")
    def taken(self, run: ImportRun) -> str:
        return f"{run.report.get('placed', 0):,}"

    @admin.display(description="Quarantined")
    def left(self, run: ImportRun) -> str:
        return f"{run.report.get('quarantined', 0):,}"

    @admin.display(description="By")
    def who(self, run: ImportRun) -> str:
        return actor(run.by)

    @admin.display(description="Since")
    def when(self, run: ImportRun) -> Any:
        return moment(run.created_at)


def percent_of(run: ImportRun) -> int:
    """Bytes read of all bytes; a run that is done is done, whatever its packing."""
    if run.state == State.DONE:
        return 100
    return min(99, 100 * run.bytes_read // run.bytes_total) if run.bytes_total else 0


def show_bar(run: ImportRun) -> SafeString:
    percent = percent_of(run)
    return format_html(
        '<span class="progress" role="progressbar" aria-valuenow="{0}" aria-valuemin="0" aria-valuemax="100" '
        'aria-label="Bytes read"><span style="width: {0}%"></span></span> <span class="number soft">{0} %</span>',
        percent,
    )


def _describe(run: ImportRun) -> dict[str, Any]:
    report = run.report or {}
    return {
        "run": run,
        "bar": show_bar(run),
        "going": run.state in GOING,
        "report": report,
        "statuses": [(words, report.get(status, 0)) for status, words in STATUSES.items()],
        "reasons": [
            (say_reason(reason), found.get("members", 0), found.get("example", {}))
            for reason, found in report.get("quarantined_by_reason", {}).items()
        ],
    }


def _run_for_staff(request: HttpRequest, run_id: str) -> ImportRun:
    require(request, "orders.view_importrun", "Your role does not include reading imports.")
    known = ImportRun.objects.select_related("channel")
    run = known.filter(pk=int(run_id)).first() if run_id.isascii() and run_id.isdigit() else None
    if run is None:
        raise Http404("There is no such import.")
    return run
