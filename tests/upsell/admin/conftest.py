"""Every page is asked at noon, with nothing remembered of the page before."""

from tests.make.admin import at_noon, fresh_cache

__all__ = ["at_noon", "fresh_cache"]
