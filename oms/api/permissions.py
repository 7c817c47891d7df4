"""What a key may do: each method of a view names the scope it needs."""

from typing import Any

from rest_framework.permissions import BasePermission

from oms.api.problems import Problem
from oms.models import ApiKey


def require_scope(key: ApiKey, scope: str) -> None:
    """Raises:
    Problem: 403 `scope_missing`, which names the scope.
    """
    if not key.may(scope):
        raise Problem(403, "scope_missing", f"This key lacks the scope {scope}.", facts={"scope": scope})


class ScopePermission(BasePermission):
    """The same for plain REST framework views. A view that names no scope is closed."""

    def has_permission(self, request: Any, view: Any) -> bool:
        scope = getattr(view, "scopes", {}).get("GET" if request.method == "HEAD" else request.method)
        if request.auth is None or scope is None:
            return False
        require_scope(request.auth, scope)
        return True
