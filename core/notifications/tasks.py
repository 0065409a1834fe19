"""Jobs of the outbox: fetch, call, return counts."""

from celery import shared_task

from core.clock.clock import now
from core.notifications import delivery


@shared_task
def deliver(message_id: int) -> dict[str, int]:
    """Deliver what is due of one message: told after its commit."""
    return delivery.run(now(), message_id=message_id)


@shared_task
def deliver_pending() -> dict[str, int]:
    """Deliver whatever is due, oldest first: every minute by beat."""
    return delivery.run(now())
