"""The top of the house: joins what lower apps announce to what higher apps do about it."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class WiringConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import wiring  # the models must be loaded first

        wiring.connect()


class StaffAdminConfig(AdminConfig):
    """Django's admin with our site; `config/admin.py` lists its pages."""

    default_site = "oms.admin.site.StaffSite"
