"""Refusals of store credit in the customer's words."""

from django.utils.translation import gettext

from oms.portal.pages import Sayings

SAYINGS: Sayings = {
    "credit_short": lambda facts: gettext("There is not enough credit for this any more. Nothing was taken."),
    "credit_frozen": lambda facts: gettext("This credit cannot be used just now. Please write to us."),
    "currency_mismatch": lambda facts: gettext("This credit is in another currency. Nothing was taken."),
    "nothing_to_pay": lambda facts: gettext("There is nothing to pay any more. Nothing was taken."),
}
