"""Jobs of the papers: fetch, call one function, return counts."""

from celery import shared_task

from core.clock.clock import now, real_now, today
from core.documents import issuing, service, storage


@shared_task
def issue(document_id: int) -> dict[str, int]:
    """Render, sign and store one paper: told after its commit."""
    return issuing.run(now(), document_id=document_id)


@shared_task
def issue_pending() -> dict[str, int]:
    """Issue whatever waits, oldest first: every minute by beat."""
    return issuing.run(now())


@shared_task
def complete_announcements() -> dict[str, int]:
    """Carry out what starts with service, for announcements whose 30 days are over: every minute by beat."""
    return {"served": service.complete_announcements(today())}


@shared_task
def remove_orphans() -> dict[str, int]:
    """Remove upload files that no row names, because their transaction was rolled back: daily by beat."""
    return {"removed": storage.remove_orphans(real_now())}
