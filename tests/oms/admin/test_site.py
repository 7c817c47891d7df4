import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from oms.roles import ROLES
from tests.make.admin import text_of
from tests.make.staff import browser, staff

pytestmark = pytest.mark.django_db


def test_nobody_sees_a_page_without_logging_in(client):
    response = client.get("/admin/orders/order/")

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/?next=/admin/orders/order/")


def test_what_a_role_does_not_include_is_refused_in_a_sentence():
    response = browser(role="warehouse").get("/admin/oms/apikey/issue/")

    assert response.status_code == 403
    assert "Your role does not include issuing API keys." in text_of(response)


def test_somebody_without_a_role_sees_an_empty_page_that_says_so():
    client = Client()
    client.force_login(staff("new"))

    response = client.get("/admin/")

    assert response.status_code == 200
    assert "Your account has no role yet." in text_of(response)


def test_the_menu_shows_what_the_role_may_see():
    words = text_of(browser(role="warehouse").get("/admin/"))

    assert "Movements" in words
    assert "Quarantine" not in words
    assert "API keys" not in words


def test_making_the_roles_twice_changes_nothing(capsys):
    call_command("create_roles")
    before = {group.name: set(group.permissions.values_list("codename", flat=True)) for group in Group.objects.all()}

    call_command("create_roles")

    assert set(before) == set(ROLES)
    assert before == {g.name: set(g.permissions.values_list("codename", flat=True)) for g in Group.objects.all()}


def test_a_role_that_was_changed_by_hand_is_brought_back(capsys):
    call_command("create_roles")
    Group.objects.get(name="support").permissions.clear()

    call_command("create_roles")

    assert Group.objects.get(name="support").permissions.count() == len(ROLES["support"])


def test_no_role_reaches_users_or_keys():
    named = {name for names in ROLES.values() for name in names}

    assert not {name for name in named if "apikey" in name or "user" in name or "group" in name}


def test_only_readers_rights_are_in_the_read_only_role():
    assert all(name.split(".")[1].startswith("view_") for name in ROLES["read-only"])


def test_a_page_that_is_not_there_says_so_in_the_admins_own_looks():
    response = browser().get("/admin/orders/order/999/change/")

    assert response.status_code == 404
    assert "There is no order 999." in text_of(response)
    assert "Movements" in text_of(response)


def test_everybody_can_change_their_own_password():
    assert browser(role="support").get("/admin/password_change/").status_code == 200
