"""Customers: who they are, and the way to their orders. They are known by e-mail across all channels."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from oms.admin.lists import ReadOnlyAdmin
from oms.templatetags.showing import moment
from orders.models import Customer


class CustomerAdmin(ReadOnlyAdmin):
    """A list to look people up in; their page is the list of their orders."""

    title = "Customers"
    nouns = ("customer", "customers")
    list_display = ("email", "name", "phone", "locale", "tier", "known_since", "orders")
    list_display_links = ("email",)
    search_fields = ("email",)
    search_help_text = "The beginning of an e-mail"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        start = search_term.strip().lower().replace("\x00", "")
        return (queryset.filter(email__startswith=start) if start else queryset), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        customer = self.get_object(request, object_id)
        return redirect(_orders_of(customer) if customer else reverse("admin:orders_customer_changelist"))

    @admin.display(description="Known since")
    def known_since(self, customer: Customer) -> Any:
        return moment(customer.created_at)

    @admin.display(description="Orders")
    def orders(self, customer: Customer) -> SafeString:
        return format_html('<a class="link" href="{}">Show</a>', _orders_of(customer))


def _orders_of(customer: Customer) -> str:
    return f"{reverse('admin:orders_order_changelist')}?{urlencode({'q': customer.email})}"
