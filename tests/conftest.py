"""What every test may ask for."""

import os
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models.signals import post_migrate
from pytest_django import DjangoDbBlocker

# Before Django reads them: the tests speak plain HTTP and want static files as they lie there.
os.environ.setdefault("SECRET_KEY", "only-for-the-tests-only-for-the-tests")
os.environ.setdefault("HTTPS", "0")
os.environ["STATICFILES_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


def pytest_configure(config: pytest.Config) -> None:
    """Nobody collects static files for tests, so WhiteNoise finds no folder of them."""
    config.addinivalue_line("filterwarnings", "ignore:No directory at:UserWarning")
    settings.MAIL_SERVER = True  # pytest-django's own: whatever the environment says, nothing leaves this machine
    post_migrate.connect(refill, dispatch_uid="refill")
    # How long a case takes says something of the machine, nothing of the code.
    hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
    hypothesis.settings.load_profile("house")


def refill(sender: Any, **_: Any) -> None:
    """A test of several connections empties all tables; what migrations have put there is there again for the next."""
    if sender.label == "orders" and not apps.get_model("orders", "EditPermission").objects.exists():
        import_module("orders.migrations.0008_default_permissions").fill(apps, None)
    if sender.label == "returns" and not apps.get_model("returns", "ReturnReason").objects.exists():
        import_module("returns.migrations.0002_reasons_and_rules").fill(apps, None)
        import_module("returns.migrations.0003_withdrawal_reason").fill(apps, None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """At the end nobody else is left in the database: a browser's last request may have died with its connection."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
