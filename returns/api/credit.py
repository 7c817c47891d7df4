"""Store credit at a till: who has how much, set some aside, take it, let it go."""

from typing import Annotated

from pydantic import Field

from oms.api.calls import ApiCall
from oms.api.idempotency import read_label
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.bodies import Body, MoneyBody, text
from oms.models.api_key import Scope
from orders.models import Order
from returns.absences import AuthorizationNotFound, CreditAccountNotFound
from returns.actions.credit.authorizing import authorize_credit, find_authorization
from returns.actions.credit.capturing import capture_credit
from returns.actions.credit.voiding import void_authorization
from returns.api.credit_guessing import count_guess, refuse_guessing
from returns.api.credit_shapes import AuthorizationShape, CreditAccountShape
from returns.errors import CurrencyMismatch
from returns.models import CreditAccount, CreditAuthorization
from returns.queries.credit.access import account_for_partner, require_account, require_authorization, sees_account
from returns.queries.credit.codes import find_by_code
from returns.queries.credit.documents import describe_account, describe_authorization
from returns.queries.credit.standings import read_standings

ENDED = "`authorization_ended`: it was captured, voided, or ran out."


class CodeBody(Body):
    """The code stands in the body, never in an address: addresses are logged."""

    code: Annotated[str, text(60, least=1)] = Field(description="As typed or scanned: XXXX-XXXX-XXXX-XXXX.")


class AuthorizationBody(Body):
    amount: MoneyBody
    reference: Annotated[str, text(120)] = Field(default="", description="What the till calls the sale.")


class CaptureBody(Body):
    amount: MoneyBody | None = Field(default=None, description="A part; left out, the whole.")


class VoidBody(Body):
    """Nothing needs to be said."""


class CreditAccountView(ApiView):
    scopes = {"GET": Scope.CREDIT_WRITE}

    @describe("One account of store credit", gives={200: CreditAccountShape})
    def get(self, call: ApiCall, name: str) -> Answer:
        return _show_account(account_for_partner(call.key, name), call)


class CreditLookupView(ApiView):
    scopes = {"POST": Scope.CREDIT_WRITE}

    @describe(
        "Find an account by the code that its owner shows",
        takes=CodeBody,
        gives={200: CreditAccountShape},
        refuses={404: "`credit_account_not_found`.", 429: "`too_many_guesses`: too many codes were wrong; wait."},
    )
    def post(self, call: ApiCall) -> Answer:
        """Who asks for too many codes that nobody has is not answered for a while."""
        refuse_guessing(call)
        account = find_by_code(call.read(CodeBody).code)
        if account is None or not sees_account(call.key, account):
            count_guess(call)
            raise CreditAccountNotFound
        return _show_account(account, call)


class AuthorizationsView(ApiView):
    scopes = {"POST": Scope.CREDIT_WRITE}
    needs_key = True

    @describe(
        "Set credit aside",
        takes=AuthorizationBody,
        gives={201: AuthorizationShape},
        refuses={409: "`credit_short`: less is there; `credit_frozen`; `currency_mismatch`; `credit_key_reused`."},
    )
    def post(self, call: ApiCall, name: str) -> Answer:
        """For seven days, or until it is captured or voided. `id` is what an order that it pays bears as `reference`,
        with the gateway `store_credit`: placing the order captures it.
        """
        body = call.read(AuthorizationBody)
        require_account(call.key, name)
        held = authorize_credit(
            account_key=name,
            amount=body.amount.amount,
            currency=body.amount.currency,
            reference=body.reference,
            key=f"{call.key.pk}:{read_label(call.http)}",
            by=call.by,
            at=call.at,
        )
        return Answer(describe_authorization(held, account=name, order=None), 201)


class AuthorizationView(ApiView):
    scopes = {"GET": Scope.CREDIT_WRITE}

    @describe("One authorization", gives={200: AuthorizationShape})
    def get(self, call: ApiCall, name: str) -> Answer:
        require_authorization(call.key, name)
        held = find_authorization(name)
        if held is None:
            raise AuthorizationNotFound
        return Answer(_present(held))


class CaptureView(ApiView):
    scopes = {"POST": Scope.CREDIT_WRITE}
    needs_key = True

    @describe("Take what was set aside", takes=CaptureBody, gives={200: AuthorizationShape}, refuses={409: ENDED})
    def post(self, call: ApiCall, name: str) -> Answer:
        """Once; the rest of a part is free again. The same amount a second time changes nothing."""
        body = call.read(CaptureBody)
        require_authorization(call.key, name)
        _refuse_other_currency(name, body.amount)
        amount = body.amount.amount if body.amount else None
        return Answer(_present(capture_credit(authorization_key=name, amount=amount, by=call.by, at=call.at)))


class VoidView(ApiView):
    scopes = {"POST": Scope.CREDIT_WRITE}
    needs_key = True

    @describe("Let go what was set aside", takes=VoidBody, gives={200: AuthorizationShape}, refuses={409: ENDED})
    def post(self, call: ApiCall, name: str) -> Answer:
        """It can be spent again. Twice is harmless."""
        call.read(VoidBody)
        require_authorization(call.key, name)
        return Answer(_present(void_authorization(authorization_key=name, by=call.by, at=call.at)))


def _show_account(account: CreditAccount, call: ApiCall) -> Answer:
    standing = read_standings([account], at=call.at)[account.pk]
    return Answer(describe_account(standing), version=account.version)


def _present(held: CreditAuthorization) -> dict[str, object]:
    order = Order.objects.values_list("number", flat=True).get(id=held.order_id) if held.order_id else None
    return describe_authorization(held, account=held.account.key, order=order)


def _refuse_other_currency(name: str, amount: MoneyBody | None) -> None:
    held = find_authorization(name) if amount else None
    if amount and held and held.currency != amount.currency:
        raise CurrencyMismatch(amount.currency, held.currency)
