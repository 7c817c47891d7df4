"""Why something is offered, and why in this size: to its customer, and to staff who try a campaign."""

import pytest
from django.utils import translation

from upsell.admin.exclusion_words import say_because as say_to_staff
from upsell.wording.words import say_because

SHIRT = {"code": "bought_with", "sku": "SHIRT-L", "title": "Linen shirt"}


@pytest.mark.parametrize(
    ("known_from", "said", "to_staff"),
    [
        ("order", "In size L, as in your order", "in size L as in the order"),
        ("kept", "In size L, as you kept before", "in size L as they kept before"),
    ],
)
def test_the_size_says_where_it_is_known_from(known_from, said, to_staff):
    because = SHIRT | {"size": "L", "known_from": known_from}

    assert say_because(because) == f"Often bought with Linen shirt · {said}"
    assert say_to_staff(because) == f"bought with Linen shirt, {to_staff}"


def test_where_no_size_is_known_nothing_is_said_of_it():
    assert say_because(SHIRT) == "Often bought with Linen shirt"
    assert say_to_staff(SHIRT) == "bought with Linen shirt"


def test_chinese_customers_read_it_in_chinese():
    with translation.override("zh-hans"):
        assert "尺码 L" in say_because(SHIRT | {"size": "L", "known_from": "order"})
