"""The top of the house: joins what lower apps announce to what higher apps do about it."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import wiring  # the models must be loaded first

        wiring.connect()
