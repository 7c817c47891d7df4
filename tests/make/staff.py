"""Members of staff at the admin: a role each, and a browser that is logged in."""

from io import StringIO
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.test import Client

from oms.models import User

PASSWORD = "correct horse battery staple"


def staff(
    name: str = "ada", *, role: str = "", superuser: bool = False, password: str | None = None, **fields: Any
) -> User:
    """Somebody of that role, or with none; without a password nobody can log in as them, and hashing costs nothing."""
    user = User.objects.create_user(name, password=password, is_staff=True, is_superuser=superuser, **fields)
    if role:
        if not Group.objects.filter(name=role).exists():
            call_command("create_roles", verbosity=0, stdout=StringIO())
        user.groups.add(Group.objects.get(name=role))
    return user


def browser(name: str = "ada", *, role: str = "operations", superuser: bool = False) -> Client:
    """A browser in which that person is logged in."""
    client = Client()
    known = User.objects.filter(username=name).first()
    client.force_login(known or staff(name, role="" if superuser else role, superuser=superuser))
    return client


def said(response: Any) -> list[str]:
    """What the page told its reader after the click."""
    return [str(message) for message in get_messages(response.wsgi_request)]
