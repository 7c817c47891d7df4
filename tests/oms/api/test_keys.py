"""Who may come in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from oms.actions.issuing_keys import end_api_key, revoke_api_key
from oms.models import ApiKey
from tests.make.partners import NOON, make_partner

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.oms.api.trial")]


def ask(authorization: str | None = None):
    return Client(headers={"authorization": authorization} if authorization else {}).get("/api/v1/channels")


def test_a_good_key_is_let_in_and_signs_with_its_name():
    partner = make_partner()
    assert partner.get("/channels").json() == {"by": partner.key.actor}


def test_without_a_key_one_is_asked_for_it():
    answer = ask()
    assert (answer.status_code, answer.json()["code"]) == (401, "key_missing")
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer x", "Basic abc", "Bearer oms_" + "a" * 43, "oms_" + "a" * 43, "Bearer oms_é"]
)
def test_a_wrong_key_is_refused_with_the_challenge(header):
    answer = ask(header)
    assert (answer.status_code, answer.json()["code"]) == (401, "key_invalid")
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_the_scheme_is_read_in_any_case():
    assert ask(f"bEARER {make_partner().secret}").status_code == 200


def test_a_revoked_key_opens_nothing_from_the_next_request_on():
    partner = make_partner()
    assert partner.get("/channels").status_code == 200
    revoke_api_key(key_id=partner.key.pk, by="staff:ada", at=NOON)
    assert partner.get("/channels").status_code == 401


def test_a_key_past_its_end_opens_nothing():
    partner = make_partner()
    end_api_key(
        key_id=partner.key.pk, expires_at=timezone.now() + timedelta(hours=1), by="staff:ada", at=timezone.now()
    )
    assert partner.get("/channels").status_code == 200
    ApiKey.objects.filter(pk=partner.key.pk).update(expires_at=timezone.now())
    assert partner.get("/channels").status_code == 401


def test_a_key_without_the_scope_learns_which_one_it_lacks():
    answer = make_partner("orders:read").post("/channels", {"code": "web"}, label="a")
    assert answer.status_code == 403
    assert answer.json() | {"detail": ""} == {
        "type": "/problems/scope_missing",
        "title": "Scope missing",
        "status": 403,
        "detail": "",
        "code": "scope_missing",
        "scope": "orders:write",
    }


def test_an_open_address_asks_for_no_key():
    assert Client().get("/api/v1/open").json() == {"open": True}


def test_a_read_asks_the_database_once_for_the_key(django_assert_num_queries):
    partner = make_partner()
    with django_assert_num_queries(1):
        partner.get("/channels")
