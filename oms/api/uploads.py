"""A file in a request: multipart/form-data (RFC 7578), one part with the file and some short ones beside it."""

from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from oms.api.problems import Problem
from oms.errors import FieldError, Invalid

FRAME = 16 * 2**10
"""Bytes that the other parts and the borders between them may have."""


@dataclass(frozen=True, slots=True)
class Upload:
    """`words`: the other parts, by their names."""

    content: bytes
    words: dict[str, str]

    @property
    def print(self) -> bytes:
        """By which the same upload is known again: the borders between parts are drawn anew each time."""
        said = "\n".join(f"{name}={value}" for name, value in sorted(self.words.items()))
        return said.encode() + b"\n\n" + self.content


def read_upload(http: HttpRequest, *, name: str, most: int) -> Upload:
    """The one file of that name.

    Raises:
        Problem: 413 more than `most` bytes, 415 no multipart/form-data, 400 broken.
        Invalid: there is no such part, or more than one.
    """
    length = http.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > most + FRAME:
        raise Problem(413, "body_too_large", f"At most {most} bytes, please.")
    if http.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != "multipart/form-data":
        raise Problem(415, "media_type_unsupported", "Send the file as multipart/form-data.")
    try:
        files, words = http.FILES.getlist(name), {key: str(value) for key, value in http.POST.items()}
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        raise Problem(400, "body_incomplete", "The body is broken, or ended before it was complete.") from None
    if len(files) != 1:
        error = FieldError(f"/{name}", "file_missing", f"Send one part named {name}, with a file name.")
        raise Invalid("There is no file, or more than one.", errors=[error])
    return Upload(files[0].read(most + 1), words)
