"""Carriers as Amazon spells them. A name that Amazon does not know is sent as "Other", with the name beside it.

Amazon takes a code only when it is spelled exactly like this.
"""

from orders.policies.shipping.tracking_numbers import recognize_number

CODES = (
    "4PX",
    "Amazon Shipping",
    "Aramex",
    "Asendia",
    "Australia Post",
    "bpost",
    "BRT",
    "Canada Post",
    "China Post",
    "Chronopost",
    "Colis Prive",
    "Colissimo",
    "Correos",
    "Correos Express",
    "DHL",
    "DHL eCommerce",
    "DHL Express",
    "DHL Global Mail",
    "DPD",
    "Deutsche Post",
    "Evri",
    "FedEx",
    "FedEx SmartPost",
    "GEODIS",
    "GLS",
    "Hermes",
    "India Post",
    "Japan Post",
    "La Poste",
    "MRW",
    "OnTrac",
    "Parcelforce",
    "Poste Italiane",
    "PostNL",
    "PostNord",
    "Purolator",
    "Royal Mail",
    "SDA",
    "SEUR",
    "SF Express",
    "Sagawa",
    "TNT",
    "UPS",
    "UPS Mail Innovations",
    "USPS",
    "Yamato",
    "YunExpress",
)
OTHER = "Other"
_BY_WORD = {"".join(code.casefold().split()): code for code in CODES}


def name_carrier(carrier: str, tracking_number: str) -> dict[str, str]:
    """`carrierCode`, and `carrierName` beside "Other". A name unknown to Amazon may be told by the parcel's number."""
    if code := _find_code(carrier):
        return {"carrierCode": code}
    told = {code for each in recognize_number(tracking_number) if each.checked and (code := _find_code(each.carrier))}
    if len(told) == 1:
        return {"carrierCode": told.pop()}
    return {"carrierCode": OTHER, "carrierName": carrier or "Own delivery"}


def _find_code(carrier: str) -> str | None:
    return _BY_WORD.get("".join(carrier.casefold().split()))
