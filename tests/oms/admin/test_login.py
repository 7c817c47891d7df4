from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from oms.models import FailedLogin
from tests.make.admin import NOW, text_of
from tests.make.staff import PASSWORD, staff

LOGIN = "/admin/login/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def try_to_log_in(client: Client, name: str = "ada", password: str = "wrong", **headers: str):
    return client.post(LOGIN, {"username": name, "password": password}, headers=headers)


def test_the_right_password_opens_the_dashboard(client):
    staff("ada", password=PASSWORD)

    response = try_to_log_in(client, password=PASSWORD)

    assert response.status_code == 302
    assert response["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(client):
    staff("ada", password=PASSWORD)

    known, unknown = try_to_log_in(client), try_to_log_in(client, "nobody")

    assert text_of(known) == text_of(unknown)
    assert "Please enter the correct" in text_of(known)


@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_after_ten_failures_even_the_right_password_has_to_wait(client, name):
    staff("ada", password=PASSWORD)
    for _ in range(10):
        try_to_log_in(client, name)

    response = try_to_log_in(client, name, PASSWORD)

    assert response.status_code == 200
    assert "Too many failed attempts. Wait 15 minutes, then try again." in text_of(response)
    assert FailedLogin.objects.count() == 10


def test_waiting_a_quarter_of_an_hour_is_enough(client):
    staff("ada", password=PASSWORD)
    for _ in range(11):
        try_to_log_in(client)

    with time_machine.travel(NOW + timedelta(minutes=15), tick=False):
        response = try_to_log_in(client, password=PASSWORD)

    assert response.status_code == 302
    assert not FailedLogin.objects.exists()


def test_success_forgets_the_slips_before_it(client):
    staff("ada", password=PASSWORD)
    for _ in range(9):
        try_to_log_in(client)
    try_to_log_in(client, password=PASSWORD)

    for _ in range(9):
        response = try_to_log_in(Client())

    assert "Too many" not in text_of(response)


def test_somebody_elses_failures_from_another_address_do_not_lock_out_ada(settings, client):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    staff("ada", password=PASSWORD)
    for _ in range(11):
        try_to_log_in(client, x_forwarded_for="6.6.6.6, 203.0.113.7")

    response = try_to_log_in(client, password=PASSWORD, x_forwarded_for="203.0.113.8")

    assert response.status_code == 302


def test_an_address_that_the_client_made_up_is_not_believed(client):
    staff("ada", password=PASSWORD)
    for place in range(11):
        response = try_to_log_in(client, x_forwarded_for=f"198.51.100.{place}")

    assert "Too many failed attempts" in text_of(response)


def test_staff_without_the_flag_do_not_get_in(client):
    user = staff("ada", password=PASSWORD)
    user.is_staff = False
    user.save()

    assert "Please enter the correct" in text_of(try_to_log_in(client, password=PASSWORD))


def test_only_the_admin_may_evaluate_scripts(client):
    relaxed = client.get(LOGIN)["Content-Security-Policy"]

    assert "script-src 'self' 'unsafe-eval' 'unsafe-inline'" in relaxed
    assert "frame-ancestors 'none'" in relaxed
    strict = client.get("/healthz")["Content-Security-Policy"]
    assert "unsafe" not in strict
