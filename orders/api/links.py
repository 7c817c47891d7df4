"""Links by which a shop sends its buyer to the pages of their order, without a code by mail."""

from typing import Annotated

from pydantic import BaseModel, Field

from oms.api.calls import ApiCall
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.bodies import Body, Moment, text
from oms.models.api_key import Scope
from orders.api.access import require_order
from orders.models import Order
from orders.queries.portal_links import LINK_LASTS, PLACES, make_link


class LinkBody(Body):
    to: Annotated[str, text(164, pattern=f"^({PLACES})?$")] = Field(
        default="", description="A page below the order's own: `thanks/` after the purchase; empty: the order itself."
    )


class LinkShape(BaseModel):
    url: str = Field(description="Whoever has it is let in to the order: give it to its buyer alone.")
    expires_at: Moment


class LinksView(ApiView):
    """Signed, and bound to the order's e-mail address: when that changes, older links open nothing."""

    scopes = {"POST": Scope.ORDERS_WRITE}

    @describe("Make a link to the order's pages", takes=LinkBody, gives={201: LinkShape})
    def post(self, call: ApiCall, number: str) -> Answer:
        """For a shop's own thank-you page: it redirects the buyer to the link of `thanks/`."""
        to = call.read(LinkBody).to
        require_order(call.key, number)
        link = make_link(Order.objects.get(number=number), to=to)
        return Answer({"url": link, "expires_at": call.at + LINK_LASTS}, 201)
