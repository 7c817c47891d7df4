"""`GET /return-terms`: what a buyer would get. Open to all; caches may keep it, and ask whether it changed."""

import hashlib
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language_from_request, override
from pydantic import AfterValidator, BaseModel, Field

from oms.api.calls import ApiCall
from oms.api.rendering import render_money
from oms.api.schema import describe
from oms.api.throttling import count_visit, describe_pace
from oms.api.views import Answer, ApiView
from oms.bodies import Body, member_of, text
from oms.countries import COUNTRIES
from oms.errors import NotFound
from oms.models import Channel
from orders.api.shapes import MoneyShape
from returns.choices import Condition, FinalSale, Method, Resolution
from returns.queries.terms_offer import Offer, Offered, offer_everything, offer_for_sku
from returns.wording.terms import list_terms, say_law

KEPT_FOR = 300
"""Seconds for which a cache need not ask again."""


class TermsQuery(Body):
    country: Annotated[
        str,
        text(2, least=2),
        AfterValidator(member_of(frozenset(COUNTRIES), "unknown_country", "a country of ISO 3166")),
        Field(description="Where it would be sent: ISO 3166.", examples=["DE"]),
    ]
    sku: Annotated[str, text(100), Field(description="Empty: the terms of everything, kind by kind.")] = ""
    channel: Annotated[str, text(40), Field(description="Where it would be bought.")] = ""


class LawShape(BaseModel):
    """What the law gives a consumer there, whatever the terms say; for distance sales to consumers."""

    code: str
    days: int
    citation: str
    sentence: str


class TermShape(BaseModel):
    """Terms, and what they are for: all categories, tags or tiers that are not named elsewhere where none is here."""

    name: str
    categories: list[str]
    tag: str
    customer_tier: str
    days: int = Field(description="From delivery, to the end of that day at the customer's place. 0: none.")
    final_sale: FinalSale | None
    conditions: list[Condition]
    resolutions: list[Resolution]
    methods: list[Method]
    return_shipping: Literal["MERCHANT", "CUSTOMER", "DEDUCTED"] = Field(description="Who bears it.")
    label_fee: MoneyShape | None
    restocking_percent: str
    shipping_refund: Literal["NEVER", "WHOLE_ORDER", "ALWAYS"]
    credit_rate: str = Field(description="Per cent of the refund that store credit is worth.", examples=["110"])
    sentences: list[str] = Field(description="The same in plain words, in the language of Accept-Language.")


class TermsShape(BaseModel):
    edition: str = Field(description="SHA-256 of all terms: the same name, the same terms.")
    country: str
    channel: str
    sku: str
    language: str
    terms: list[TermShape]
    law: LawShape | None


class TermsView(ApiView):
    """The terms of return in force."""

    public = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever has the same already is told so: 304 (RFC 9110, 13)."""
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response.headers["ETag"] = etag
        response.headers["Vary"] = "Accept-Language"
        response.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}"
        return get_conditional_response(request, etag=etag, response=response) or response

    @describe(
        "Read the terms of return",
        query=TermsQuery,
        gives={200: TermsShape},
        refuses={404: "`not_found`: no such SKU or channel.", 429: "`too_many_requests`: too many from one address."},
    )
    def get(self, call: ApiCall) -> Answer:
        self.headers = describe_pace(count_visit(call.http))
        asked = call.ask(TermsQuery)
        offer = find_offer(call, asked)
        language = get_language_from_request(call.http)
        with override(language):
            return Answer(present_offer(offer, language))


def find_offer(call: ApiCall, asked: TermsQuery) -> Offer:
    """Raises:
    NotFound: there is no such SKU or channel.
    """
    if asked.channel and not Channel.objects.filter(code=asked.channel, active=True).exists():
        raise NotFound(f"There is no channel {asked.channel}.")
    if asked.sku:
        return offer_for_sku(asked.sku, country=asked.country, channel=asked.channel, at=call.at)
    return offer_everything(country=asked.country, channel=asked.channel, at=call.at)


def present_offer(offer: Offer, language: str) -> dict[str, Any]:
    law = offer.statute
    return {
        "edition": offer.digest,
        "country": offer.country,
        "channel": offer.channel,
        "sku": offer.sku,
        "language": language,
        "terms": [_present(each) for each in offer.offered],
        "law": law and {"code": law.code, "days": law.days, "citation": law.cite("days"), "sentence": say_law(law)},
    }


def _present(offered: Offered) -> dict[str, Any]:
    terms = offered.terms
    return {
        "name": terms.name,
        "categories": list(offered.categories),
        "tag": offered.tag,
        "customer_tier": offered.tier,
        "days": terms.days,
        "final_sale": terms.final_sale,
        "conditions": list(terms.conditions),
        "resolutions": [] if terms.final_sale else list(terms.resolutions),
        "methods": [] if terms.final_sale else list(terms.methods),
        "return_shipping": terms.bears,
        "label_fee": render_money(terms.label_fee, terms.fee_currency) if terms.label_fee else None,
        "restocking_percent": str(terms.restocking_percent),
        "shipping_refund": terms.shipping_refund,
        "credit_rate": str(terms.credit_rate),
        "sentences": list_terms(offered),
    }
