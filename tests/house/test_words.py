"""Names that clients and operators rely on: events, refusals, reactions, and the documents that explain them."""

import importlib
import pkgutil
import re
from pathlib import Path

import inventory.errors
import inventory.events
import oms.errors
import oms.key_events
import oms.webhook_errors
import orders.absences
import orders.errors
import orders.events
import orders.rate_events
import returns.absences
import returns.errors
import returns.events
from config import wiring
from oms import events
from oms.errors import Refused
from oms.events import Event
from orders.channels.reasons import REASONS

HOUSE = Path(__file__).resolve().parents[2]

# What the REST contract promises of these issues' events; more may be announced.
CONTRACT = {"order.placed", "order.held", "order.released", "order.cancelled", "refund.issued"}
CONTRACT |= {"stock.low", "stock.recovered", "stock.short"}
CONTRACT |= {f"return.{verb}" for verb in ("requested", "approved", "refused", "received", "inspected", "closed")}
CONTRACT |= {f"offer.{verb}" for verb in ("shown", "accepted", "refused")}
CONTRACT |= {f"credit.{verb}" for verb in ("issued", "captured", "expired", "clawed_back")}

# What partners may hear of.
PUBLIC = {f"order.{verb}" for verb in ("placed", "held", "edited", "released", "routed", "cancelled")}
PUBLIC |= {f"fulfillment.{verb}" for verb in ("requested", "accepted", "rejected", "shipped")}
PUBLIC |= {f"fulfillment.{verb}" for verb in ("held", "hold_released", "scheduled", "opened")}
PUBLIC |= {"shipment.delivered", "shipment.delayed", "stock.low", "stock.recovered", "stock.short", "refund.issued"}
PUBLIC |= {f"return.{verb}" for verb in ("requested", "approved", "refused", "received", "inspected", "closed")}
PUBLIC |= {f"return.{verb}" for verb in ("canceled", "in_transit", "parcel_ready")}
PUBLIC |= {f"offer.{verb}" for verb in ("shown", "accepted", "refused")}
PUBLIC |= {f"credit.{verb}" for verb in ("issued", "captured", "expired", "clawed_back")}


def kinds_of(cls: type) -> set[type]:
    return {cls, *(kind for child in cls.__subclasses__() for kind in kinds_of(child))}


def test_each_event_has_a_type_of_its_own():
    named = [kind for kind in kinds_of(Event) if "type" in vars(kind)]
    types = [kind.type for kind in named]
    assert len(types) == len(set(types))
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+", name) for name in types)


def test_the_contract_names_events_that_exist():
    assert {kind.type for kind in kinds_of(Event) if "type" in vars(kind)} >= CONTRACT


def test_partners_hear_of_what_the_contract_says_and_of_nothing_else():
    assert set(events.public_types()) == PUBLIC


def test_each_event_says_what_its_facts_are():
    silent = [kind.__name__ for kind in kinds_of(Event) if "type" in vars(kind) and not kind.__doc__]
    assert silent == []


def test_each_refusal_has_a_code_of_its_own():
    codes = [kind.code for kind in kinds_of(Refused) if "code" in vars(kind)]
    assert sorted(codes) == sorted(set(codes))
    assert all(re.fullmatch(r"[a-z_]+", code) for code in codes)


def test_the_tree_of_errors_is_drawn_where_they_live():
    ours = (oms.errors, oms.webhook_errors, inventory.errors, orders.errors, orders.absences)
    for module in (*ours, returns.errors, returns.absences):
        drawn = module.__doc__
        missing = [kind.__name__ for kind in kinds_of(Refused) if kind.__module__ == module.__name__]
        assert [name for name in missing if name not in drawn] == [], module.__name__


def test_each_reaction_can_be_found_by_the_name_a_delivery_bears():
    reactions = [reaction for each in wiring.AFTERWARDS.values() for reaction in each]
    assert reactions
    assert all(events.reaction_named(events.name_of(reaction)) is reaction for reaction in reactions)


def test_each_reaction_is_wired():
    """A reaction that nobody calls is dead code that looks alive."""
    wired = {reaction for table in (wiring.TOGETHER, wiring.AFTERWARDS) for each in table.values() for reaction in each}
    for package in ("orders.reactions", "inventory.reactions", "oms.reactions"):
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
            public = vars(importlib.import_module(module.name))
            written = {f for n, f in public.items() if callable(f) and not n.startswith("_") and of(f) == module.name}
            assert written <= wired, module.name


def of(thing: object) -> str:
    return getattr(thing, "__module__", "") if not isinstance(thing, type) else ""


def test_each_reason_for_quarantine_says_what_to_do():
    assert all(re.fullmatch(r"[a-z_]+", code) for code in REASONS)
    assert [code for code, sentence in REASONS.items() if not sentence.strip()] == []


def test_the_documents_name_files_that_exist():
    named = re.compile(r"`((?:oms|orders|inventory|config|tests|docs)/[\w/.]+\.(?:py|md|toml))`")
    for page in [HOUSE / "README.md", HOUSE / "CONTRIBUTING.md", *sorted((HOUSE / "docs").rglob("*.md"))]:
        lost = [path for path in named.findall(page.read_text()) if not (HOUSE / path).exists()]
        assert lost == [], page.name
