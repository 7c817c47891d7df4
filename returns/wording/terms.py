"""Return terms as customers read them, in their language."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from oms.money import Money
from oms.templatetags.portal import say_amount, units
from returns.choices import Condition, FinalSale, Method, Resolution
from returns.policies.terms.rows import Terms
from returns.policies.terms.statutes import Statute
from returns.queries.terms_offer import Offered

FINAL_SALES: Mapping[FinalSale, Promise] = {
    FinalSale.CUSTOM: _("This is made for you, so we cannot take it back."),
    FinalSale.INTIMATE: _("This is worn on the skin, so for reasons of hygiene we cannot take it back."),
    FinalSale.PERISHABLE: _("This does not keep, so we cannot take it back."),
}
CONDITIONS: Mapping[Condition, Promise] = {
    Condition.UNWORN: _("not worn"),
    Condition.UNWASHED: _("not washed"),
    Condition.TAGS_ATTACHED: _("with its tags"),
    Condition.ORIGINAL_PACKAGING: _("in its own packaging"),
    Condition.ALL_ACCESSORIES: _("with all that came with it"),
    Condition.SEAL_UNBROKEN: _("with its seal unbroken"),
}
METHODS: Mapping[Method, Promise] = {
    Method.PREPAID_LABEL: _("with our label"),
    Method.QR_DROP_OFF: _("by QR code at a parcel shop"),
    Method.IN_STORE: _("in one of our shops"),
    Method.OWN_CARRIER: _("with a carrier of your choice"),
    Method.KEEP_IT: _("not at all, where it is not worth sending"),
}
RESOLUTIONS: Mapping[Resolution, Promise] = {
    Resolution.REFUND: _("your money back the way you paid"),
    Resolution.STORE_CREDIT: _("store credit"),
    Resolution.EXCHANGE: _("an exchange for another size or colour"),
    Resolution.REPLACEMENT: _("the same again if it came damaged or wrong"),
}
LAWS: Mapping[str, Promise] = {
    "EU": _("The law of the European Union gives you %(days)s days to withdraw, whatever else is said here."),
    "GB": _("The law of the United Kingdom gives you %(days)s days to cancel, whatever else is said here."),
    "CN": _("The law of China gives you %(days)s days to return goods without a reason, whatever else is said here."),
}


def list_terms(offered: Offered) -> list[str]:
    """What a customer gets, a sentence each."""
    terms = offered.terms
    if terms.final_sale is not None:
        return [str(FINAL_SALES[terms.final_sale])]
    return [
        say_days(terms, sealed=offered.sealed),
        *([] if offered.sealed else _say_conditions(terms)),
        say_resolutions(terms),
        *say_credit(terms),
        *_say_methods(terms),
        *say_costs(terms),
        *_say_shipping(terms),
    ]


def say_days(terms: Terms, *, sealed: bool = False) -> str:
    if sealed:
        return gettext(
            "For reasons of hygiene we take it back only with its seal unbroken, within %(days)s days of delivery."
        ) % {"days": terms.days}
    return gettext(
        "You have %(days)s days from delivery. If the last one is a weekend or a holiday, the next working day counts."
    ) % {"days": terms.days}


def say_resolutions(terms: Terms) -> str:
    named = [str(word) for each, word in RESOLUTIONS.items() if each in terms.resolutions]
    return gettext("You choose: %(choices)s.") % {"choices": join_or(named)}


def say_credit(terms: Terms) -> Iterator[str]:
    if Resolution.STORE_CREDIT not in terms.resolutions:
        return
    if terms.credit_rate > 100:
        yield gettext("Store credit is worth %(rate)s %% of what you would get back.") % {
            "rate": units(terms.credit_rate)
        }
        if terms.credit_months:
            yield ngettext(
                "The bonus on store credit can be spent for %(months)s month; what you paid does not run out.",
                "The bonus on store credit can be spent for %(months)s months; what you paid does not run out.",
                terms.credit_months,
            ) % {"months": terms.credit_months}


def say_costs(terms: Terms) -> Iterator[str]:
    if terms.bears == "CUSTOMER":
        yield gettext("You pay the carrier for sending it back.")
    elif terms.label_fee > 0:
        fee = say_amount(Money(terms.label_fee, terms.fee_currency))
        yield gettext("For our label we take %(fee)s off what you get back.") % {"fee": fee}
    elif terms.bears == "DEDUCTED":
        yield gettext("What sending it back costs is taken off what you get back.")
    else:
        yield gettext("Sending it back costs you nothing.")
    if terms.restocking_percent > 0:
        yield gettext("%(percent)s %% of its price is kept for putting it back on the shelf.") % {
            "percent": units(terms.restocking_percent)
        }


def say_law(statute: Statute) -> str:
    sentence = LAWS.get(statute.code, _("The law of your country gives you %(days)s days, whatever else is said here."))
    return str(sentence) % {"days": statute.days}


def join_or(named: list[str]) -> str:
    """One, two or three."""
    if len(named) < 2:
        return "".join(named)
    return gettext("%(first)s or %(last)s") % {"first": gettext(", ").join(named[:-1]), "last": named[-1]}


def join_and(named: list[str]) -> str:
    if len(named) < 2:
        return "".join(named)
    return gettext("%(first)s and %(last)s") % {"first": gettext(", ").join(named[:-1]), "last": named[-1]}


def _say_conditions(terms: Terms) -> Iterator[str]:
    if terms.conditions:
        named = [str(CONDITIONS[each]) for each in terms.conditions]
        yield gettext("Send it back %(conditions)s.") % {"conditions": join_and(named)}


def _say_methods(terms: Terms) -> Iterator[str]:
    named = [str(METHODS[each]) for each in terms.methods]
    if named:
        yield gettext("It comes back %(methods)s.") % {"methods": join_or(named)}


def _say_shipping(terms: Terms) -> Iterator[str]:
    if terms.shipping_refund == "WHOLE_ORDER":
        yield gettext("When the whole order comes back, you get back what its shipping cost, too.")
    elif terms.shipping_refund == "ALWAYS":
        yield gettext("You get back its share of what shipping cost, too.")
