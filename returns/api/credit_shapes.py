"""What the OpenAPI document says store credit looks like. `returns/queries/credit/documents.py` builds it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from orders.api.shapes import MoneyShape


class CreditOwnerShape(BaseModel):
    name: str
    email: str


class CreditLotShape(BaseModel):
    """What is left of credit that was given at one time."""

    source: str = Field(description="What it was given for: `return:RMA-1`, `goodwill:…`.")
    issued_at: datetime
    earned: bool = Field(description="False: given in advance; taken back if the goods do not come.")
    base: MoneyShape
    base_expires_at: datetime | None
    bonus: MoneyShape = Field(description="Given on top. It never becomes money.")
    bonus_expires_at: datetime | None


class CreditAccountShape(BaseModel):
    """A customer's store credit in one currency."""

    id: str
    version: int
    customer: CreditOwnerShape
    currency: str
    balance: MoneyShape = Field(description="Base and bonus, with what is held.")
    bonus: MoneyShape
    held: MoneyShape
    available: MoneyShape = Field(description="What can be spent now.")
    receivable: MoneyShape = Field(description="Spent of an advance that was not earned: the next credit pays it.")
    frozen: bool
    lots: list[CreditLotShape]


class AuthorizationShape(BaseModel):
    """An amount that is set aside."""

    id: str
    account: str
    state: Literal["AUTHORIZED", "CAPTURED", "VOIDED", "EXPIRED"]
    amount: MoneyShape
    captured: MoneyShape
    reversed: MoneyShape = Field(description="Given back as credit, because the goods came back.")
    reference: str
    order: str | None = Field(description="The order that it has paid, if any.")
    authorized_at: datetime
    expires_at: datetime
    ended_at: datetime | None
