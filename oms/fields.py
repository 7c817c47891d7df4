"""Columns that many tables share."""

from typing import Any

from django.db import models


class QuantityField(models.DecimalField):
    """Units of a SKU, to the thousandth: 3 shirts, 2.5 metres of linen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"max_digits": 12, "decimal_places": 3} | kwargs))


class AmountField(models.DecimalField):
    """An amount of money; its currency stands beside it, its digits are the currency's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"max_digits": 16, "decimal_places": 4} | kwargs))
