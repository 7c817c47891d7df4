"""What offers do not find: no such thing, or not for whoever asks. The answer is the same.

NotFound
├── OfferNotFound
└── RefusalNotFound
"""

from oms.errors import NotFound


class OfferNotFound(NotFound):
    """No such offer."""

    code = "offer_not_found"

    def __init__(self, offer: int) -> None:
        super().__init__(f"There is no offer {offer}.")


class RefusalNotFound(NotFound):
    """Nobody refused that."""

    code = "refusal_not_found"

    def __init__(self, refusal: int) -> None:
        super().__init__(f"There is no refusal {refusal}.", refusal=refusal)
