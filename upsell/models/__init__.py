"""Campaigns, offers, what was learned, and what they bring."""

from upsell.models.campaign import Campaign
from upsell.models.category_neighbor import CategoryNeighbor
from upsell.models.consideration import Consideration
from upsell.models.exposure import Exposure
from upsell.models.figure_mark import FigureMark
from upsell.models.neighbor import Neighbor, RecentPair
from upsell.models.offer import Offer
from upsell.models.offer_day import OfferDay
from upsell.models.offer_item import OfferItem
from upsell.models.offer_showing import OfferShowing
from upsell.models.product_day import ProductDay
from upsell.models.recommender import Recommender
from upsell.models.refusal import Refusal
from upsell.models.room_mail import OptOut, RoomMail
from upsell.models.side_day import SideDay

__all__ = [
    "Campaign",
    "CategoryNeighbor",
    "Consideration",
    "Exposure",
    "FigureMark",
    "Neighbor",
    "Offer",
    "OfferDay",
    "OfferItem",
    "OfferShowing",
    "OptOut",
    "ProductDay",
    "RecentPair",
    "Recommender",
    "Refusal",
    "RoomMail",
    "SideDay",
]
