"""What every test may ask for."""

import os

import pytest

# Before Django reads them: the tests speak plain HTTP and want static files as they lie there.
os.environ.setdefault("SECRET_KEY", "only-for-the-tests-only-for-the-tests")
os.environ.setdefault("HTTPS", "0")
os.environ.setdefault("EMAIL_URL", "memorymail://")
os.environ["STATICFILES_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


def pytest_configure(config: pytest.Config) -> None:
    """Nobody collects static files for tests, so WhiteNoise finds no folder of them."""
    config.addinivalue_line("filterwarnings", "ignore:No directory at:UserWarning")
