"""What happens next with a return, step by step, on our side: what the customer does is said by `todo`."""

from collections.abc import Collection

from django.utils.translation import gettext

from returns.choices import Method, Resolution
from returns.models import Return

Status = Return.Status


def list_nexts(return_: Return, resolutions: Collection[str], *, settled: bool, exchange_goes: str) -> list[str]:
    """`resolutions`: those of items that are not refused. `exchange_goes`: RETURN_EXCHANGE_GOES."""
    if return_.status == Status.REQUESTED:
        return _say_asked(return_)
    if return_.status == Status.DECLINED:
        return _say_declined()
    if return_.status == Status.CANCELED:
        return []
    if settled or return_.status == Status.CLOSED:
        return [said for each, said in _say_given().items() if each in resolutions]
    return [
        *_say_coming(return_),
        *(said for each, said in _say_promised(exchange_goes).items() if each in resolutions),
    ]


def say_kept(return_: Return) -> str:
    """After it was canceled: what can be done still."""
    if return_.kind == Return.Kind.CLAIM:
        return gettext("You keep the goods. Should the fault trouble you after all, tell us again.")
    return gettext("You keep the goods. As long as there is time you can ask for another return.")


def _say_asked(return_: Return) -> list[str]:
    return [
        gettext("One of us reads what you wrote and looks at your photos."),
        gettext("We write to %(address)s what we decided.") % {"address": return_.email},
        gettext("If it is to come back, you find here what you need to send it."),
    ]


def _say_declined() -> list[str]:
    return [
        gettext("You keep the goods; please do not send anything."),
        gettext("Do you see it differently? Write to us, and we look at it again."),
        gettext("Rights that the law gives you are not touched by this."),
    ]


def _say_coming(return_: Return) -> list[str]:
    if return_.method == Method.KEEP_IT:
        return []
    arrival = [] if return_.received_at else [gettext("We write to you when your parcel has reached us.")]
    return [*arrival, gettext("We check the goods. That takes a day or two.")]


def _say_promised(exchange_goes: str) -> dict[str, str]:
    leaves = {
        "AT_ONCE": gettext("What you chose instead goes out without waiting for your parcel."),
        "SCAN": gettext("What you chose instead goes out once the carrier has your parcel."),
        "ACCEPTANCE": gettext("What you chose instead goes out once we have checked your parcel."),
    }
    return {
        Resolution.REFUND: gettext("Your money goes back the way you paid."),
        Resolution.STORE_CREDIT: gettext("Your store credit is there at once, its bonus included."),
        Resolution.EXCHANGE: leaves.get(
            exchange_goes, gettext("What you chose instead goes out once your parcel has reached us.")
        ),
        Resolution.REPLACEMENT: gettext("We send you the same once more, free of charge."),
    }


def _say_given() -> dict[str, str]:
    return {
        Resolution.REFUND: gettext("With most banks it takes three to five working days until you see the money."),
        Resolution.STORE_CREDIT: gettext("You can spend your credit at once, in our shop and at our tills."),
        Resolution.EXCHANGE: gettext("What you chose instead has an order number of its own, with its own way to you."),
        Resolution.REPLACEMENT: gettext("The new one has an order number of its own, with its own way to you."),
    }
