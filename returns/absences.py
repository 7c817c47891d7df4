"""What returns do not find: no such thing, or not for whoever asks. The answer is the same.

NotFound
├── ReturnNotFound
├── PhotoNotFound
├── CreditAccountNotFound
├── StrayNotFound
└── AuthorizationNotFound
"""

from oms.errors import NotFound


class ReturnNotFound(NotFound):
    """No such return."""

    code = "return_not_found"

    def __init__(self, number: str) -> None:
        super().__init__(f"There is no return {number}.", number=number)


class PhotoNotFound(NotFound):
    """No such photo."""

    code = "photo_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such photo.")


class CreditAccountNotFound(NotFound):
    """No such account of store credit."""

    code = "credit_account_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such credit account.")


class AuthorizationNotFound(NotFound):
    """No such authorization of store credit."""

    code = "authorization_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such authorization.")


class StrayNotFound(NotFound):
    """No such stray parcel."""

    code = "stray_parcel_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such stray parcel.")
