"""What calls about returns send."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema

from oms.bodies import Body, Moment, PageQuery, exact_number, text
from returns.actions.inspecting import Finding
from returns.api.shapes import ConditionWord, DispositionWord, GradeWord, Kind, MethodWord, ResolutionWord, Status
from returns.policies.receiving import Arrived
from returns.policies.wishes import ItemWish, ReturnWish

MOST_ITEMS = 200

Units = Annotated[
    Decimal,
    BeforeValidator(exact_number),
    Field(gt=0, max_digits=12, decimal_places=3),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 999_999_999, "multipleOf": 0.001}),
]
PhotoKey = Annotated[
    UUID, text(36, least=36), WithJsonSchema({"type": "string", "format": "uuid", "minLength": 36, "maxLength": 36})
]


class ItemBody(Body):
    """Units of one line. One line may stand in several items: two shirts, one too small and one torn."""

    line: Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)]
    quantity: Units
    reason: Annotated[str, text(40, least=1)]
    resolution: ResolutionWord = "REFUND"
    exchange_sku: Annotated[str, text(100)] = ""
    comment: Annotated[str, text(1_000)] = ""

    def to_wish(self) -> ItemWish:
        return ItemWish(**self.model_dump())


class ReturnBody(Body):
    """A return of items of one order. `method`: the first of those that the terms offer, unless it is named."""

    order: Annotated[str, text(20, least=1)]
    items: Annotated[list[ItemBody], Field(min_length=1, max_length=MOST_ITEMS)]
    method: MethodWord | None = None
    kind: Kind = "RETURN"
    email: Annotated[str, text(254)] = ""
    locale: Annotated[str, text(20)] = ""
    note: Annotated[str, text(2_000), Field(description="For staff.")] = ""

    def to_wish(self) -> ReturnWish:
        return ReturnWish(
            items=tuple(item.to_wish() for item in self.items),
            method=self.method or "",
            kind=self.kind,
            email=self.email.lower(),
            locale=self.locale,
            note=self.note,
        )


class PreviewBody(ReturnBody):
    """The same without obligation; without items it says what of the order could come back."""

    items: Annotated[list[ItemBody], Field(max_length=MOST_ITEMS)] = []


class ApprovalBody(Body):
    method: Annotated[MethodWord | None, Field(description="Another way back than was asked for.")] = None
    keep_it: Annotated[bool, Field(strict=True, description="They keep it, and it is given for at once.")] = False
    note: Annotated[str, text(255)] = ""


class RefusalBody(Body):
    explanation: Annotated[str, text(500, least=1), Field(description="The customer reads it.")]


class ReturnCancellationBody(Body):
    reason: Annotated[str, text(255)] = ""


class ArrivalBody(Body):
    """Units that are here. `item` where it is known, else what it is: surplus and wrong goods are normal."""

    item: Annotated[int | None, Field(strict=True, ge=1, le=2**63 - 1)] = None
    sku: Annotated[str, text(100)] = ""
    quantity: Units
    note: Annotated[str, text(255)] = ""

    def to_arrival(self) -> Arrived:
        return Arrived(self.item, self.sku, self.quantity, self.note)


class ReceiptBody(Body):
    items: Annotated[list[ArrivalBody], Field(min_length=1, max_length=MOST_ITEMS)]


class FindingBody(Body):
    """What was seen of units of an item; of fewer than it has, the others stay as they are."""

    item: Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)]
    quantity: Units
    acceptance: Literal["ACCEPTED", "REJECTED", "NEEDS_PERSON"] = "ACCEPTED"
    grade: GradeWord
    disposition: DispositionWord | None = None
    finding: Annotated[str, text(500)] = ""
    unmet: Annotated[
        list[ConditionWord],
        Field(
            max_length=6,
            description="Conditions of the item that it does not meet. Accepted, it then waits for a person; opened, "
            "what is taken back only sealed is rejected.",
        ),
    ] = []
    despite: Annotated[
        bool,
        Field(strict=True, description="It is accepted whatever it does not meet. Not for keys limited to warehouses."),
    ] = False

    def to_finding(self) -> Finding:
        said = self.model_dump(exclude={"item", "disposition", "unmet"})
        return Finding(item_id=self.item, disposition=self.disposition or "", unmet=tuple(self.unmet), **said)


class InspectionBody(Body):
    findings: Annotated[list[FindingBody], Field(min_length=1, max_length=MOST_ITEMS)]


class ReturnQuery(PageQuery):
    """Filters are AND-ed."""

    status: Status | None = None
    order: Annotated[str, text(20)] = ""
    node: Annotated[str, text(40), Field(description="The warehouse it goes to.")] = ""
    reason: Annotated[str, text(40), Field(description="An item comes back for it.")] = ""
    updated_after: Annotated[Moment | None, Field(description="Also changes the order of the list.")] = None
    q: Annotated[
        str, text(254), Field(description="An RMA, order or tracking number, or an e-mail address: exactly.")
    ] = ""
