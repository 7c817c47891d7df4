"""A worker of labels as a process of its own, to be killed: `python -m tests.races.label_worker`."""

import django

django.setup()

from orders.actions.shipping.buying import buy_due_labels  # noqa: E402
from tests.make.carriers import SOON  # noqa: E402

if __name__ == "__main__":
    buy_due_labels(at=SOON)
