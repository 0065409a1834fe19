"""Telling the worker, after commit, that a row waits for it. The row is what counts: a periodic job finds it anyway."""

from typing import Any

import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def tell(task: Task, *args: Any) -> None:
    """Queue `task` once the caller's transaction has committed. A broker that is gone is logged and fails nobody."""

    def queue() -> None:
        try:
            task.apply_async(args, retry=False)
        except (OperationalError, OSError) as problem:
            log.warning("worker_not_told", task=task.name, args=args, problem=str(problem))

    transaction.on_commit(queue, robust=True)
