"""Credit that was given for a return of a Shopify order is Shopify's to keep; a gift of ours stays with us."""

from decimal import Decimal

import pytest

from orders.models import WriteBack, WriteBackTarget
from returns.events import CreditIssued
from returns.models import CreditLot
from returns.reactions.moving import move_to_channels
from tests.make.credit import account_of, balance, given
from tests.make.moments import ADA, NOON
from tests.make.orders import channel
from tests.make.returns import delivered_order, item, line_of, open_return, terms_in_force
from tests.make.settled import come_back
from tests.make.write_backs import target

pytestmark = pytest.mark.django_db


def issued(lot: CreditLot) -> CreditIssued:
    facts = {"source": lot.source, "base": str(lot.base), "bonus": str(lot.bonus)}
    return CreditIssued(subject=account_of(lot).key, by=ADA, at=lot.issued_at, facts=facts)


def test_credit_for_a_return_is_moved_and_its_channel_told():
    terms_in_force({})
    order = delivered_order()
    target("SHOPIFY", "https://shop.example", channel(), takes_credit=True)
    come_back(open_return(order, item(line_of(order), resolution="STORE_CREDIT")))
    lot = CreditLot.objects.get()

    move_to_channels([issued(lot)])
    move_to_channels([issued(lot)])

    assert balance(account_of(lot)) == ("0.00", "0.00", "0.00", "0.00")
    told = [Decimal(each["credit"]["amount"]) for each in WriteBack.objects.values_list("body", flat=True)]
    assert sorted(told) == [Decimal("1.99"), Decimal("19.90")]


def test_a_gift_stays_with_us():
    target("SHOPIFY", "https://shop.example", channel(), takes_credit=True)
    lot = given("10.00", "0.00", source="goodwill:late parcel", at=NOON)
    move_to_channels([issued(lot)])
    assert balance(account_of(lot))[0] == "10.00"
    assert not WriteBack.objects.exists() and WriteBackTarget.objects.count() == 1
