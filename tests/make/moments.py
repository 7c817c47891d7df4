"""Moments and people that tests speak of."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ONE_SECOND = timedelta(seconds=1)
ONE_MINUTE = timedelta(minutes=1)
ONE_HOUR = timedelta(hours=1)
ONE_DAY = timedelta(days=1)

FIFTY_YEARS = 50 * 365 * 24 * 60
"""In minutes: an edit window that is still open whenever the tests run."""

ADA = "staff:ada"
