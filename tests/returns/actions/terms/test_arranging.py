from datetime import timedelta

import pytest

from oms.errors import Invalid
from returns.actions.terms.arranging import delete_terms, save_terms, switch_terms
from returns.actions.terms.restoring import restore_edition
from returns.errors import TermsBelowLaw
from returns.models import ReturnTerms, TermsEdition
from returns.policies.terms.statutes import read_statutes
from tests.make.moments import ADA, NOON, ONE_DAY
from tests.make.snapshots import nothing_changes
from tests.make.terms import category, saved_terms, unsaved_terms

pytestmark = pytest.mark.django_db


def kept() -> list[list[str]]:
    """The names of the rows of each edition, the newest edition first."""
    return [[row["name"] for row in edition.document["terms"]] for edition in TermsEdition.objects.all()]


def test_every_change_of_terms_is_kept_as_an_edition_by_and_at_whom_it_was_made():
    row = saved_terms(at=NOON)
    row.days = 60
    save_terms(terms=row, by="staff:bob", at=NOON + ONE_DAY)

    newest, first = TermsEdition.objects.all()
    assert (newest.by, newest.in_force_from) == ("staff:bob", NOON + ONE_DAY)
    assert [first.document["terms"][0]["days"], newest.document["terms"][0]["days"]] == [30, 60]
    assert len({first.digest, newest.digest, ""}) == 3
    assert row.version == 2


def test_saving_what_is_there_already_is_no_new_edition():
    row = saved_terms(at=NOON)
    save_terms(terms=row, by=ADA, at=NOON + ONE_DAY)

    assert TermsEdition.objects.count() == 1


def test_the_same_terms_have_the_same_name_whoever_brought_them_back():
    row = saved_terms(at=NOON)
    switch_terms(terms_id=row.pk, active=False, by=ADA, at=NOON + ONE_DAY)
    switch_terms(terms_id=row.pk, active=True, by=ADA, at=NOON + 2 * ONE_DAY)

    third, second, first = TermsEdition.objects.all()
    assert (third.digest, second.document) == (first.digest, {"terms": []})


def test_two_changes_in_one_moment_are_two_editions():
    saved_terms("One", at=NOON)
    saved_terms("Two", 14, country="DE", at=NOON)

    assert [e.in_force_from - NOON for e in TermsEdition.objects.all()] == [timedelta(microseconds=1), timedelta()]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"days": 7}, "days"),
        ({"restocking_percent": 10}, "restocking_percent"),
        ({"resolutions": ["STORE_CREDIT"]}, "resolutions"),
        ({"shipping_refund": "NEVER"}, "shipping_refund"),
        ({"days": 0, "final_sale": "CUSTOM"}, "final_sale"),
    ],
)
def test_terms_that_give_less_than_the_law_are_refused_with_its_text_and_nothing_changes(fields, field):
    with nothing_changes(), pytest.raises(TermsBelowLaw) as refusal:
        saved_terms(**fields)

    assert refusal.value.facts["citation"] in refusal.value.message
    assert field in {undercut["field"] for undercut in refusal.value.facts["undercuts"]}


def test_the_same_terms_stand_where_the_law_gives_nothing():
    row = saved_terms(days=7, country="US", resolutions=["STORE_CREDIT"])

    assert ReturnTerms.objects.get() == row


def test_taking_away_the_row_that_keeps_the_law_is_refused_and_changes_nothing():
    countries = sorted({country for statute in read_statutes() for country in statute.countries})
    rows = [saved_terms(country, 14, country=country) for country in countries]
    saved_terms("Elsewhere", 5)

    with nothing_changes(), pytest.raises(TermsBelowLaw) as refusal:
        delete_terms(terms_id=rows[countries.index("DE")].pk, by=ADA, at=NOON)

    assert refusal.value.facts["country"] == "DE"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"days": 0}, "/final_sale"),
        ({"days": 5, "final_sale": "CUSTOM"}, "/days"),
        ({"country": "XX"}, "/country"),
        ({"label_fee": "4.90"}, ""),
        ({"label_fee": "4.905", "fee_currency": "EUR", "bears": "DEDUCTED"}, "/label_fee"),
        ({"label_fee": "4", "fee_currency": "EUR", "bears": "CUSTOMER"}, "/label_fee"),
        ({"resolutions": []}, "/resolutions"),
        ({"methods": []}, "/methods"),
        ({"credit_rate": 90}, ""),
    ],
)
def test_terms_that_contradict_themselves_are_refused_at_their_place_and_nothing_changes(fields, pointer):
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        save_terms(terms=unsaved_terms(**fields), by=ADA, at=NOON)

    assert pointer in {error.pointer for error in refusal.value.errors}


def test_an_edition_is_brought_back_as_a_new_one_and_what_came_later_is_switched_off():
    first = saved_terms("All", 30, at=NOON)
    kept_id = TermsEdition.objects.get().pk
    saved_terms("Clothing", 60, category=category("clothing"), at=NOON)
    first.days = 90
    save_terms(terms=first, by=ADA, at=NOON)

    restore_edition(edition_id=kept_id, by="staff:bob", at=NOON + ONE_DAY)

    newest = TermsEdition.objects.first()
    assert (newest.digest, newest.by) == (TermsEdition.objects.get(pk=kept_id).digest, "staff:bob")
    assert dict(ReturnTerms.objects.values_list("name", "active")) == {"All": True, "Clothing": False}
    assert ReturnTerms.objects.get(name="All").pk == first.pk


def test_an_edition_that_is_below_the_law_of_today_is_not_brought_back():
    row = saved_terms(days=30, at=NOON)
    poor = TermsEdition.objects.create(
        digest="x", document={"terms": [TermsEdition.objects.get().document["terms"][0] | {"days": 5}]},
        in_force_from=NOON - ONE_DAY, by=ADA,
    )  # fmt: skip

    with nothing_changes(), pytest.raises(TermsBelowLaw):
        restore_edition(edition_id=poor.pk, by=ADA, at=NOON + ONE_DAY)
    row.refresh_from_db()
    assert row.days == 30
