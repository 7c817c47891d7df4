"""Store credit at a till."""

import pytest

from oms.models import EventRecord
from oms.models.api_key import Scope
from returns.api import credit_guessing
from returns.api.credit_guessing import WRONG_BY_ADDRESS
from returns.models import CreditAccount, CreditAuthorization
from returns.queries.credit.codes import spell_code
from tests.make.credit import account_of, balance, buyer, given
from tests.make.orders import channel, placed_order
from tests.make.partners import Partner, fresh, make_partner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_guessed():
    credit_guessing.guesses.forget()


@pytest.fixture
def till() -> Partner:
    return make_partner(Scope.CREDIT_WRITE)


@pytest.fixture
def account() -> CreditAccount:
    return account_of(given("100.00", "10.00"))


def authorize(till: Partner, account: CreditAccount, amount: str, currency: str = "EUR", *, label: str = ""):
    body = {"amount": {"amount": amount, "currency": currency}, "reference": "till 7"}
    return till.post(f"/credit-accounts/{account.key}/authorizations", body, label=label or fresh())


def act(till: Partner, authorization: str, verb: str, body: object = None):
    return till.post(f"/authorizations/{authorization}/{verb}", body or {}, label=fresh())


def test_a_till_finds_the_account_by_its_code_and_never_names_the_code(till, account):
    answer = till.post("/credit-accounts/lookup", {"code": spell_code(account)})

    assert (answer.status_code, answer.json()["id"]) == (200, account.key)
    assert answer.json()["available"] == {"amount": "110.00", "currency": "EUR"}
    assert spell_code(account) not in answer.content.decode()


def test_a_sale_is_authorized_and_captured(till, account):
    held = authorize(till, account, "30.00")
    assert (held.status_code, held.json()["state"]) == (201, "AUTHORIZED")

    taken = act(till, held.json()["id"], "capture")

    assert (taken.status_code, taken.json()["state"], taken.json()["captured"]["amount"]) == (200, "CAPTURED", "30.00")
    assert sum(map(float, balance(account)[:2])) == 80.0
    shown = till.get(f"/credit-accounts/{account.key}").json()
    assert (shown["balance"]["amount"], shown["held"]["amount"]) == ("80.00", "0.00")


def test_a_part_is_captured_and_the_rest_is_free(till, account):
    held = authorize(till, account, "30.00").json()["id"]

    taken = act(till, held, "capture", {"amount": {"amount": "12.00", "currency": "EUR"}})

    assert taken.json()["captured"]["amount"] == "12.00"
    assert balance(account)[2] == "0.00"
    assert till.get(f"/authorizations/{held}").json()["state"] == "CAPTURED"


def test_what_is_let_go_cannot_be_captured(till, account):
    held = authorize(till, account, "30.00").json()["id"]

    assert act(till, held, "void").json()["state"] == "VOIDED"
    refusal = act(till, held, "capture")

    assert (refusal.status_code, refusal.json()["code"]) == (409, "authorization_ended")
    assert balance(account) == ("100.00", "10.00", "0.00", "0.00")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (("110.01", "EUR"), (409, "credit_short")),
        (("5.00", "USD"), (409, "currency_mismatch")),
        (("0.00", "EUR"), (422, "invalid")),
        (("0.001", "EUR"), (422, "invalid")),
    ],
)
def test_what_cannot_be_set_aside_is_refused_and_changes_nothing(till, account, asked, answer):
    told = EventRecord.objects.count()
    refusal = authorize(till, account, *asked)

    assert (refusal.status_code, refusal.json()["code"]) == answer
    assert balance(account) == ("100.00", "10.00", "0.00", "0.00")
    assert not CreditAuthorization.objects.exists()
    assert EventRecord.objects.count() == told


def test_the_same_request_again_holds_once(till, account):
    answers = [authorize(till, account, "30.00", label="sale-7") for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert balance(account)[2] == "30.00"


def test_an_account_or_an_authorization_that_is_none_is_not_found(till):
    assert till.get("/credit-accounts/credit_x").json()["code"] == "credit_account_not_found"
    assert act(till, "hold_x", "capture").json()["code"] == "authorization_not_found"
    assert till.get("/authorizations/hold_x").status_code == 404


def test_whoever_guesses_codes_is_not_answered_even_when_right(till, account):
    wrong = {"code": "0000-0000-0000-0000"}
    for _ in range(WRONG_BY_ADDRESS):
        assert till.post("/credit-accounts/lookup", wrong).status_code == 404

    for code in ("0000-0000-0000-0000", spell_code(account)):
        answer = till.post("/credit-accounts/lookup", {"code": code})
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_guesses")
        assert int(answer.headers["Retry-After"]) >= 1


def test_a_key_of_one_channel_sees_the_credit_of_those_who_bought_there(account):
    channel("outlet")
    outlet = make_partner(Scope.CREDIT_WRITE, channels=("outlet",))
    assert outlet.get(f"/credit-accounts/{account.key}").status_code == 404
    assert authorize(outlet, account, "5.00").status_code == 404
    assert outlet.post("/credit-accounts/lookup", {"code": spell_code(account)}).status_code == 404

    placed_order(channel="outlet", customer={"email": buyer().email})

    assert outlet.get(f"/credit-accounts/{account.key}").status_code == 200
    assert authorize(outlet, account, "5.00").status_code == 201


def test_a_warehouse_sees_nobodys_credit(account):
    warehouse = make_partner(Scope.CREDIT_WRITE, warehouses=("LEJ",))
    held = authorize(make_partner(Scope.CREDIT_WRITE), account, "5.00").json()["id"]

    assert warehouse.get(f"/credit-accounts/{account.key}").status_code == 404
    assert act(warehouse, held, "void").status_code == 404
    assert balance(account)[2] == "5.00"


def test_a_key_without_the_scope_is_told_which_it_lacks(account):
    answer = make_partner(Scope.ORDERS_READ).get(f"/credit-accounts/{account.key}")

    assert (answer.status_code, answer.json()["scope"]) == (403, "credit:write")
