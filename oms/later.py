"""Libraries that are loaded when they are first used: a web process that prints nothing does not carry what draws.

At the head of a module, in the place of the import, so that what it needs is still seen there:

    if TYPE_CHECKING:
        import stripe
    else:
        stripe = Later("stripe")
"""

from importlib import import_module
from types import ModuleType
from typing import Any


class Later(ModuleType):
    """Stands for a library until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(self.__name__), name)
        setattr(self, name, found)
        return found
