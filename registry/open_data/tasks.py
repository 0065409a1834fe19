"""Jobs of the open data: fetch, call one function, return counts."""

from collections.abc import Sequence

from celery import shared_task

from core import jobs
from core.clock.clock import now, real_now, today
from core.publications.models import Publication
from registry.open_data import editions


@shared_task
def publish() -> dict[str, int]:
    """Make the day's edition, or another where something was withdrawn; clear away old ones: every minute by beat, and
    told of a withdrawal after its commit."""
    made = editions.make_due(today(), now())
    return {"made": int(made), "removed": editions.clear_away(now(), real_now())}


def after_withdrawal(rows: Sequence[Publication]) -> None:
    """Have the open data made anew once these records have been withdrawn."""
    if any(row.withdrawn_on is not None for row in rows):
        jobs.tell(publish)
