"""Words in every language that is offered: one field each, kept together in one column."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.conf import settings


def name_fields(prefix: str, make: Callable[[bool], forms.Field]) -> dict[str, forms.Field]:
    """`text_en`, `text_zh-hans`, …; only English has to be said."""
    return {f"{prefix}_{code}": make(code == "en") for code, _ in settings.LANGUAGES}


def show_said(form: forms.ModelForm, prefix: str, said: Mapping[str, str] | None) -> None:
    """What stands in the column, into the fields."""
    for code, name in settings.LANGUAGES:
        form.fields[f"{prefix}_{code}"].label = f"In {name}"
        form.initial[f"{prefix}_{code}"] = (said or {}).get(code, "")


def read_said(cleaned: Mapping[str, Any], prefix: str, before: Mapping[str, str]) -> dict[str, str]:
    """What the column is to hold; languages that are not offered any more stay as they were."""
    said = {code: cleaned.get(f"{prefix}_{code}", "").strip() for code, _ in settings.LANGUAGES}
    kept = {code: text for code, text in before.items() if code not in said}
    return kept | {code: text for code, text in said.items() if text}
