"""Accounts of store credit: the list, and each one's statement."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.admin.asking import require
from oms.admin.lists import ReadOnlyAdmin, SavedView
from oms.templatetags.showing import badge, moment, money
from returns.admin.credit.deeds import forgive, freeze, give, pay_out, renew, thaw
from returns.models import CreditAccount
from returns.queries.credit.standings import read_standings

SHOWN = 200
"""So many entries stand on the page; the newest first."""


class CreditAccountAdmin(ReadOnlyAdmin):
    title = "Store credit"
    nouns = ("account", "accounts")
    views = (
        SavedView("all", "All"),
        SavedView("owing", "Owing us", lambda accounts, at: accounts.filter(receivable__gt=0)),
        SavedView("frozen", "Frozen", lambda accounts, at: accounts.exclude(frozen_at=None)),
    )
    list_display = ("owner", "balance_shown", "bonus_shown", "held_shown", "owed_shown", "state", "opened")
    list_display_links = ("owner",)
    list_select_related = ("customer",)
    search_fields = ("customer__email",)
    search_help_text = "The beginning of an e-mail, or an account's id"
    change_list_template = "returns/admin/credit_accounts.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[CreditAccount], search_term: str
    ) -> tuple[QuerySet[CreditAccount], bool]:
        word = search_term.strip().replace("\x00", "")
        if not word:
            return queryset, False
        return queryset.filter(customer__email__startswith=word.lower()) | queryset.filter(key=word), False

    def get_urls(self) -> list[URLPattern]:
        own: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
            ("give/", give, "give"),
            ("<int:account_id>/freeze/", freeze, "freeze"),
            ("<int:account_id>/thaw/", thaw, "thaw"),
            ("<int:account_id>/code/", renew, "renew"),
            ("<int:account_id>/pay-out/", pay_out, "pay_out"),
            ("<int:account_id>/forgive/", forgive, "forgive"),
        )
        patterns = [
            path(route, self.admin_site.admin_view(view), name=f"returns_creditaccount_{name}")
            for route, view, name in own
        ]
        return patterns + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, "returns.view_creditaccount", "Your role does not include reading store credit.")
        account = CreditAccount.objects.select_related("customer").filter(pk=object_id).first()
        if account is None:
            raise Http404
        at = timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "title": f"Store credit of {account.customer.email}",
            "trail": [("Store credit", reverse("admin:returns_creditaccount_changelist"))],
            "account": account,
            "standing": read_standings([account], at=at)[account.pk],
            "entries": account.entries.select_related("lot", "authorization").order_by("-id")[:SHOWN],
            "holds": account.authorizations.filter(state="AUTHORIZED").order_by("-id"),
            "shown": SHOWN,
        }
        return TemplateResponse(request, "returns/admin/credit_account.html", context)

    @admin.display(description="Customer")
    def owner(self, account: CreditAccount) -> SafeString:
        return format_html('<span class="row-link">{}</span>', account.customer.email)

    @admin.display(description="Balance")
    def balance_shown(self, account: CreditAccount) -> Any:
        return money(account.balance, account.currency)

    @admin.display(description="Of it bonus")
    def bonus_shown(self, account: CreditAccount) -> Any:
        return money(account.bonus, account.currency)

    @admin.display(description="Held")
    def held_shown(self, account: CreditAccount) -> Any:
        return money(account.held, account.currency) if account.held else ""

    @admin.display(description="Owed to us")
    def owed_shown(self, account: CreditAccount) -> Any:
        return money(account.receivable, account.currency) if account.receivable else ""

    @admin.display(description="State")
    def state(self, account: CreditAccount) -> SafeString | str:
        return badge("frozen", "bad", account.frozen_because) if account.frozen_at else ""

    @admin.display(description="Opened")
    def opened(self, account: CreditAccount) -> Any:
        return moment(account.opened_at)
