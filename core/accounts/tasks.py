"""What is tidied of accounts."""

from celery import shared_task

from core.accounts.models import BrowserSession
from core.clock.clock import real_now


@shared_task
def clear_sessions() -> dict[str, int]:
    """Delete the sessions that are over: nobody can be let in by them any more."""
    removed, _ = BrowserSession.objects.filter(expire_date__lte=real_now()).delete()
    return {"removed": removed}
