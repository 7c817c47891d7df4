"""The team and its keys. Only `demo` can log in: the others get a password from whoever wants to be them."""

import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.management import call_command

from config.demo.brand import read_table
from oms.actions.issuing_keys import issue_api_key, revoke_api_key
from oms.models import User
from oms.models.api_key import Scope

DEMO = "demo"
BY = f"staff:{DEMO}"
TEAM: Sequence[tuple[str, str, str, str]] = (
    ("marta", "Marta", "Wieczorek", "operations"),
    ("jonas", "Jonas", "Petersen", "support"),
    ("noor", "Noor", "van Dijk", "finance"),
    ("wei", "Wei", "Zhao", "warehouse"),
    ("ines", "Inês", "Lourenço", "read-only"),
    ("rosa", "Rosa", "Delgado", "partner"),
)
PLACES = {"rosa": ["RNO"]}
"""Who works at a partner's sees what goes through there, and nothing else."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens the demo; shown once, and stored only as hashes. `mail`: the page of a mail to look at."""

    username: str
    password: str
    api_key: str
    mail: str = ""

    def as_document(self) -> dict[str, object]:
        staff = {"username": self.username, "password": self.password}
        known: dict[str, object] = {"staff": staff, "api_key": self.api_key}
        return known | {"pages": {"A mail": self.mail}} if self.mail else known


def hire_staff() -> str:
    """The roles, a person in each, and the superuser; returns the superuser's password."""
    call_command("create_roles", stdout=io.StringIO())
    domain = read_table("brand")["domain"]
    groups = {group.name: group for group in Group.objects.all()}
    for username, given, family, role in TEAM:
        facts: dict[str, Any] = {"first_name": given, "last_name": family, "email": f"{username}@{domain}"}
        facts |= {"is_staff": True, "warehouses": PLACES.get(username, [])}
        person, _ = User.objects.get_or_create(username=username, defaults=facts | {"password": make_password(None)})
        person.groups.add(groups[role])

    password = secrets.token_urlsafe(12)
    owner, _ = User.objects.get_or_create(username=DEMO, defaults={"email": f"{DEMO}@{domain}"})
    owner.is_staff = owner.is_superuser = owner.is_active = True
    owner.set_password(password)
    owner.save()
    return password


def issue_keys(*, at: datetime) -> str:
    """The demo's key, and those of the partners, which nobody knows; returns the demo's."""
    partners: Sequence[tuple[str, list[str], list[str], list[str]]] = (
        ("storefront", [Scope.ORDERS_READ, Scope.ORDERS_WRITE, Scope.EDITS_WRITE, Scope.STOCK_READ], ["web"], []),
        ("Truckee Parcel Partners", [Scope.FULFILLMENTS_WRITE, Scope.STOCK_READ, Scope.STOCK_WRITE], [], ["RNO"]),
    )
    for name, scopes, channels, warehouses in partners:
        issue_api_key(name=name, scopes=scopes, channels=channels, warehouses=warehouses, by=BY, at=at)
    former, _ = issue_api_key(name="Helpdesk trial", scopes=[Scope.ORDERS_READ], by=BY, at=at)
    revoke_api_key(key_id=former.pk, by=BY, at=at)

    _, secret = issue_api_key(name=DEMO, scopes=[Scope.ADMIN], by=BY, at=at)
    return secret
