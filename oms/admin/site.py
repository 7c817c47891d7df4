"""The admin site: who gets in, what a browser may run there, and what a refusal of access looks like."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from csp.decorators import csp_replace
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.sites import UnfoldAdminSite

from oms.admin.login import StaffLoginForm
from oms.panels import render_panels

View = Callable[..., HttpResponse]

relax_policy = cast(Callable[[View], View], csp_replace(settings.ADMIN_CONTENT_SECURITY_POLICY))
"""For the admin alone: its theme evaluates expressions and writes inline styles."""


class StaffSite(UnfoldAdminSite):
    """The admin for operations staff; its pages come from `config/admin.py`."""

    login_form = StaffLoginForm
    login_template = "oms/admin/login.html"
    index_template = "oms/admin/dashboard.html"
    index_title = "Today"

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        return relax_policy(self._explaining(super().admin_view(view, cacheable)))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return relax_policy(super().login)(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        panels = {"figures": render_panels("figures", request), "panels": render_panels("dashboard", request)}
        return super().index(request, {**panels, **(extra_context or {})})

    def _explaining(self, view: View) -> View:
        """A 403 or 404 that says in a sentence what is the matter, on a page of the admin."""

        @wraps(view)
        def explained(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except PermissionDenied as denied:
                return self._explain(request, "forbidden", str(denied), status=403)
            except Http404 as missing:
                return self._explain(request, "missing", str(missing), status=404)

        return explained

    def _explain(self, request: HttpRequest, page: str, reason: str, *, status: int) -> HttpResponse:
        title = {"forbidden": "Not allowed", "missing": "Not found"}[page]
        context = {**self.each_context(request), "title": title, "reason": reason}
        return TemplateResponse(request, f"oms/admin/{page}.html", context, status=status)
