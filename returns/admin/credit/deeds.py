"""What staff do with store credit: give some, freeze and thaw an account, pay base out, forgive what is owed."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from oms.admin.asking import Question, actor_of, ask, require
from oms.currencies import MINOR_UNITS
from oms.errors import FieldError, Invalid
from oms.money import Money, round_amount
from orders.models import Customer
from returns.actions.credit.forgiving import forgive_receivable
from returns.actions.credit.freezing import freeze_account, thaw_account
from returns.actions.credit.issuing import GOODWILL, Gift, issue_credit
from returns.actions.credit.opening import renew_code
from returns.actions.credit.paying_out import pay_out_credit
from returns.models import CreditAccount

ADJUST = "returns.adjust_credit"
NOT_YOURS = "Your role does not include giving, freezing and paying out store credit."
LONGEST_REASON = 50


class GiftForm(forms.Form):
    email = forms.EmailField(label="Customer", help_text="The e-mail they bought with.")
    amount = forms.DecimalField(min_value=Decimal("0.001"), max_digits=12)
    currency = forms.CharField(min_length=3, max_length=3)
    reason = forms.CharField(max_length=LONGEST_REASON, help_text="The customer does not see it.")
    ends_on = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The last day it can be used; empty: it does not end.",
    )
    owed = forms.BooleanField(
        required=False,
        label="It stands for money that we owe",
        help_text="Then it can be paid out, and ends only when the law lets it. A gift never becomes money.",
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=255)


class PayOutForm(forms.Form):
    amount = forms.DecimalField(min_value=Decimal("0.001"), max_digits=12, help_text="Of the base: bonus is no money.")
    reason = forms.CharField(max_length=255)
    reference = forms.CharField(max_length=120, required=False, help_text="The bank's own name for the transfer.")
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)


class ForgiveForm(forms.Form):
    amount = forms.DecimalField(min_value=Decimal("0.001"), max_digits=12)
    reason = forms.CharField(max_length=255)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)


def give(request: HttpRequest) -> HttpResponse:
    """A gift, or what is owed, to whoever has bought here."""
    require(request, ADJUST, NOT_YOURS)
    initial = {"email": request.GET.get("email", ""), "currency": settings.SHOP_CURRENCY, "key": str(uuid.uuid4())}
    question = Question(
        title="Give store credit",
        consequence="The customer gets a mail about it, and can spend it at once. It cannot be taken back.",
        submit="Give it",
        back=reverse("admin:returns_creditaccount_changelist"),
        form=GiftForm,
        initial=initial,
    )
    return ask(request, question, lambda answer: _give(answer, by=actor_of(request)))


def _give(answer: dict[str, Any], *, by: str) -> str:
    customer = Customer.objects.filter(email=answer["email"].lower()).first()
    currency = answer["currency"].upper()
    errors = [] if customer else [FieldError("/email", "customer_unknown", "Nobody has bought with this e-mail.")]
    if currency not in MINOR_UNITS:
        errors.append(FieldError("/currency", "unknown_currency", "This is no ISO 4217 currency."))
    if errors or customer is None:
        raise Invalid("This cannot be given.", errors=errors)
    ends = _end_of(answer["ends_on"])
    amount, nothing = answer["amount"], Decimal(0)
    gift = Gift(
        customer=customer,
        currency=currency,
        base=amount if answer["owed"] else nothing,
        bonus=nothing if answer["owed"] else amount,
        key=f"staff:{answer['key']}",
        source=f"{GOODWILL}{answer['reason']}"[:60],
        base_expires_at=ends if answer["owed"] else None,
        bonus_expires_at=None if answer["owed"] else ends,
    )
    issue_credit(gift, by=by, at=timezone.now())
    return f"{customer.email} has {Money(amount, currency)} more."


def freeze(request: HttpRequest, account_id: int) -> HttpResponse:
    require(request, ADJUST, NOT_YOURS)
    account = _find(account_id)
    question = Question(
        title=f"Freeze the store credit of {account.customer.email}",
        consequence="Nothing more can be spent or paid out. What a till has been promised is still paid, and nothing "
        "runs out meanwhile.",
        submit="Freeze",
        back=_page(account),
        form=ReasonForm,
        tone="bad",
    )

    def act(answer: dict[str, Any]) -> str:
        freeze_account(account_key=account.key, reason=answer["reason"], by=actor_of(request), at=timezone.now())
        return "The account is frozen."

    return ask(request, question, act)


def thaw(request: HttpRequest, account_id: int) -> HttpResponse:
    require(request, ADJUST, NOT_YOURS)
    account = _find(account_id)
    question = Question(
        title=f"Let {account.customer.email} spend their credit again",
        consequence="What would have run out meanwhile runs out as much later as it was frozen.",
        submit="Thaw",
        back=_page(account),
    )

    def act(answer: dict[str, Any]) -> str:
        thaw_account(account_key=account.key, by=actor_of(request), at=timezone.now())
        return "The credit can be spent again."

    return ask(request, question, act)


def renew(request: HttpRequest, account_id: int) -> HttpResponse:
    require(request, ADJUST, NOT_YOURS)
    account = _find(account_id)
    question = Question(
        title=f"Another code for {account.customer.email}",
        consequence="The old one finds nothing at any till from now on. The customer sees the new one on their page.",
        submit="Renew the code",
        back=_page(account),
    )

    def act(answer: dict[str, Any]) -> str:
        renew_code(account_key=account.key, by=actor_of(request), at=timezone.now())
        return "The account has another code."

    return ask(request, question, act)


def pay_out(request: HttpRequest, account_id: int) -> HttpResponse:
    """Base as money: somebody sends it by the bank."""
    require(request, ADJUST, NOT_YOURS)
    account = _find(account_id)
    question = Question(
        title=f"Pay out store credit of {account.customer.email}",
        consequence="The bonus that was given for not taking money is given up with it: what is left of that share is "
        "canceled, what was spent is deducted. The page says how much to send.",
        submit="Pay out",
        back=_page(account),
        form=PayOutForm,
        initial={"key": str(uuid.uuid4())},
        tone="bad",
    )

    def act(answer: dict[str, Any]) -> str:
        paid = pay_out_credit(
            account_key=account.key,
            amount=answer["amount"],
            reason=answer["reason"],
            reference=answer["reference"],
            key=f"staff:{answer['key']}",
            by=actor_of(request),
            at=timezone.now(),
        )
        canceled = f"; {Money(paid.bonus, account.currency)} of bonus are canceled" if paid.bonus else ""
        return f"Send {Money(paid.money, account.currency)} to {account.customer.email}{canceled}."

    return ask(request, question, act)


def forgive(request: HttpRequest, account_id: int) -> HttpResponse:
    """What they owe us, and nobody will collect."""
    require(request, ADJUST, NOT_YOURS)
    account = _find(account_id)
    owed = max(account.receivable - account.held, Decimal(0))
    question = Question(
        title=f"Forgive what {account.customer.email} owes us",
        consequence="It is written off: the next credit does not pay it any more. This cannot be taken back.",
        submit="Forgive it",
        back=_page(account),
        form=ForgiveForm,
        initial={"amount": round_amount(owed, account.currency), "key": str(uuid.uuid4())},
        tone="bad",
    )

    def act(answer: dict[str, Any]) -> str:
        forgive_receivable(
            account_key=account.key,
            amount=answer["amount"],
            reason=answer["reason"],
            key=f"staff:{answer['key']}",
            by=actor_of(request),
            at=timezone.now(),
        )
        return f"{Money(answer['amount'], account.currency)} are forgiven."

    return ask(request, question, act)


def _find(account_id: int) -> CreditAccount:
    account = CreditAccount.objects.select_related("customer").filter(pk=account_id).first()
    if account is None:
        raise Http404
    return account


def _page(account: CreditAccount) -> str:
    return reverse("admin:returns_creditaccount_change", args=[account.pk])


def _end_of(day: Any) -> datetime | None:
    """The midnight after that day, in the shop's zone."""
    if day is None:
        return None
    zone = timezone.get_default_timezone()
    return datetime.combine(day, datetime.max.time(), zone)
