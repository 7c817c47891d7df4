"""Staff and their roles. Only superusers come here."""

from typing import Any

from django.contrib.auth.admin import GroupAdmin, UserAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from oms.admin.lists import ShortListAdmin

_LIMITED: tuple[str, Any] = (
    "Limited to",
    {"fields": ["warehouses"], "description": "For a partner's people, in the role “partner”."},
)


class StaffAdmin(ShortListAdmin, UserAdmin):
    """A person's roles are groups; `manage.py create_roles` makes the usual ones."""

    title = "Staff"
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser", "groups")
    fieldsets = (*(UserAdmin.fieldsets or ()), _LIMITED)


class RoleAdmin(ShortListAdmin, GroupAdmin):
    """A role: what its members may do."""

    title = "Roles"
