"""How much waits, and since when: the same figures for the operator's page and for metrics."""

import datetime
from dataclasses import dataclass
from typing import Final

from celery import current_app
from django.conf import settings
from django.db.models import Count, Min, Q
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core import jobs
from core.audit import checkpoint
from core.audit.models import Event
from core.calendars.models import CalendarYear, YearStatus
from core.deadlines.models import Clock, ClockState
from core.documents import scanning
from core.documents.models import DocumentState, OfficialDocument
from core.notifications.models import Delivery, Outgoing

# What is due waits no longer than this, where everything runs.
LATE: Final = datetime.timedelta(minutes=10)
SWEEP: Final = "core.deadlines.tasks.sweep"
BACKED_UP: Final = "ops.backup"


@dataclass(frozen=True)
class Clocks:
    """Running clocks: past their last day, of these not swept yet, held by an unannounced year, due within 7 days."""

    overdue: int
    unswept: int
    held: int
    soon: int


@dataclass(frozen=True)
class Waiting:
    """Rows that wait for a job: how many, since when the oldest, how many that were tried in vain or given up."""

    count: int
    oldest: datetime.datetime | None
    failed: int
    late: int = 0


def clocks(on: datetime.date) -> Clocks:
    """Count the running clocks as of a day."""
    past = Q(due_on__lt=on, provisional=False)
    soon = Q(due_on__gte=on, due_on__lte=on + datetime.timedelta(days=7), provisional=False)
    found = Clock.objects.filter(state=ClockState.RUNNING).aggregate(
        overdue=Count("id", filter=past),
        unswept=Count("id", filter=past & (Q(lapse__gt="") | Q(told_on__isnull=True))),
        held=Count("id", filter=Q(provisional=True)),
        soon=Count("id", filter=soon),
    )
    return Clocks(**found)


def papers() -> Waiting:
    """Count the papers that are not issued yet."""
    pending = OfficialDocument.objects.filter(state=DocumentState.PENDING)
    found = pending.aggregate(count=Count("id"), oldest=Min("created_at"), failed=Count("id", filter=Q(error__gt="")))
    return Waiting(**found)


def deliveries(moment: datetime.datetime, kind: type[Outgoing] = Delivery) -> Waiting:
    """Count the e-mails and text messages (or another kind of what goes out) that wait, those whose time is over by
    LATE, and those given up."""
    pending, given_up = Q(state=Outgoing.State.PENDING), Q(state=Outgoing.State.FAILED)
    found = kind._default_manager.exclude(state=Outgoing.State.SENT).aggregate(
        count=Count("id", filter=pending),
        oldest=Min("next_try_at", filter=pending),
        failed=Count("id", filter=given_up),
        late=Count("id", filter=pending & Q(next_try_at__lt=moment - LATE)),
    )
    return Waiting(**found)


def uncovered() -> Waiting:
    """Count the audit events that no checkpoint covers yet."""
    return Waiting(failed=0, **checkpoint.uncovered().order_by().aggregate(count=Count("id"), oldest=Min("at")))


def calendar_year() -> int:
    """Return the last year whose holidays are announced and loaded; 0 where there is none."""
    announced = CalendarYear.objects.filter(status=YearStatus.ANNOUNCED).order_by("-year")
    return announced.values_list("year", flat=True).first() or 0


def last_backup() -> Event | None:
    """Return the event of the last backup that was made and read back."""
    return Event.objects.filter(verb=BACKED_UP).order_by("-at", "-id").first()


def swept_at() -> datetime.datetime | None:
    """Return when the sweep last ended; None where it is not known."""
    ran = jobs.last_runs().get(SWEEP)
    return ran.at if ran else None


def _on_redis() -> bool:
    """Whether the queue can be asked: the demo's lies in a folder, a test's in memory."""
    return str(settings.CELERY_BROKER_URL).startswith("redis")


def queue_length() -> int | None:
    """Return how many jobs wait for a worker; None where the queue cannot be asked."""
    if not _on_redis():
        return None
    try:
        with current_app.connection_for_read() as connection:
            return int(connection.default_channel.client.llen(current_app.conf.task_default_queue))
    except (OperationalError, OSError, RedisError):
        return None


def scanner() -> str | None:
    """Return what the virus scanner says of itself, "" where it does not answer; None where there is none."""
    if settings.VIRUS_SCANNER is None:
        return None
    try:
        return scanning.version()
    except OSError:
        return ""


def workers() -> int | None:
    """Return how many workers answer within a second; None where they cannot be asked."""
    if not _on_redis():
        return None
    try:
        return len(current_app.control.ping(timeout=1.0))
    except (OperationalError, OSError, RedisError):
        return None
