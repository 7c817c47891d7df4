"""What orders do not find: no such thing, or not for whoever asks. The answer is the same.

NotFound
├── FulfillmentNotFound
├── ShipmentNotFound
├── LabelNotFound
├── RepaymentNotFound
├── OrderNotFound
├── HoldNotFound
├── EditNotFound
├── WriteBackNotFound
└── TargetNotFound
"""

from oms.errors import NotFound


class OrderNotFound(NotFound):
    """No such order."""

    code = "order_not_found"

    def __init__(self, number: str) -> None:
        super().__init__(f"There is no order {number}.")


class HoldNotFound(NotFound):
    """No such open hold on this order."""

    code = "hold_not_found"

    def __init__(self, hold_id: int) -> None:
        super().__init__(f"There is no open hold {hold_id} on this order.")


class EditNotFound(NotFound):
    """No such edit."""

    code = "edit_not_found"

    def __init__(self, edit_id: int) -> None:
        super().__init__(f"There is no edit {edit_id}.")


class WriteBackNotFound(NotFound):
    """No such message to another system, or none that you may see."""

    code = "write_back_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such message.")


class TargetNotFound(NotFound):
    """No such system that is told of orders."""

    code = "target_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such target.")


class RepaymentNotFound(NotFound):
    """No such repayment."""

    code = "repayment_not_found"

    def __init__(self, repayment_id: int) -> None:
        super().__init__(f"There is no repayment {repayment_id}.")


class FulfillmentNotFound(NotFound):
    """There is no such fulfillment."""

    code = "fulfillment_not_found"

    def __init__(self, number: str) -> None:
        super().__init__(f"There is no fulfillment {number}.", number=number)


class ShipmentNotFound(NotFound):
    """There is no such shipment."""

    code = "shipment_not_found"

    def __init__(self, number: str) -> None:
        super().__init__(f"There is no shipment {number}.", number=number)


class LabelNotFound(NotFound):
    """No label was bought for this fulfillment, or it was given back."""

    code = "label_not_found"

    def __init__(self, number: str) -> None:
        super().__init__(f"There is no label for {number}.", number=number)
