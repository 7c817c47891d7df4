"""Arranging the edit window rules: every change is one transaction that ends with a new edition."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max, Model

from inventory.models import Category, Variant, VelocityTier
from oms.countries import COUNTRIES
from oms.currencies import MINOR_UNITS
from oms.errors import FieldError, Invalid, NotFound
from oms.models import Channel
from oms.sql import fetch_all
from oms.transactions import transactional
from orders.models import WindowRule, WindowRuleSet
from orders.queries.windows.rules import describe_rules

Params = ParamSpec("Params")
Result = TypeVar("Result")

_ARRANGING = 7_306_101
"""The advisory lock of whoever arranges rules: one at a time, so that editions follow each other."""


def arranging(action: Callable[Params, Result]) -> Callable[Params, Result]:
    """An action on rules, campaigns or tiers: alone in its transaction, and kept as a new edition by and at whom it
    was done, unless it changed nothing."""

    @transactional
    @wraps(action)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        fetch_all("SELECT pg_advisory_xact_lock(%s)", [_ARRANGING])
        result = action(*args, **kwargs)
        _write_edition(by=str(kwargs["by"]), at=kwargs["at"])  # type: ignore[arg-type]
        return result

    return run


@arranging
def save_rule(*, rule: WindowRule, by: str, at: datetime) -> WindowRule:
    """Keep the rule; a new one, or one that changed its list, stands last.

    Raises:
        Invalid: it names what does not exist, or does not say all that its action needs.
    """
    if errors := find_faults(rule):
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)
    stands_in = WindowRule.objects.filter(pk=rule.pk).values_list("campaign_id", flat=True).first()
    if rule.pk is None or stands_in != rule.campaign_id:
        rule.position = _next_position(rule.campaign_id)
    rule.save()
    return rule


@arranging
def reorder_rules(*, rule_ids: Sequence[int], by: str, at: datetime) -> None:
    """Let the rules of one list stand in this order; those of it that are not named keep theirs behind them.

    Raises:
        NotFound: one of them is gone.
        Invalid: they are of different lists.
    """
    rules = WindowRule.objects.in_bulk(rule_ids)
    if len(rules) < len(set(rule_ids)):
        raise NotFound("One of these rules is gone. Look at the list again.")
    if len({rule.campaign_id for rule in rules.values()}) > 1:
        raise Invalid("Rules of different lists cannot be put in one order.")
    if not rules:
        return

    campaign_id = rules[rule_ids[0]].campaign_id
    others = WindowRule.objects.filter(campaign_id=campaign_id).exclude(pk__in=rules).order_by("position", "id")
    ordered = [*(rules[rule_id] for rule_id in dict.fromkeys(rule_ids)), *others]
    for place, rule in enumerate(ordered, start=1):
        rule.position = place
    WindowRule.objects.bulk_update(ordered, ["position"])


@arranging
def switch_rule(*, rule_id: int, active: bool, by: str, at: datetime) -> WindowRule:
    """Switch a rule on or off; it keeps its place. Doing it twice is harmless.

    Raises:
        NotFound: it is gone.
    """
    rule = _find_rule(rule_id)
    rule.active = active
    rule.save(update_fields=["active"])
    return rule


@arranging
def delete_rule(*, rule_id: int, by: str, at: datetime) -> None:
    """Take a rule off the list; the editions that had it keep it. Doing it twice is harmless."""
    WindowRule.objects.filter(pk=rule_id).delete()


@transactional
def adopt_zone(*, by: str, at: datetime) -> bool:
    """Let the rules speak of the shop's time zone where that is another one than when they were kept: by a new edition,
    so that what was judged by the old one stays explained. True when there was something to adopt.
    """
    newest = WindowRuleSet.objects.order_by("-id").first()
    if newest is None or newest.rules.get("zone") == settings.TIME_ZONE:
        return False
    _keep_list(by=by, at=at)
    return True


@arranging
def _keep_list(*, by: str, at: datetime) -> None:
    """As it stands."""


def find_faults(rule: WindowRule) -> list[FieldError]:
    """What is wrong with a rule, with a pointer to each field."""
    return [*faults_of(rule), *_find_unknown(rule), *_find_empty_span(rule)]


def faults_of(row: Model) -> list[FieldError]:
    """What the model itself, and the database's constraints, hold against a row."""
    try:
        row.full_clean()
    except ValidationError as error:
        named = error.error_dict if hasattr(error, "error_dict") else {"__all__": error.error_list}
        return [
            FieldError("" if name == "__all__" else f"/{name}", str(each.code or "invalid"), " ".join(each.messages))
            for name, found in named.items()
            for each in found
        ]
    return []


def find_unknown_codes(named: dict[str, set[str]]) -> list[FieldError]:
    """Codes of channels, categories, tiers, SKUs, countries and currencies that there are not; at most a statement
    for each kind."""
    errors = []
    for field, noun, exists in _KINDS:
        wanted = named.get(field, set())
        lost = sorted(wanted - exists(wanted)) if wanted else []
        errors += [FieldError(f"/{field}", f"unknown_{noun.replace(' ', '_')}", _there_is_no(noun, c)) for c in lost]
    return errors


def _there_is_no(noun: str, code: str) -> str:
    return f"There is no {noun} {code}."


_KINDS: Sequence[tuple[str, str, Callable[[set[str]], set[str]]]] = (
    ("channels", "channel", lambda codes: set(Channel.objects.filter(code__in=codes).values_list("code", flat=True))),
    (
        "categories",
        "category",
        lambda codes: set(Category.objects.filter(code__in=codes).values_list("code", flat=True)),
    ),
    ("skus", "SKU", lambda codes: set(Variant.objects.filter(sku__in=codes).values_list("sku", flat=True))),
    (
        "velocity_tiers",
        "velocity tier",
        lambda codes: set(VelocityTier.objects.filter(code__in=codes).values_list("code", flat=True)),
    ),
    ("countries", "country", lambda codes: codes & COUNTRIES),
    ("currency", "currency", lambda codes: codes & MINOR_UNITS.keys()),
)


def _find_unknown(rule: WindowRule) -> list[FieldError]:
    named = {field: set(getattr(rule, field)) for field, _, _ in _KINDS if field != "currency"}
    return find_unknown_codes(named | {"currency": {rule.currency} - {""}})


def _find_empty_span(rule: WindowRule) -> list[FieldError]:
    if rule.from_time is None or rule.from_time != rule.until_time:
        return []
    return [FieldError("/until_time", "empty_span", "This span ends when it begins: no order would fall into it.")]


def _find_rule(rule_id: int) -> WindowRule:
    rule = WindowRule.objects.filter(pk=rule_id).first()
    if rule is None:
        raise NotFound("This rule is gone.")
    return rule


def _next_position(campaign_id: int | None) -> int:
    last = WindowRule.objects.filter(campaign_id=campaign_id).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def _write_edition(*, by: str, at: datetime) -> None:
    rules = describe_rules()
    newest = WindowRuleSet.objects.order_by("-id").first()
    if newest is None or newest.rules != rules:
        WindowRuleSet.objects.create(rules=rules, by=by, at=at)
