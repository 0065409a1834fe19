"""Beat's sweep: every minute, safe late and twice."""

from celery import shared_task

from core.clock import clock
from core.deadlines import lapses, reminders


@shared_task(name="core.deadlines.tasks.sweep")
def sweep() -> dict[str, int]:
    """Carry out what has lapsed and send what reminders are due; return the counts."""
    today = clock.today()
    result = lapses.sweep(today)
    return {
        "matters": result.matters,
        "lapses": result.lapses,
        "failed": result.failed,
        "reminders": reminders.send_due(today),
    }
