"""`manage.py create_roles`: the groups of `oms/roles.py`, made or brought up to date."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db.models import CharField, F, Value
from django.db.models.functions import Concat

from oms.roles import ROLES


class Command(BaseCommand):
    help = "Make the groups for staff (operations, support, finance, warehouse, read-only), or bring them up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        known = _permissions_by_name()
        for role, names in ROLES.items():
            if missing := set(names) - known.keys():
                raise CommandError(f"Run `manage.py migrate` first: {', '.join(sorted(missing))} does not exist yet.")
            group, made = Group.objects.get_or_create(name=role)
            group.permissions.set([known[name] for name in names])
            self.stdout.write(f"{role}: {'made' if made else 'brought up to date'}, {len(names)} permissions")


def _permissions_by_name() -> dict[str, int]:
    name = Concat(F("content_type__app_label"), Value("."), F("codename"), output_field=CharField())
    return dict(Permission.objects.annotate(name_in_app=name).values_list("name_in_app", "id"))
