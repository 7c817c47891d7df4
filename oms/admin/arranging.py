"""Pages of rules: a change is tried before it is kept, and what an action refuses is said in its own words."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from oms.admin.lists import ShortListAdmin
from oms.errors import Refused

PREVIEW = "_preview"
"""The button that shows what a change would do."""
_NOT_SENT_AGAIN = {"csrfmiddlewaretoken", PREVIEW, "_save", "_continue", "_addanother"}


class TriedAdmin(ShortListAdmin):
    """Rows whose form has a second button: it shows what the row would have done, and keeps nothing."""

    def show_preview(self, request: HttpRequest, row: Any) -> HttpResponse:
        """What the row, as it was typed, would do."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and PREVIEW in request.POST and self.has_change_permission(request):
            row = self.get_object(request, object_id) if object_id else None
            form = self.get_form(request, row, change=row is not None)(request.POST, instance=row)
            if form.is_valid():
                return self.show_preview(request, form.instance)
        return super().changeform_view(request, object_id, form_url, extra_context)


class ActedAdmin(ShortListAdmin):
    """Only actions change the rows."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None: the stock "delete selected" would go past the actions."""
        return {}

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _explain_refusal(request, lambda: super(ActedAdmin, self).changeform_view(request, *args, **kwargs))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _explain_refusal(request, lambda: super(ActedAdmin, self).delete_view(request, *args, **kwargs))


def sent_again(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of the form that asked for the preview: the page carries them, so that they can be kept from there."""
    return [(name, value) for name, values in request.POST.lists() if name not in _NOT_SENT_AGAIN for value in values]


def _explain_refusal(request: HttpRequest, show: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return show()
    except Refused as refused:
        messages.error(request, refused.message)
        return HttpResponseRedirect(request.get_full_path())
