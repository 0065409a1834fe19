"""One broken row must not hold up the others: the only place of the clocks that catches whatever comes."""

from collections.abc import Callable

import structlog
from django.db import connection

log = structlog.get_logger(__name__)


def kept_apart(event: str, work: Callable[[], int], **context: object) -> int | None:
    """Do one row's work and return its count; a fault is logged with its trace and gives None.

    Raises it where nothing could follow: the database is gone, or the caller's transaction is spoilt.
    """
    try:
        return work()
    except Exception:
        if connection.needs_rollback or not connection.is_usable():
            raise
        log.exception(event, **context)
        return None
