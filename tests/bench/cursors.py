"""The cursor of a page deep in a list: `python -m tests.bench.cursors STATUS ROW`.

To walk there would take thousands of pages, so the list's own keyset writes the cursor that the page before would have
ended with; from there on it is a request like any other.
"""

import sys

import tests.bench.django_ready  # noqa: F401

# isort: split
from orders.api.reading import NEWEST_FIRST
from orders.models import Order

if __name__ == "__main__":
    status, row = sys.argv[1], int(sys.argv[2])
    orders = NEWEST_FIRST.narrow(Order.objects.filter(status=status), None)
    print(NEWEST_FIRST.write_cursor(orders.values_list(*NEWEST_FIRST.columns)[row - 1]))
