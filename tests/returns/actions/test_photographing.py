"""Photos before and after there is a return: whose they are, how many there may be, and when they are forgotten."""

from uuid import uuid4

import pytest

from oms.errors import NotFound
from returns.absences import PhotoNotFound
from returns.actions.photographing import (
    MOST_OF_DRAFT,
    adopt_photos,
    drop_photo,
    keep_photo,
    name_draft,
    purge_drafts,
)
from returns.errors import PhotoRefused
from returns.models import ReturnPhoto
from tests.make.moments import ADA, ONE_DAY, ONE_HOUR
from tests.make.photos import bomb, photo
from tests.make.returns import ASKED, delivered_order, open_return

pytestmark = pytest.mark.django_db


def keep(draft: str = "1001:7", *, content: bytes = b"", **fields: object) -> ReturnPhoto:
    return keep_photo(content=content or photo(), draft=draft, by="customer", at=ASKED, **fields)


def shades(count: int) -> list[bytes]:
    return [photo(color=f"#0000{shade:02x}") for shade in range(0, 16 * count, 16)]


def test_the_same_file_twice_is_one_photo():
    assert keep() == keep()
    assert ReturnPhoto.objects.count() == 1


def test_a_draft_holds_so_many_photos_and_no_more():
    *kept, one_more = shades(MOST_OF_DRAFT + 1)
    for content in kept:
        keep(content=content)
    with pytest.raises(PhotoRefused) as refusal:
        keep(content=one_more)
    assert refusal.value.facts == {"why": "too_many"}
    assert ReturnPhoto.objects.count() == MOST_OF_DRAFT


@pytest.mark.parametrize("content", [b"<script>", bomb(), b"\xff\xd8\xff"])
def test_what_is_no_picture_is_refused_and_not_kept(content: bytes):
    with pytest.raises(PhotoRefused):
        keep(content=content)
    assert not ReturnPhoto.objects.exists()


def test_a_return_s_photo_may_be_of_one_of_its_items_and_of_no_other():
    made = open_return()
    kept = keep_photo(content=photo(), number=made.number, item=made.items.get().pk, by=ADA, at=ASKED)
    assert (kept.of, kept.item, kept.draft) == (made, made.items.get(), "")
    with pytest.raises(NotFound):
        keep_photo(content=photo(color="red"), number=made.number, item=0, by=ADA, at=ASKED)


def test_nobody_adopts_the_photos_of_another_order():
    made = open_return(delivered_order())
    strange = keep(name_draft("9999", 1))
    adopt_photos(made, {made.items.get().pk: [strange.key]})
    strange.refresh_from_db()
    assert strange.of is None


def test_a_photo_is_taken_out_of_its_own_draft_only():
    kept = keep()
    with pytest.raises(PhotoNotFound):
        drop_photo(key=kept.key, draft="1002:7")
    with pytest.raises(PhotoNotFound):
        drop_photo(key=uuid4(), draft="1001:7")
    drop_photo(key=kept.key, draft="1001:7")
    assert not ReturnPhoto.objects.exists()


def test_photos_of_what_was_never_sent_are_forgotten_after_two_days():
    keep()
    assert purge_drafts(at=ASKED + ONE_DAY) == 0
    assert purge_drafts(at=ASKED + 2 * ONE_DAY + ONE_HOUR) == 1
