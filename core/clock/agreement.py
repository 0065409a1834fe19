"""Whether this process's clock agrees with the database server's: what was dated by a wrong one cannot be undated.

Asked with each new connection; and a connection is not used on once this process's clock has jumped since. As long as
they differ there is no connection: no sweep, no form, no paper; each says so, and goes on by itself when they agree.
settings.CLOCK_TOLERANCE: how far they may be apart, in seconds; 0: not asked.
"""

import datetime
import time
from typing import Any

from celery.signals import task_prerun
from django.conf import settings
from django.core.signals import request_started
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from core.clock.clock import real_now


class ClocksDiffer(OperationalError):
    """This process's clock is not the database server's; the message says by how much, and what to do."""


@receiver(connection_created, dispatch_uid="core.clock.agreement.ask")
def ask(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Compare the clocks by a new connection. Raises ClocksDiffer, with the connection closed."""
    if not settings.CLOCK_TOLERANCE or connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        ahead = real_now() - cursor.fetchone()[0]
    if abs(ahead) > datetime.timedelta(seconds=settings.CLOCK_TOLERANCE):
        connection.close()
        word = "快" if ahead > datetime.timedelta() else "慢"
        raise ClocksDiffer(
            f"这台机器的时钟比数据库服务器{word} {int(abs(ahead).total_seconds())} 秒：先校准两边的时钟（NTP）。"
        )
    connection.agreed_at = _offset()  # type: ignore[attr-defined]


@receiver(request_started, dispatch_uid="core.clock.agreement.request")
@task_prerun.connect(dispatch_uid="core.clock.agreement.job")
def before_each(**_: Any) -> None:
    """Before each request and job: a connection made by another reading of the clock is closed, and the next asks."""
    for connection in connections.all(initialized_only=True):
        agreed_at = getattr(connection, "agreed_at", None)
        if agreed_at is not None and abs(_offset() - agreed_at) > settings.CLOCK_TOLERANCE:
            connection.close()


def _offset() -> float:
    """The clock's reading beside one that nobody can set: it changes where the clock jumps."""
    return time.time() - time.monotonic()
