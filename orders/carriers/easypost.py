"""EasyPost, by its own client: many carriers behind one API.

It knows no idempotency keys. What it has instead: a shipment is made first and costs nothing, and bears at most one
label. So its id is the reference of a purchase; after a lost answer, and after any refusal to buy, the shipment itself
is looked at, and what it says counts.
"""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import requests

from oms.later import Later
from oms.outside import AddressRefused, is_public, open_client, resolve
from orders.carriers import easypost_words as words
from orders.carriers.port import (
    Access,
    Bought,
    CarrierBusy,
    CarrierNews,
    CarrierRefused,
    CarrierUnavailable,
    LabelAsk,
    NotNews,
    Rate,
    Tracked,
    Voided,
)

if TYPE_CHECKING:
    import easypost
    from easypost import errors
else:
    easypost, errors = Later("easypost"), Later("easypost.errors")

Object = Mapping[str, Any]

USUAL_WAIT = 30.0
LARGEST_LABEL = 5 * 2**20


class EasyPostCarrier:
    """One EasyPost account. `access.url` points at another server than EasyPost's own."""

    def __init__(self, access: Access) -> None:
        _refuse_private(access)
        base = {"api_base": access.url.rstrip("/")} if access.url else {}
        self._client = easypost.EasyPostClient(access.key or "none", timeout=access.timeout, **base)  # type: ignore[arg-type]
        self._client._requests_session = _open_session()
        self._client.subscribe_to_response_hook(self._note_wait)
        self._access = access
        self._wait = USUAL_WAIT

    def rate(self, ask: LabelAsk) -> list[Rate]:
        shipment = self._call(lambda: self._client.shipment.create(**words.describe_shipment(ask)))
        if not shipment["rates"] and shipment.get("messages"):
            raise CarrierRefused("; ".join(f"{each['carrier']}: {each['message']}" for each in shipment["messages"]))
        return words.read_rates(shipment["rates"])

    def prepare(self, ask: LabelAsk) -> str:
        return str(self._call(lambda: self._client.shipment.create(**words.describe_shipment(ask)))["id"])

    def buy(self, ask: LabelAsk) -> Bought:
        shipment = self._read(ask.reference)
        if not shipment.get("postage_label"):
            shipment = self._pay(ask, shipment["rates"])
        return self._fetch_label(shipment)

    def find(self, ask: LabelAsk) -> Bought | None:
        if not ask.reference:
            return None
        shipment = self._read(ask.reference)
        return self._fetch_label(shipment) if shipment.get("postage_label") else None

    def void(self, reference: str) -> Voided:
        try:
            shipment = self._call(lambda: self._client.shipment.refund(reference))
        except CarrierRefused as refusal:
            shipment = self._read(reference)
            if not shipment.get("refund_status"):
                raise refusal from None
        status = shipment.get("refund_status")
        if status == "rejected":
            raise CarrierRefused("The carrier does not take this label back.")
        return Voided.DONE if status in words.NOT_USED_UNTIL_NOW else Voided.PENDING

    def track(self, tracking_number: str, reference: str) -> list[Tracked]:
        tracker = self._read(reference).get("tracker")
        if not tracker:
            return []
        known = self._call(lambda: self._client.tracker.retrieve(tracker["id"]))
        return list(words.read_tracker(known))

    def follow(self, tracking_number: str, carrier: str) -> list[Tracked]:
        """A tracker that is made again within months is the same one. Without a carrier EasyPost tells by the form."""
        named = {"carrier": words.CARRIERS[carrier]} if carrier in words.CARRIERS else {}
        known = self._call(lambda: self._client.tracker.create(tracking_code=tracking_number, **named))
        return list(words.read_tracker(known))

    def check_connection(self) -> str:
        """A test key may do little; to read its own shipments it may."""
        self._call(lambda: self._client.shipment.all(page_size=1))
        return "EasyPost, with a test key" if self._access.key.startswith("EZTK") else "EasyPost"

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], secret: str) -> bool:
        signature = next((value for name, value in headers.items() if name.lower() == "x-hmac-signature"), "")
        if not secret or not signature.isascii():
            return False
        try:
            easypost.util.validate_webhook(body, {"X-Hmac-Signature": signature}, secret)
        except (errors.SignatureVerificationError, ValueError):
            return False
        return True

    def read_news(self, body: bytes) -> CarrierNews:
        try:
            return words.read_news(json.loads(body))
        except ValueError as error:
            raise error if isinstance(error, NotNews) else NotNews("This is not JSON.") from error

    def _pay(self, ask: LabelAsk, rates: Any) -> Object:
        """The shipment with its label. A rate that has run out is asked for anew, once."""
        rate = words.pick_rate(rates, ask.service)
        for again in (False, True):
            if again or rate is None:
                fresh = self._call(lambda: self._client.shipment.regenerate_rates(ask.reference))
                rate = words.pick_rate(fresh["rates"], ask.service)
            if rate is None:
                raise CarrierRefused(f"EasyPost does not offer {ask.service} for this parcel any more.")
            chosen = {"id": rate["id"]}
            try:
                return self._call(partial(self._client.shipment.buy, ask.reference, rate=chosen))
            except CarrierRefused as refusal:
                shipment = self._read(ask.reference)
                if shipment.get("postage_label"):
                    return shipment
                if again or "rate" not in refusal.sentence.lower():
                    raise
        raise AssertionError("unreachable")

    def _read(self, reference: str) -> Object:
        return self._call(lambda: self._client.shipment.retrieve(reference))

    def _fetch_label(self, shipment: Object) -> Bought:
        label, rate = shipment["postage_label"], shipment["selected_rate"]
        return Bought(
            label=self._download(label.get("label_pdf_url") or label["label_url"]),
            media_type="application/pdf" if label.get("label_pdf_url") else str(label["label_file_type"]),
            tracking_number=str(shipment["tracking_code"]),
            tracking_url=str((shipment.get("tracker") or {}).get("public_url") or ""),
            reference=str(shipment["id"]),
            cost=Decimal(str(rate["rate"])),
            currency=str(rate["currency"]),
        )

    def _download(self, url: str) -> bytes:
        """Labels lie elsewhere, and our key does not go there."""
        try:
            with (
                open_client(timeout=self._access.timeout, allow_private=self._access.allow_private) as client,
                client.stream("GET", url) as answer,
            ):
                answer.raise_for_status()
                body = bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > LARGEST_LABEL:
                        raise CarrierUnavailable("The label is larger than 5 MiB.")
        except (httpx.HTTPError, httpx.InvalidURL, AddressRefused) as error:
            raise CarrierUnavailable(f"The label was bought and could not be read ({type(error).__name__}).") from error
        return bytes(body)

    def _note_wait(self, http_status: int, headers: Mapping[str, str], **_: Any) -> None:
        said = headers.get("Retry-After", "") if http_status == 429 else ""
        self._wait = float(said) if said.isdecimal() else USUAL_WAIT

    def _call(self, work: Callable[[], Any]) -> Any:
        """Ask EasyPost, in plain dicts; its many errors are three.

        Raises:
            CarrierRefused, CarrierBusy, CarrierUnavailable.
        """
        try:
            answer = work()
            return answer.to_dict() if hasattr(answer, "to_dict") else answer
        except errors.RateLimitError as busy:
            raise CarrierBusy("EasyPost is asked too often.", retry_after=self._wait) from busy
        except (errors.UnauthorizedError, errors.PaymentError, errors.ForbiddenError) as stranger:
            raise CarrierUnavailable(f"EasyPost does not let us in: {stranger.message}") from stranger
        except (
            errors.InvalidRequestError,
            errors.BadRequestError,
            errors.NotFoundError,
            errors.MethodNotAllowedError,
        ) as refusal:
            raise CarrierRefused(_say(refusal)) from refusal
        except errors.RedirectError as moved:
            raise CarrierUnavailable("EasyPost's address has moved; enter the one it moved to.") from moved
        except (errors.EasyPostError, KeyError, TypeError) as trouble:
            raise CarrierUnavailable(f"EasyPost did not answer ({type(trouble).__name__}).") from trouble


def _refuse_private(access: Access) -> None:
    """Somebody typed the address in: it must not lead into our own house.

    Raises:
        CarrierUnavailable
    """
    url = urlsplit(access.url)
    if not access.url or access.allow_private:
        return
    try:
        public = all(is_public(address) for address in resolve(url.hostname or "", url.port or 443))
    except (OSError, ValueError):
        public = False
    if url.scheme != "https" or not public:
        raise CarrierUnavailable("Only public https addresses are called.")


def _open_session() -> requests.Session:
    """Nothing is tried twice behind our back, and no .netrc or proxy of this machine has a say."""
    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 0
    return session


def _say(refusal: "errors.ApiError") -> str:
    """Its message, and the fields that it finds wrong."""
    fields = [
        f"{each.get('field')}: {each.get('message')}" if isinstance(each, Mapping) else str(each)
        for each in refusal.errors or ()
    ]
    return f"EasyPost: {'; '.join([refusal.message.rstrip('.'), *fields])}."
