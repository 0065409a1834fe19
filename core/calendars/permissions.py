"""Who edits the calendar: the system administrator, and the set-up itself."""

from core.accounts.actors import Actor
from core.accounts.permissions import is_administrator


def may_edit(actor: Actor) -> bool:
    """Whether the actor may load, confirm or override."""
    return actor.is_system or is_administrator(actor)
