"""Terms, returns, and store credit."""

from returns.models.abuse_score import AbuseScore
from returns.models.advance import Advance
from returns.models.advice_shown import AdviceShown
from returns.models.credit_account import CreditAccount
from returns.models.credit_authorization import CreditAuthorization
from returns.models.credit_entry import CreditEntry
from returns.models.credit_lot import CreditLot
from returns.models.homecoming import Homecoming
from returns.models.order_terms import OrderTerms
from returns.models.peer_share import PeerShare
from returns.models.return_ import Return
from returns.models.return_advice import ReturnAdvice
from returns.models.return_cost import ReturnCost
from returns.models.return_item import ReturnItem
from returns.models.return_node import ReturnNode
from returns.models.return_parcel import ReturnParcel
from returns.models.return_photo import ReturnPhoto
from returns.models.return_reason import ReturnReason
from returns.models.return_rule import ReturnRule
from returns.models.return_terms import ReturnTerms
from returns.models.settlement import Settlement
from returns.models.stray_parcel import StrayParcel
from returns.models.terms_edition import TermsEdition
from returns.models.withdrawal import Withdrawal

__all__ = [
    "AbuseScore",
    "Advance",
    "AdviceShown",
    "CreditAccount",
    "CreditAuthorization",
    "CreditEntry",
    "CreditLot",
    "Homecoming",
    "OrderTerms",
    "PeerShare",
    "Return",
    "ReturnAdvice",
    "ReturnCost",
    "ReturnItem",
    "ReturnNode",
    "ReturnParcel",
    "ReturnPhoto",
    "ReturnReason",
    "ReturnRule",
    "ReturnTerms",
    "Settlement",
    "StrayParcel",
    "TermsEdition",
    "Withdrawal",
]
