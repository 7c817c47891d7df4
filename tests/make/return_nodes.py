"""Places that returns go to, and the people who work at one of them."""

from inventory.models import Warehouse
from oms.models import User
from returns.models import Return, ReturnNode
from tests.make.staff import staff


def node_at(code: str) -> ReturnNode:
    place, _ = Warehouse.objects.get_or_create(code=code, defaults={"name": f"{code} place", "country": "DE"})
    made, _ = ReturnNode.objects.get_or_create(warehouse=place, defaults={"currency": "EUR"})
    return made


def send_to(found: Return, code: str) -> Return:
    """The return goes to that warehouse."""
    Return.objects.filter(pk=found.pk).update(node=node_at(code))
    found.refresh_from_db()
    return found


def partner_of(code: str, name: str = "pia") -> User:
    """Somebody who works for that warehouse and sees nothing else."""
    return staff(name, role="partner", warehouses=[code])
