"""Why a return is refused: sentences that staff choose from, each in the language of whoever reads it."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oms.mailing import language_of
from returns.models import Return
from returns.wording.words import say_label

SENTENCES: Mapping[str, Promise] = {
    "too_late": _("The time to send it back ended before you asked for it."),
    "made_to_order": _("It was made to your order, so it cannot come back."),
    "seal_broken": _("For reasons of hygiene it cannot come back once its seal is broken."),
    "worn": _("The photo shows that it was worn or washed."),
    "care": _("The photo shows a fault that is not of the making: please see the care label."),
    "given_already": _("We have sent this amount back already."),
}


def explain_refusal(found: Return) -> str:
    """Why it was refused, to whoever reads it now: a rule's words in their language, a person's as they were."""
    return say_label(found.decision.get("explanations") or {}) or found.explanation


def say_in(code: str, language: str) -> str:
    with translation.override(language):
        return str(SENTENCES[code])


def say_to(code: str, locale: str) -> str:
    """In the language of the mails that this customer gets; "" for no sentence."""
    return say_in(code, language_of(locale)) if code else ""


def list_sentences() -> list[tuple[str, str]]:
    """Each in every language that is spoken: whoever chooses one sees what customers will read."""
    languages = [code for code, _name in settings.LANGUAGES]
    return [(code, " / ".join(dict.fromkeys(say_in(code, each) for each in languages))) for code in SENTENCES]
