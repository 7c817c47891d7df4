"""`/returns/{number}/photos`: pictures of what comes back."""

from oms.api.calls import ApiCall
from oms.api.schema import FilePart, describe
from oms.api.views import Answer, ApiView
from oms.errors import FieldError, Invalid
from oms.models.api_key import Scope
from returns.actions.photographing import send_photo
from returns.api.shapes import ReturnShape
from returns.policies.photos import MOST_BYTES
from returns.queries.access import require_return, sees_money
from returns.queries.return_documents import query_return_document

KINDS = ("image/jpeg", "image/png", "image/webp")
_ITEM = {"type": "integer", "minimum": 1, "description": "The item it shows; without: the whole."}


class PhotosView(ApiView):
    scopes = {"POST": Scope.RETURNS_WRITE}
    file = FilePart("photo", MOST_BYTES, KINDS, {"item": _ITEM})

    @describe(
        "Add a photo to a return",
        gives={201: ReturnShape},
        refuses={
            409: "`return_ended`: nobody looks at it any more.",
            422: "`photo_refused`: it is no picture that we take; `why` says what is wrong with it. `file_missing`.",
        },
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """It is drawn anew: 1,600 pixels a side at most, and nothing in it but the picture. The same picture twice is
        one."""
        assert call.upload is not None
        require_return(call.key, number)
        item = _read_item(call.upload.words.get("item", ""))
        send_photo(number=number, content=call.upload.content, item=item, by=call.by, at=call.at)
        return Answer(query_return_document(number, whole=sees_money(call.key)), 201)


def _read_item(said: str) -> int | None:
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) <= 18):
        raise Invalid("This is no item.", errors=[FieldError("/item", "not_a_number", "The number of an item.")])
    return int(said)
