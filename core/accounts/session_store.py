"""Sessions in a table of our own, which says whose they are (Django: extending database-backed session engines). Of a
session, a request that changed nothing writes nothing but the new end."""

import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError

from core.clock.clock import real_now

# What a signed-in session holds of itself: when and on what it began, when the user last proved who it is.
SINCE_KEY, DEVICE_KEY, PROVED_KEY = "since", "device", "proved_at"
# The moment at which it ends, whatever its user does.
UNTIL_KEY = "until"


class SessionStore(db.SessionStore):
    """Each request puts the end of its session off. It must not write back what it read at its beginning: a slow one,
    a paper's preview, would undo the choice of a position that another window made meanwhile."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The table; asked for late, since the engine is imported before the models."""
        from core.accounts.models import BrowserSession

        return BrowserSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Return the row with whose it is and what it is shown as."""
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.device = data.get(DEVICE_KEY, "")
        row.since = datetime.datetime.fromtimestamp(data[SINCE_KEY], datetime.UTC) if SINCE_KEY in data else None
        row.seen_at = real_now()
        return row

    def get_expiry_date(self, **kwargs: Any) -> datetime.datetime:
        """Return when it ends: unused for a while, or at the latest some hours after signing in."""
        idle: datetime.datetime = super().get_expiry_date(**kwargs)
        until = self.get(UNTIL_KEY)
        return min(idle, datetime.datetime.fromtimestamp(until, datetime.UTC)) if until else idle

    def save(self, must_create: bool = False) -> None:
        """Write what was changed, else the end alone. Raises UpdateError where the session was signed out meanwhile."""
        if must_create or self.modified or self.session_key is None:
            super().save(must_create)
            return
        rows: Any = self.get_model_class().objects.filter(pk=self.session_key)
        if not rows.update(expire_date=self.get_expiry_date(), seen_at=real_now()):
            raise UpdateError
