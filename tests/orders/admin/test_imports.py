import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from orders.actions.intake.importing import run_import
from orders.models import ImportRun, Order
from tests.make.admin import NOW, text_of
from tests.make.orders import channel, order_body
from tests.make.staff import browser, said
from tests.make.stock import stocked_variant

LIST, UPLOAD = "/admin/orders/importrun/", "/admin/orders/importrun/upload/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(content: bytes, name: str = "orders.jsonl", **fields):
    channel("web")
    file = SimpleUploadedFile(name, content)
    return browser().post(UPLOAD, {"channel": "web", "format": "jsonl", "file": file, "columns": ""} | fields)


def two_orders() -> bytes:
    return b"\n".join(orjson.dumps(order_body()) for _ in range(2))


def test_an_uploaded_file_waits_for_a_worker_and_is_then_taken_in():
    stocked_variant()
    content = two_orders()

    response = upload(content)

    run = ImportRun.objects.get()
    assert said(response) == ["orders.jsonl waits for a worker, which takes it up within seconds."]
    assert (run.state, run.by, run.bytes_total) == (ImportRun.State.WAITING, "staff:ada", len(content))
    run_import(run_id=run.pk, by=run.by, at=NOW)
    assert Order.objects.count() == 2


def test_the_page_of_a_run_shows_what_became_of_its_orders():
    upload(two_orders())
    run = ImportRun.objects.get()
    run_import(run_id=run.pk, by=run.by, at=NOW)

    words = text_of(browser().get(f"{LIST}{run.pk}/change/"))

    assert "Quarantined 2" in words
    assert "Unknown SKU 2" in words
    assert "100 %" in words


def test_the_bar_follows_the_bytes_while_it_runs_and_asks_again():
    upload(two_orders())
    run = ImportRun.objects.get()
    ImportRun.objects.update(state=ImportRun.State.RUNNING, bytes_total=1000, bytes_read=250)
    client = browser()

    going = client.get(f"{LIST}{run.pk}/progress/").content.decode()
    ImportRun.objects.update(state=ImportRun.State.DONE)
    done = client.get(f"{LIST}{run.pk}/progress/").content.decode()

    assert 'aria-valuenow="25"' in going
    assert 'hx-trigger="every 2s"' in going
    assert 'aria-valuenow="100"' in done
    assert "hx-trigger" not in done


@pytest.mark.parametrize(
    ("columns", "sentence"), [("", "column map"), ("[columns", "columns"), ('[columns]\nnonsense = "A"', "nonsense")]
)
def test_a_csv_file_needs_a_column_map_that_makes_sense(columns, sentence):
    response = upload(b"a,b\n1,2\n", name="orders.csv", format="csv", columns=columns)

    told = text_of(response) if response.status_code == 422 else " ".join(said(response))
    assert sentence in told
    assert not ImportRun.objects.exists()


def test_a_switched_off_channel_is_not_offered():
    channel("old", active=False)

    response = upload(two_orders(), channel="old")

    assert response.status_code == 422
    assert not ImportRun.objects.exists()


def test_the_name_of_a_file_is_escaped():
    upload(two_orders(), name="<img src=x onerror=alert(1)>.jsonl")

    assert "<img src=x" not in browser().get(LIST).content.decode()


def test_without_runs_the_list_says_how_files_come_in():
    assert "Nothing was imported yet." in text_of(browser().get(LIST))
