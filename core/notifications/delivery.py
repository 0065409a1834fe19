"""Sending what the outbox holds: e-mail and SMS, at least once, with a reference that stays the same."""

import datetime
import smtplib
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from core.notifications import sms
from core.notifications.models import Delivery

log = structlog.get_logger(__name__)

BATCH = 200
MAX_ATTEMPTS = 10
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=12)
# ValueError: an address or a header that cannot be written; one such message must not stop all that follow.
FAILURES = (OSError, smtplib.SMTPException, ValueError)


def run(now: datetime.datetime, *, message_id: int | None = None, limit: int = BATCH) -> dict[str, int]:
    """Send what is due at `now` (aware), oldest first, one transaction a row; return counts by what became of it.

    Two workers never hold the same row. A worker killed between sending and committing sends again, with the same
    Message-ID.
    """
    due = Delivery.objects.filter(state=Delivery.State.PENDING, next_try_at__lte=now).order_by("next_try_at", "id")
    if message_id is not None:
        due = due.filter(message_id=message_id)
    counts = {"sent": 0, "postponed": 0, "failed": 0}
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            delivery = (
                due.select_for_update(skip_locked=True, of=("self",))
                .select_related("message", "user")
                .filter(pk=pk)
                .first()
            )
            if delivery is not None:
                counts[_attempt(delivery, now)] += 1
    return counts


def _attempt(delivery: Delivery, now: datetime.datetime) -> str:
    delivery.attempts += 1
    try:
        _send(delivery)
    except FAILURES as problem:
        outcome = _postpone(delivery, now, problem)
    else:
        delivery.state, delivery.error, outcome = Delivery.State.SENT, "", "sent"
    delivery.save(update_fields=["attempts", "state", "error", "next_try_at"])
    return outcome


def _postpone(delivery: Delivery, now: datetime.datetime, problem: Exception) -> str:
    delivery.error = f"{type(problem).__name__}: {problem}"[:200]
    log.warning("delivery_failed", delivery=delivery.pk, attempts=delivery.attempts, problem=delivery.error)
    if delivery.attempts >= MAX_ATTEMPTS:
        delivery.state = Delivery.State.FAILED
        return "failed"
    delivery.next_try_at = now + min(FIRST_WAIT * 2 ** (delivery.attempts - 1), LONGEST_WAIT)
    return "postponed"


def reference(delivery: Delivery) -> str:
    """What names this delivery at every attempt; an e-mail's Message-ID."""
    return f"<delivery-{delivery.pk}@{urlsplit(settings.PORTAL_ADDRESS).hostname}>"


def _send(delivery: Delivery) -> None:
    message = delivery.message
    if delivery.channel == Delivery.Channel.SMS:
        text = f"{message.title}。请登录门户查看：{settings.PORTAL_ADDRESS}"
        sms.backend().send(delivery.user.phone, text, reference=reference(delivery))
        return
    link = f"\n\n请登录门户办理：{settings.PORTAL_ADDRESS}{message.link or '/inbox/'}"
    EmailMessage(
        subject=" ".join(message.title.split()),
        body=f"{message.body}{link}\n\n本邮件由系统发出，只作提醒，以门户内的通知为准，请勿回复。",
        to=[delivery.user.email],
        headers={"Message-ID": reference(delivery)},
    ).send()
