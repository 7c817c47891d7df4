"""`POST /returns/{number}/photos`."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from returns.models import Return, ReturnPhoto
from returns.policies.photos import MOST_BYTES
from tests.make.partners import make_partner
from tests.make.photos import photo
from tests.make.return_nodes import send_to
from tests.make.returns import open_return, told
from tests.make.snapshots import facts_of, nothing_changes

pytestmark = pytest.mark.django_db


def send(partner, found: Return, content: bytes | None = None, headers=None, **words):
    file = SimpleUploadedFile("torn.jpg", photo() if content is None else content, "image/jpeg")
    return partner.client.post(f"/api/v1/returns/{found.number}/photos", {"photo": file, **words}, headers=headers)


def test_a_photo_is_drawn_anew_and_kept_with_its_item_once(partner):
    found = open_return()
    item = found.items.get().pk
    answers = [send(partner, found, item=str(item)) for _ in range(2)]

    kept = ReturnPhoto.objects.get()
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["photos"] == [str(kept.key)]
    assert (kept.of, kept.item_id, kept.by, max(kept.width, kept.height)) == (found, item, partner.key.actor, 400)
    assert told(found).count("return.photo_sent") == 1
    assert facts_of("return.photo_sent")["photo"] == str(kept.key)


@pytest.mark.parametrize(
    ("content", "words", "status", "code"),
    [
        (b"<script>alert(1)</script>", {}, 422, "photo_refused"),
        (None, {"item": "x"}, 422, "invalid"),
        (None, {"item": "999999"}, 404, "not_found"),
        (b"\xff" * (MOST_BYTES + 2**15), {}, 413, "body_too_large"),
    ],
)
def test_what_is_no_photo_of_it_is_refused_and_changes_nothing(partner, content, words, status, code):
    found = open_return()
    with nothing_changes():
        answer = send(partner, found, content, **words)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()


def test_a_body_that_is_no_form_or_has_no_file_is_refused(partner):
    found = open_return()
    path = f"/returns/{found.number}/photos"
    assert partner.post(path, {"photo": "x"}).status_code == 415
    assert partner.client.post(f"/api/v1{path}", {"item": "1"}).json()["errors"][0]["code"] == "file_missing"
    broken = partner.client.post(f"/api/v1{path}", data=b"--x\r\n", content_type="multipart/form-data; boundary=")
    assert broken.status_code == 400
    assert not ReturnPhoto.objects.exists()


def test_the_same_key_and_file_are_answered_once_and_another_file_is_refused(partner):
    found = open_return()
    first, second = (send(partner, found, headers={"Idempotency-Key": "k1"}) for _ in range(2))
    assert second["Idempotent-Replayed"] == "true"
    assert first.json() == second.json()
    other = send(partner, found, photo(width=500), headers={"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert ReturnPhoto.objects.count() == 1


def test_nobody_sends_more_than_ten_and_none_to_a_return_that_has_ended(partner):
    found = open_return()
    answers = [send(partner, found, photo(width=100 + each)) for each in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [422]
    Return.objects.update(status="CLOSED", ended_at=found.requested_at)
    with nothing_changes():
        assert send(partner, found, photo(width=300)).json()["code"] == "return_ended"


def test_a_key_without_the_scope_or_of_another_place_shows_nothing(partner):
    found = send_to(open_return(), "LEJ")
    reader = make_partner("returns:read")
    elsewhere = make_partner("returns:read", "returns:write", warehouses=("ROT",))
    with nothing_changes():
        assert send(reader, found).status_code == 403
        assert send(elsewhere, found).status_code == 404
    assert send(make_partner("returns:read", "returns:write", warehouses=("LEJ",)), found).status_code == 201
