"""Addresses that exist for the tests alone: views that do one thing each."""

from typing import Annotated

from django.db import transaction
from django.urls import path, re_path
from pydantic import Field

from oms.api.calls import ApiCall
from oms.api.preconditions import read_version, require_version
from oms.api.views import Answer, ApiView, UnknownAddressView
from oms.bodies import Body, text
from oms.errors import NotFound, Raced, Refused
from oms.models import Channel
from oms.models.api_key import Scope


class ShopIsShut(Refused):
    """The shop is shut."""

    code = "shop_is_shut"


class ChannelBody(Body):
    code: Annotated[str, text(40, least=1)]
    fate: Annotated[str, text(20)] = ""
    words: Annotated[list[Annotated[str, text(5)]], Field(max_length=3)] = []


class ChannelsView(ApiView):
    """Makes a channel; then, by its fate, refuses, loses a race or breaks."""

    scopes = {"POST": Scope.ORDERS_WRITE, "GET": Scope.ORDERS_READ}
    needs_key = True
    races = 0

    def get(self, call: ApiCall) -> Answer:
        return Answer({"by": call.by})

    def post(self, call: ApiCall) -> Answer:
        body = call.read(ChannelBody)
        channel = Channel.objects.create(code=body.code, name=body.code)
        match body.fate:
            case "refused":
                raise ShopIsShut("The shop is shut.", opens="tomorrow", code="never")
            case "missing":
                raise NotFound("There is no such thing.")
            case "raced" if ChannelsView.races < 2:
                ChannelsView.races += 1
                raise Raced
            case "always_raced":
                raise Raced
            case "broken":
                raise ZeroDivisionError("a secret of the database")
        return Answer(
            {"id": channel.pk, "code": channel.code}, 201, location=f"/api/v1/channels/{channel.pk}", version=1
        )


class OptionalView(ApiView):
    """A write that does not ask for an Idempotency-Key, and knows versions."""

    scopes = {"PUT": Scope.ORDERS_WRITE, "DELETE": Scope.ORDERS_WRITE}

    def put(self, call: ApiCall) -> Answer:
        require_version(read_version(call.http), 7)
        return Answer({"in_transaction": transaction.get_connection().in_atomic_block}, version=8)

    def delete(self, call: ApiCall) -> Answer:
        return Answer()


class OpenView(ApiView):
    """For everybody."""

    public = True

    def get(self, call: ApiCall) -> Answer:
        return Answer({"open": True})


urlpatterns = [
    path("api/v1/channels", ChannelsView.as_view()),
    path("api/v1/optional", OptionalView.as_view()),
    path("api/v1/open", OpenView.as_view()),
    re_path("^api/", UnknownAddressView.as_view()),
]
