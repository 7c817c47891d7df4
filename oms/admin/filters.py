"""Filters of the lists: each narrows by a column that has an index, and can say what it is set to."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.admin import FieldListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter, TextFilter
from unfold.widgets import INPUT_CLASSES

Choices = Sequence[tuple[Any, Any]]


class ChoiceFilter(DropdownFilter):
    """One of several values of `column`."""

    column = ""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset

    def say(self) -> str:
        value = self.value()
        return next((str(title) for choice, title in self.lookup_choices if str(choice) == value), value or "")


class WordFilter(TextFilter):
    """A word that is looked up exactly; subclasses say in which column."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return self.narrow(queryset, self.value().strip()) if self.value() else queryset

    @abstractmethod
    def narrow(self, queryset: QuerySet, word: str) -> QuerySet:
        """The rows that bear the word."""

    def say(self) -> str:
        return self.value() or ""


class DayRangeForm(forms.Form):
    """Two days, by the browser's own calendar."""

    def __init__(self, name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for end in ("from", "to"):
            picker = forms.DateInput(attrs={"type": "date", "class": " ".join(INPUT_CLASSES), "aria-label": end})
            self.fields[f"{name}_{end}"] = forms.DateField(label="", required=False, widget=picker)


class DayRangeFilter(RangeDateFilter):
    """From one day to another, both of them included, in the shop's own time zone."""

    form_class = DayRangeForm

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        first, last = self._day("from"), self._day("to")
        if first:
            queryset = queryset.filter(**{f"{self.parameter_name}__gte": _midnight(first)})
        if last:
            queryset = queryset.filter(**{f"{self.parameter_name}__lt": _midnight(last + timedelta(days=1))})
        return queryset

    def say(self) -> str:
        first, last = self._day("from"), self._day("to")
        if first and last:
            return f"{first} to {last}"
        return f"since {first}" if first else f"until {last}" if last else ""

    def _day(self, end: str) -> date | None:
        try:
            return date.fromisoformat(self.used_parameters.get(f"{self.parameter_name}_{end}") or "")
        except ValueError:
            return None


def choose(column: str, title: str, choices: Choices, parameter: str = "") -> type[ChoiceFilter]:
    """A filter by a column whose values are known beforehand."""
    attributes = {
        "column": column,
        "title": title,
        "parameter_name": parameter or column,
        "lookups": lambda self, request, model_admin: choices,
    }
    return type(f"{title.title().replace(' ', '')}Filter", (ChoiceFilter,), attributes)


def between_days(column: str) -> tuple[str, type[FieldListFilter]]:
    return column, DayRangeFilter


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
