"""Telling the worker, after commit, that a row waits for it (the row is what counts: a periodic job finds it anyway);
and when each periodic job last ran, with what came of it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from celery import Task
from celery.signals import task_postrun
from celery.states import SUCCESS
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError

from core.clock.clock import now

log = structlog.get_logger(__name__)

_KEPT = "job-ran:"
_LONGEST = 200


@dataclass(frozen=True)
class Ran:
    """A run of a periodic job: its end, what it counted, what stopped it (empty where it ended well)."""

    at: datetime.datetime
    counts: Mapping[str, int] = field(default_factory=dict)
    error: str = ""


def tell(task: Task, *args: Any) -> None:
    """Queue `task` once the caller's transaction has committed. A broker that is gone is logged and fails nobody."""

    def queue() -> None:
        try:
            task.apply_async(args, retry=False)
        except (OperationalError, OSError) as problem:
            log.warning("worker_not_told", task=task.name, args=args, problem=str(problem))

    transaction.on_commit(queue, robust=True)


def periodic() -> dict[str, Any]:
    """Return the beat schedule: name -> {"task", "schedule" (seconds)}."""
    return settings.CELERY_BEAT_SCHEDULE


def last_runs() -> dict[str, Ran]:
    """Return the last run of each periodic job by its task's name; those that nothing is known of are left out."""
    found = cache.get_many([_KEPT + entry["task"] for entry in periodic().values()])
    return {key.removeprefix(_KEPT): ran for key, ran in found.items()}


@task_postrun.connect(dispatch_uid="core.jobs.keep_run")
def _keep_run(task: Task, state: str, retval: Any, **_: Any) -> None:
    """Kept in the cache alone: after the cache was emptied nothing is known until the next run, and no work waits."""
    if task.name in {entry["task"] for entry in periodic().values()}:
        ended_well = state == SUCCESS
        error = "" if ended_well else f"{type(retval).__name__}: {retval}"[:_LONGEST]
        cache.set(_KEPT + task.name, Ran(now(), retval if ended_well else {}, error), None)
