"""The top of the house: joins what lower apps announce to what higher apps do about it."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig


class WiringConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import wiring  # the models must be loaded first

        wiring.connect()
        if settings.MAIL_PROVIDER:
            from config import mail_provider  # its library need not be there

            mail_provider.connect()


class StaffAdminConfig(AdminConfig):
    """Django's admin with our site; `config/admin.py` lists its pages."""

    default_site = "oms.admin.site.StaffSite"
