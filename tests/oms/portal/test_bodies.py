"""Forms that are larger than any customer's."""

import io

import pytest
from django.test import Client

from tests.make.portal import words_of

HUNDRED_MEGABYTES = 100 * 2**20


class Unread(io.BytesIO):
    """A body that must not be read."""

    def read(self, *_: int) -> bytes:
        raise AssertionError("It was read.")


def send(path: str, length: str) -> object:
    kind = "multipart/form-data; boundary=x"
    return Client().generic("POST", path, b"", kind, **{"CONTENT_LENGTH": length, "wsgi.input": Unread()})


@pytest.mark.parametrize("path", ["/orders/", "/orders/1001/returns/new", "/language/"])
@pytest.mark.parametrize("length", [str(HUNDRED_MEGABYTES), "many"])
def test_a_form_that_is_too_large_is_refused_before_it_is_read(path: str, length: str):
    answer = send(path, length)
    assert answer.status_code == 413
    assert "Nothing of it was kept" in words_of(answer)
