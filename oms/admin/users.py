"""Staff and their roles. Only superusers come here."""

from django.contrib.auth.admin import GroupAdmin, UserAdmin
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm


class StaffAdmin(UserAdmin, ModelAdmin):
    """A person's roles are groups; `manage.py create_roles` makes the usual ones."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser", "groups")


class RoleAdmin(GroupAdmin, ModelAdmin):
    """A role: what its members may do."""
