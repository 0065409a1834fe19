"""Since when what is published has surely stood as it stands: the Last-Modified of what is read from it alone."""

import datetime

from core.clock.clock import SHANGHAI, moved_at, offset_days, real_now
from core.publications import register

# A change is stamped before it is committed, and a header tells whole seconds: before this much time has passed nobody
# can say that no change is under way. No transaction that publishes takes as long.
SETTLED = datetime.timedelta(minutes=2)


def settled_since(on: datetime.date, changed: datetime.datetime | None = None) -> datetime.datetime | None:
    """Return the moment (UTC) from which on every reader has had what is published as of `on`, today; None where the
    last change is so fresh that another may be under way. changed: when that was, of what is asked for alone.

    It reckons with midnight, since status follows from dates. It is later than the last change by SETTLED, so that a
    reader who asks by If-Modified-Since alone is never told that an older answer still holds.
    """
    midnight = datetime.datetime.combine(on, datetime.time(), SHANGHAI) - datetime.timedelta(days=offset_days())
    known = [moment for moment in (midnight, changed or register.last_change(), moved_at()) if moment is not None]
    since = max(known) + SETTLED
    return since.astimezone(datetime.UTC) if since <= real_now() else None
