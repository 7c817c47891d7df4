"""What offers refuse, and why.

Refused
├── OfferEnded              it ran out, was refused or withdrawn, or waits for its payment
├── OfferTaken              it is on the order already
├── NotAmongChoices         another variant than those of the offered product that may be offered
├── EnoughAccepted          the order has as many offers as it may
├── CampaignWrong           a campaign that cannot run as it is written
├── NotRankable             no recommender can be trained: nothing was bought together
├── TrainingUnderWay        one is being trained already
└── NotSwappable            a recommender that was never trained to its end
"""

from oms.errors import Refused


class OfferEnded(Refused):
    """It lives no longer than the order's edit window. Facts: offer, state, because (window_closed, refused, …)."""

    code = "offer_ended"

    def __init__(self, offer: int, *, state: str, because: str) -> None:
        super().__init__("This offer has ended.", offer=offer, state=state, because=because)


class OfferTaken(Refused):
    """Accepting it twice is harmless where the same form asks; another one learns this. Facts: offer, edit."""

    code = "offer_taken"

    def __init__(self, offer: int, *, edit: int | None) -> None:
        super().__init__("This offer was accepted already.", offer=offer, edit=edit)


class NotAmongChoices(Refused):
    """A list names its goods; of what was recommended another size or colour in stock can be had. Facts: offer, sku."""

    code = "not_among_choices"

    def __init__(self, offer: int, *, sku: str) -> None:
        super().__init__(f"{sku} cannot be had instead.", offer=offer, sku=sku)


class EnoughAccepted(Refused):
    """Facts: most."""

    code = "enough_accepted"

    def __init__(self, most: int) -> None:
        super().__init__(f"This order has {most} offers already; it takes no more.", most=most)


class CampaignWrong(Refused):
    """Says what to change."""

    code = "campaign_wrong"


class NotRankable(Refused):
    """Too few orders hold more than one item."""

    code = "not_rankable"


class TrainingUnderWay(Refused):
    """One at a time. Facts: recommender, step, percent."""

    code = "training_under_way"

    def __init__(self, recommender: int, *, step: str, percent: int) -> None:
        super().__init__("A recommender is being trained already.", recommender=recommender, step=step, percent=percent)


class NotSwappable(Refused):
    """Only what was trained to its end can be used. Facts: recommender, state."""

    code = "not_swappable"

    def __init__(self, recommender: int, *, state: str) -> None:
        super().__init__("This recommender was not trained to its end.", recommender=recommender, state=state)
