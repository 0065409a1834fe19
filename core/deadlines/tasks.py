"""Beat's sweep: every minute, safe late and twice."""

from celery import shared_task

from core.clock import clock
from core.deadlines import lapses, reminders


@shared_task(name="core.deadlines.tasks.sweep")
def sweep() -> dict[str, int]:
    """Carry out what has lapsed and send the reminders that are due; return the counts."""
    today = clock.today()
    swept = lapses.sweep(today)
    return {
        "matters": swept.matters,
        "lapses": swept.lapses,
        "failed": swept.failed,
        "reminders": reminders.send_due(today),
    }
