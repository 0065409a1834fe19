"""How many jobs ended, and how: counted in the cache, which all workers share."""

from typing import Any, Final

from celery import Task, current_app
from celery.signals import task_postrun
from celery.states import SUCCESS
from django.core.cache import cache

_KEPT: Final = "jobs-ended"
OUTCOMES: Final = ("done", "failed")


def _key(task: str, outcome: str) -> str:
    return f"{_KEPT}:{outcome}:{task}"


@task_postrun.connect(dispatch_uid="core.ops.job_counts.count")
def count(task: Task, state: str, **_: Any) -> None:
    """Count one job. A cache emptied meanwhile begins at nought, which whoever reads counters reckons with."""
    key = _key(task.name, "done" if state == SUCCESS else "failed")
    cache.add(key, 0, None)
    cache.incr(key)


def counts() -> list[tuple[str, str, int]]:
    """Return (task, outcome, how many) for every job that ended at least once."""
    names = [name for name in current_app.tasks if not name.startswith("celery.")]
    keys = {_key(name, outcome): (name, outcome) for name in names for outcome in OUTCOMES}
    found = cache.get_many(keys)
    return sorted((*keys[key], int(value)) for key, value in found.items())
