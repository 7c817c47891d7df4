"""An uploaded file and the run that waits for it: both, or neither."""

import resource
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from oms.models import Channel
from orders.actions.intake.uploading import upload_file
from orders.errors import ImportImpossible
from orders.models import ImportRun
from tests.make.moments import ADA
from tests.make.orders import channel
from tests.make.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

MEBI = 2**20


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def kept_files(tmp_path):
    return lambda: [path for path in tmp_path.rglob("*") if path.is_file()]


def upload(content=b"{}", name="orders.jsonl", to=None):
    to = to or channel("file")
    file = SimpleUploadedFile(name, content)
    return upload_file(file, channel=to, format="jsonl", columns="", create_skus=False, by=ADA)


@contextmanager
def no_file_beyond(size):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_is_kept_beside_its_run(kept_files):
    run = upload(b'{"a": 1}', name="ä" * 250 + ".jsonl")
    (path,) = kept_files()
    with ImportRun.objects.get().file.open() as kept:
        assert kept.read() == path.read_bytes() == b'{"a": 1}'
    assert (run.name, path.suffix, run.bytes_total) == ("ä" * 249 + ".jsonl", ".jsonl", 8)


def test_a_file_that_finds_no_room_is_refused_and_nothing_of_it_stays(kept_files):
    channel("file")
    with (
        nothing_changes(),
        no_file_beyond(MEBI),
        pytest.raises(ImportImpossible, match="cannot be kept: File too large"),
    ):
        upload(b" " * 2 * MEBI)
    assert kept_files() == []


@pytest.mark.django_db(transaction=True)
def test_a_run_that_cannot_be_written_leaves_no_file_behind(kept_files):
    gone = channel("file")
    Channel.objects.filter(pk=gone.pk).delete()
    with nothing_changes(), pytest.raises(IntegrityError):  # the foreign key is looked at when all is written
        upload(to=gone)
    assert kept_files() == []
