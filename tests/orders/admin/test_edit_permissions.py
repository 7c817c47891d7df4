"""Who may change what: the table, its history, and which row decides."""

from typing import Any

import pytest

from oms.models import EventRecord
from orders.actions.edits.permitting import reorder_permissions
from orders.errors import EditNotAllowed
from orders.models import EditPermission
from tests.make.admin import table_rows, text_of
from tests.make.edits import add, edit, open_shop, order_of_tees
from tests.make.moments import ADA, NOON
from tests.make.snapshots import announced, nothing_changes
from tests.make.staff import browser, said

TABLE = "/admin/orders/editpermission/"
ROW = {
    "actor": "CUSTOMER",
    "operation": "add_item",
    "stage": "WINDOW_OPEN",
    "verdict": "REFUSE",
    "sentence": "Sold out",
}

pytestmark = pytest.mark.django_db


def form(**fields: Any) -> dict[str, Any]:
    return ROW | {"to_another_country": "", "limits": ""} | fields


def history() -> list[EventRecord]:
    return list(EventRecord.objects.filter(subject_kind="edit_permission").order_by("id"))


def order_sent(rows: list[EditPermission]) -> dict[str, str]:
    """What the list sends when somebody has dragged its rows into this order."""
    sent = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": str(len(rows)), "_save": "Save"}
    for place, row in enumerate(rows):
        sent |= {f"form-{place}-id": str(row.pk), f"form-{place}-position": str(place)}
    return sent


def test_each_row_says_in_plain_language_what_it_means():
    words = text_of(browser().get(TABLE))

    assert "Staff may change anything at any time." in words
    assert (
        "A customer may change anything inside the edit window, up to 200 EUR (7 other currencies likewise) more."
        in words
    )
    assert "A customer may not set a price at any time." in words
    assert (
        "A partner may ask to change anything after release, before a warehouse accepts; staff must approve." in words
    )


def test_a_new_row_stands_last_and_is_on_record():
    response = browser().post(f"{TABLE}add/", form(limits="200 eur, 220.50 USD"))

    row = EditPermission.objects.order_by("-position").first()
    assert (response.status_code, row.limits, row.verdict) == (302, {"EUR": "200", "USD": "220.50"}, "REFUSE")
    [event] = history()
    assert (event.type, event.subject, event.by) == ("edit_permission.saved", str(row.pk), "staff:ada")
    assert event.facts["before"] is None
    assert event.facts["after"]["sentence"] == "Sold out"


def test_a_change_keeps_what_stood_there_before_and_the_page_tells_both():
    row = EditPermission.objects.get(actor="STAFF")
    client = browser()

    client.post(f"{TABLE}{row.pk}/change/", form(actor="STAFF", operation="ANY", stage="ANY", verdict="APPROVE"))

    [event] = history()
    assert (event.facts["before"]["verdict"], event.facts["after"]["verdict"]) == ("ALLOW", "APPROVE")
    words = text_of(client.get(TABLE))
    assert "Changed Staff may change anything at any time. Staff may ask to change anything" in words


def test_saving_a_row_as_it_was_is_not_announced():
    row = EditPermission.objects.get(actor="STAFF")

    browser().post(
        f"{TABLE}{row.pk}/change/", form(actor="STAFF", operation="ANY", stage="ANY", verdict="ALLOW", sentence="")
    )

    assert history() == []


@pytest.mark.parametrize(
    ("limits", "wrong"),
    [
        ("200", "“200” is not an amount with its currency, like 200 EUR."),
        ("200 XYZ", "XYZ is not an ISO 4217 currency code."),
        ("10.5 JPY", "10.5 JPY: JPY does not know so many decimals."),
        ("1 EUR, 2 EUR", "EUR stands there twice."),
        ("-5 EUR", "“-5 EUR” is not an amount with its currency, like 200 EUR."),
    ],
)
def test_limits_that_cannot_be_are_pointed_out_and_change_nothing(limits, wrong):
    client = browser()
    client.get(TABLE)

    with nothing_changes():
        response = client.post(f"{TABLE}add/", form(limits=limits))

    assert response.context["adminform"].form.errors["limits"] == [wrong]


def test_nothing_more_is_a_limit_of_its_own():
    browser().post(f"{TABLE}add/", form(limits="nothing", verdict="ALLOW"))

    row = EditPermission.objects.order_by("-position").first()
    assert row.limits == {}
    assert "A customer may add an item inside the edit window, if it costs nothing more." in text_of(
        browser("bob").get(TABLE)
    )


def test_only_an_address_leads_to_another_country():
    client = browser()
    client.get(TABLE)

    with nothing_changes():
        response = client.post(f"{TABLE}add/", form(to_another_country="True"))

    assert "Only an address can lead to another country." in text_of(response)


def test_dragging_a_row_up_makes_it_decide():
    open_shop()
    browser().post(f"{TABLE}add/", form())
    rows = list(EditPermission.objects.all())

    response = browser("bob").post(TABLE, order_sent([rows[-1], *rows[:-1]]))

    assert said(response) == ["The rows are asked in this order now."]
    assert list(EditPermission.objects.all()) == [rows[-1], *rows[:-1]]
    assert history()[-1].facts["after"][0] == rows[-1].pk
    with pytest.raises(EditNotAllowed, match="Sold out"):
        edit(order_of_tees(), add())


def test_the_same_order_again_is_not_announced():
    reorder_permissions(permission_ids=[row.pk for row in EditPermission.objects.all()], by=ADA, at=NOON)

    assert history() == []


def test_a_row_is_removed_and_its_record_stays():
    row = EditPermission.objects.get(actor="STAFF")

    browser().post(f"{TABLE}{row.pk}/delete/", {"post": "yes"})

    assert not EditPermission.objects.filter(pk=row.pk).exists()
    assert announced(str(row.pk), "edit_permission") == ["edit_permission.removed"]


def test_the_preview_says_which_row_decides():
    asked = {"actor": "CUSTOMER", "rise": "250", "currency": "EUR"}
    response = browser().get(f"{TABLE}preview/", asked)

    matrix = dict(response.context["matrix"])
    swap, price = matrix["swap the variant"], matrix["set a price"]
    assert [cell.verdict for cell in swap] == ["APPROVE", "REFUSE", "REFUSE"]
    assert (swap[0].place, swap[0].row.sentence) == (5, "It raises the order by more than may be done without us.")
    assert swap[1].row is None
    assert price[0].verdict == "REFUSE"


def test_the_preview_knows_that_only_addresses_leave_the_country():
    response = browser().get(f"{TABLE}preview/", {"actor": "BOT", "rise": "0", "currency": "EUR", "abroad": "on"})

    [(name, cells)] = response.context["matrix"]
    assert (name, cells[0].verdict) == ("change the address", "APPROVE")


def test_without_rows_the_page_says_that_nobody_may_do_anything():
    EditPermission.objects.all().delete()
    client = browser()

    assert table_rows(client.get(TABLE)) == []
    assert "Nobody may change anything." in text_of(client.get(TABLE))


@pytest.mark.parametrize("role", ["support", "read-only", "finance"])
def test_others_may_read_the_table_but_not_arrange_it(role):
    row = EditPermission.objects.first()
    client = browser(role=role)
    assert client.get(TABLE).status_code == 200

    with nothing_changes():
        assert client.post(f"{TABLE}add/", form()).status_code == 403
        assert client.post(f"{TABLE}{row.pk}/delete/", {"post": "yes"}).status_code == 403
        client.post(TABLE, order_sent(list(EditPermission.objects.all())[::-1]))
