"""Finding a parcel by whatever is scanned or typed of it."""

import re

from django.db.models import QuerySet

from returns.models import ReturnParcel


def find_parcel(text: str) -> ReturnParcel | None:
    """By its code, as an address or alone, by its tracking number, or by the number of its return; the newest of
    several.
    """
    word = text.strip()
    if not word or "\x00" in word:
        return None
    bare = re.sub(r"[\s-]+", "", word).upper()
    token = word.rstrip("/").rpartition("/")[2]
    known: QuerySet[ReturnParcel] = ReturnParcel.objects.select_related("of").order_by("-id")
    for found in (
        known.filter(token=token),
        known.filter(tracking_number__in={word, bare}).exclude(tracking_number=""),
        known.filter(of__number__in={word, word.upper()}),
    ):
        if (parcel := found.first()) is not None:
            return parcel
    return None
