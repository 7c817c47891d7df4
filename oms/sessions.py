"""Sessions of browsers, in Django's own table: read for every page, so by a statement that PostgreSQL plans once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from oms.reading import fetch_objects


class SessionStore(db.SessionStore):
    """The store that settings.SESSION_ENGINE names."""

    def _get_session_from_db(self) -> Session | None:
        found = fetch_objects(
            Session, "WHERE session_key = %s AND expire_date > %s", [self.session_key, timezone.now()]
        )
        if not found:
            self._session_key = None  # a name that nobody gave is never taken up
            return None
        return found[0]
