"""Jobs of the subscriptions: fetch, call, return counts."""

from celery import shared_task

from core.clock.clock import local_date, now
from registry.subscriptions import joining, letters, mailing


@shared_task
def send_letter(letter_id: int) -> dict[str, int]:
    """Send one letter: told after its commit."""
    return letters.run(now(), letter_id)


@shared_task
def mail_announcements() -> dict[str, int]:
    """Make letters of what is new, send what is due, forget what is over: every minute by beat."""
    moment = now()
    on = local_date(moment)
    counts = {"announced": mailing.announce(on, moment), **letters.run(moment)}
    counts["forgotten"] = joining.forget_unconfirmed(moment, on)
    mailing.clear(moment)
    return counts
