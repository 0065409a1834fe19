"""Sessions in the database, of which a request that changed nothing writes nothing but the new end."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError


class SessionStore(db.SessionStore):
    """Each request puts the end of its session off. It must not write back what it read at its beginning: a slow one,
    a paper's preview, would undo the choice of a position that another window made meanwhile."""

    def save(self, must_create: bool = False) -> None:
        """Write what was changed, else the end alone. Raises UpdateError where the session was signed out meanwhile."""
        if must_create or self.modified or self.session_key is None:
            super().save(must_create)
        elif not self.model.objects.filter(pk=self.session_key).update(expire_date=self.get_expiry_date()):
            raise UpdateError
