"""What an EasyPost account does and refuses, in memory: shipments, postage, refunds, trackers."""

import itertools
from dataclasses import dataclass, field
from typing import Any

USPS = {"GroundAdvantage": ("6.07", 3), "Priority": ("8.41", 2), "Express": ("31.15", 1)}
DHL = {"ExpressWorldwide": ("48.20", 2)}
LABEL = b"%PDF-1.4 a label of EasyPost\n%%EOF"


class ApiError(Exception):
    def __init__(self, status: int, code: str, message: str, errors: list[Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"code": code, "message": message, "errors": errors or []}}


@dataclass
class Account:
    """`paid` counts postage by shipment. `stale`: rates that have run out. `takes_back`: the refund state that is
    answered at once. `unsellable`: a service that no carrier sells when it comes to it.
    """

    url: str = ""
    shipments: dict[str, dict[str, Any]] = field(default_factory=dict)
    trackers: dict[str, dict[str, Any]] = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)
    takes_back: str = "submitted"
    unsellable: str = ""
    funds: bool = True
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def create_shipment(self, params: Any) -> dict[str, Any]:
        given = _require(params, "shipment")
        for name in ("to_address", "from_address", "parcel"):
            _require(given, name)
        if not float(_require(given["parcel"], "weight")) > 0:
            raise ApiError(422, "PARCEL.WEIGHT.INVALID", "Invalid parcel weight.")
        for name in ("street1", "city", "country"):
            _require(given["to_address"], name)
        abroad = given["to_address"]["country"] != given["from_address"]["country"]
        if abroad:
            _check_customs(given.get("customs_info"))
        shipment = {
            **given,
            "id": self._name("shp"),
            "object": "Shipment",
            "mode": "test",
            "messages": [],
            "status": "unknown",
            "postage_label": None,
            "selected_rate": None,
            "tracking_code": None,
            "tracker": None,
            "refund_status": None,
        }
        shipment["rates"] = self._make_rates(shipment["id"], abroad)
        self.shipments[shipment["id"]] = shipment
        return shipment

    def read_shipment(self, id_: str) -> dict[str, Any]:
        if id_ not in self.shipments:
            raise ApiError(404, "NOT_FOUND", "The requested resource could not be found.")
        return self.shipments[id_]

    def rerate(self, id_: str) -> dict[str, Any]:
        shipment = self.read_shipment(id_)
        abroad = shipment["to_address"]["country"] != shipment["from_address"]["country"]
        shipment["rates"] = self._make_rates(id_, abroad)
        return {"rates": shipment["rates"]}

    def buy(self, id_: str, params: Any) -> dict[str, Any]:
        shipment = self.read_shipment(id_)
        wanted = _require(_require(params, "rate"), "id")
        if shipment["postage_label"]:
            raise ApiError(422, "SHIPMENT.POSTAGE.EXISTS", "Postage already exists for this shipment.")
        if not self.funds:
            raise ApiError(402, "PAYMENT_REQUIRED", "Insufficient funds.")
        rate = next((each for each in shipment["rates"] if each["id"] == wanted), None)
        if rate is None or wanted in self.stale:
            raise ApiError(422, "SHIPMENT.RATES.EXPIRED", "The selected rate has expired; rate the shipment again.")
        if rate["service"] == self.unsellable:
            raise ApiError(422, "SHIPMENT.POSTAGE.FAILURE", "The destination is not served.", ["zip is embargoed"])
        return self._sell(shipment, rate)

    def refund(self, id_: str) -> dict[str, Any]:
        shipment = self.read_shipment(id_)
        if not shipment["postage_label"]:
            raise ApiError(422, "SHIPMENT.REFUND.UNAVAILABLE", "This shipment has no postage.")
        if shipment["refund_status"]:
            raise ApiError(422, "SHIPMENT.REFUND.EXISTS", "A refund was already requested.")
        shipment["refund_status"] = self.takes_back
        return shipment

    def read_tracker(self, id_: str) -> dict[str, Any]:
        if id_ not in self.trackers:
            raise ApiError(404, "NOT_FOUND", "The requested resource could not be found.")
        return self.trackers[id_]

    def create_tracker(self, body: dict[str, Any]) -> dict[str, Any]:
        """Of a number that was asked about lately it is the tracker that there is."""
        asked = body.get("tracker") or {}
        code, carrier = asked.get("tracking_code"), asked.get("carrier")
        if not code:
            raise ApiError(422, "TRACKER.CREATE.ERROR", "tracking_code is required.")
        if carrier is not None and carrier not in ("UPS", "USPS", "FedEx", "CanadaPost", "Purolator", "OnTrac"):
            raise ApiError(422, "TRACKER.CREATE.ERROR", "The carrier is not known.")
        known = next((each for each in self.trackers.values() if each["tracking_code"] == code), None)
        if known is None:
            known = {"id": self._name("trk"), "object": "Tracker", "tracking_code": code, "status": "unknown"}
            known |= {"tracking_details": [], "public_url": f"https://track.example/{code}", "carrier": carrier}
            self.trackers[known["id"]] = known
        return known

    def scan(self, tracking_code: str, status: str, at: str, **more: Any) -> dict[str, Any]:
        """A carrier reports something; the tracker as EasyPost would send it."""
        tracker = next(each for each in self.trackers.values() if each["tracking_code"] == tracking_code)
        location = {"object": "TrackingLocation", "city": more.pop("city", None), "state": None, "country": "US"}
        detail = {"object": "TrackingDetail", "message": f"Now {status}", "status": status, "datetime": at}
        detail |= {"status_detail": None, "source": "USPS", "tracking_location": location, **more}
        tracker["tracking_details"].append(detail)
        tracker["status"] = status
        return tracker

    def expire_rates(self) -> None:
        self.stale |= {rate["id"] for shipment in self.shipments.values() for rate in shipment["rates"]}

    def _sell(self, shipment: dict[str, Any], rate: dict[str, Any]) -> dict[str, Any]:
        number = next(self._numbers)
        code = f"94001{number:017}"
        tracker = {"id": self._name("trk"), "object": "Tracker", "tracking_code": code, "status": "unknown"}
        tracker |= {"tracking_details": [], "public_url": f"https://track.example/{code}", "carrier": rate["carrier"]}
        self.trackers[tracker["id"]] = tracker
        label = {"id": self._name("pl"), "object": "PostageLabel", "label_file_type": "application/pdf"}
        label |= {"label_url": f"{self.url}/labels/{number}.pdf", "label_pdf_url": None, "label_size": "4x6"}
        shipment |= {"postage_label": label, "selected_rate": rate, "tracking_code": code, "tracker": tracker}
        self.paid[shipment["id"]] = self.paid.get(shipment["id"], 0) + 1
        return shipment

    def _make_rates(self, shipment: str, abroad: bool) -> list[dict[str, Any]]:
        sold = {"USPS": {"Priority": ("41.00", None)}, "DHLExpress": DHL} if abroad else {"USPS": USPS}
        return [
            {
                "id": self._name("rate"),
                "object": "Rate",
                "service": service,
                "carrier": carrier,
                "rate": price,
                "currency": "USD",
                "delivery_days": days,
                "est_delivery_days": days,
                "shipment_id": shipment,
            }
            for carrier, services in sold.items()
            for service, (price, days) in services.items()
        ]

    def _name(self, kind: str) -> str:
        return f"{kind}_{next(self._numbers):032x}"


def _check_customs(info: Any) -> None:
    if not info or not info.get("customs_items"):
        raise ApiError(422, "SHIPMENT.CUSTOMS_INFO.REQUIRED", "Customs information is required abroad.")
    for item in info["customs_items"]:
        if not isinstance(item.get("quantity"), int) or item["quantity"] < 1:
            raise ApiError(422, "CUSTOMS_ITEM.INVALID", "A quantity is a whole number.", [{"field": "quantity"}])
        for name in ("description", "value", "weight", "origin_country"):
            _require(item, name)


def _require(params: Any, name: str) -> Any:
    if not isinstance(params, dict) or not params.get(name):
        errors = [{"field": name, "message": "cannot be blank"}]
        raise ApiError(422, "PARAMETER.REQUIRED", "Missing required parameter.", errors)
    return params[name]
