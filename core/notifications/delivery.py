"""Sending what the outbox holds: e-mail and SMS, at least once, with a reference that stays the same; and what could
not be sent."""

import datetime
import re
import smtplib
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.accounts.actors import in_force
from core.accounts.models import Position
from core.audit import trail
from core.clock.clock import local_date
from core.crypto import mask
from core.jobs import tell
from core.notifications import sms
from core.notifications.models import Delivery, Outgoing
from core.refusals import NotPossible, Reason

log = structlog.get_logger(__name__)

BATCH = 200
MAX_ATTEMPTS = 10
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=12)
# A reminder of longer ago reminds of nothing.
AGAIN_WITHIN = datetime.timedelta(days=7)
# Errors that no later attempt mends: the address cannot be one, or the server wants none for it (5yz).
FOR_GOOD = r"^(NoAddress|ValueError|SMTPRecipientsRefused: 5)"
# ValueError: an address or a header that cannot be written; one such message must not stop all that follow.
FAILURES = (OSError, smtplib.SMTPException, ValueError)
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
_ADDRESS = re.compile(r"[^\s<>'\"{(\[]+@[^\s<>'\"})\]:,;]+")

Row = TypeVar("Row", bound=Outgoing)


class NoAddress(ValueError):
    """The user has none any more."""


# What goes out of the portal: messages; what a layer above sends, it registers when it is ready.
_KINDS: list[type[Outgoing]] = [Delivery]


def register(kind: type[Outgoing]) -> None:
    """Let metrics count what waits of this kind too."""
    if kind not in _KINDS:
        _KINDS.append(kind)


def kinds() -> tuple[type[Outgoing], ...]:
    """Return every kind of what goes out."""
    return tuple(_KINDS)


def undelivered() -> QuerySet[Delivery]:
    """Return what was tried and has not gone out: given up, or to be tried again; with message and addressee."""
    tried = Delivery.objects.filter(~Q(state=Delivery.State.SENT), attempts__gt=0)
    return tried.select_related("message__organisation", "user")


@transaction.atomic
def send_again(delivery: Delivery, *, actor: object, on: datetime.date, now: datetime.datetime) -> None:
    """Queue a delivery that was given up, to the address the user has now.

    Effects in order: the row is pending with no attempt made, the audit event, the worker told after commit. Raises
    NotPossible where it was not given up.
    """
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state != Delivery.State.FAILED:
        raise NotPossible(Reason("not_given_up", "这一条没有停发：已经发出，或者会自动再试。"))
    row.state, row.attempts, row.next_try_at = Delivery.State.PENDING, 0, now
    row.save(update_fields=["state", "attempts", "next_try_at"])
    trail.record("delivery.again", actor=actor, on=on, matter=row)
    from core.notifications.tasks import deliver

    tell(deliver, row.message_id)


def given_up(now: datetime.datetime) -> QuerySet[Delivery]:
    """Return what an outage has stopped and may go out again: not what is old, nor to whom is no longer there, nor what
    was refused for the address."""
    there = Position.objects.filter(
        in_force(local_date(now)), user=OuterRef("user"), organisation=OuterRef("message__organisation")
    )
    rows = Delivery.objects.filter(Exists(there), message__at__gt=now - AGAIN_WITHIN, user__is_active=True)
    return stopped(rows)


def stopped(rows: "QuerySet[Row]") -> "QuerySet[Row]":
    """Of these rows, those given up for something else than their address."""
    return rows.filter(state=Outgoing.State.FAILED).exclude(error__regex=FOR_GOOD)


@transaction.atomic
def send_all_again(rows: QuerySet[Row], *, actor: object, on: datetime.date, now: datetime.datetime) -> int:
    """Queue these rows, which were given up, as after a mail server that was gone for long; return how many.

    Effects in order: the rows are pending with no attempt made, for the next minute's job; one audit event.
    """
    fresh = {"state": Outgoing.State.PENDING, "attempts": 0, "next_try_at": now}
    count = stopped(rows).update(**fresh)
    if count:
        trail.record(f"{rows.model.waits_as}.again", actor=actor, on=on, payload={"count": count})
    return count


def run(now: datetime.datetime, *, message_id: int | None = None, limit: int = BATCH) -> dict[str, int]:
    """Send the deliveries that are due at `now` (aware), of one message or of all; see send_due."""
    rows = Delivery.objects.select_related("message", "user")
    return send_due(rows if message_id is None else rows.filter(message_id=message_id), _send, now, limit)


def send_due(
    rows: "QuerySet[Row]", send: Callable[[Row], bool | None], now: datetime.datetime, limit: int = BATCH
) -> dict[str, int]:
    """Send those of these rows that are due at `now` (aware), oldest first, one transaction a row; return counts by
    what became of them.

    send: lets a row go out; a row of which it returns False has nothing left to say, and is removed. Two workers never
    hold the same row. A worker killed between sending and committing sends again, with the same Message-ID.
    """
    due = rows.filter(state=Outgoing.State.PENDING, next_try_at__lte=now).order_by("next_try_at", "id")
    counts = {"sent": 0, "postponed": 0, "failed": 0}
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            row = due.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
            if row is not None and (outcome := _attempt(row, send, now)):
                counts[outcome] += 1
    return counts


def _attempt(row: Row, send: Callable[[Row], bool | None], now: datetime.datetime) -> str:
    row.attempts += 1
    try:
        gone = send(row) is not False
    except FAILURES as problem:
        outcome = _postpone(row, now, problem)
    else:
        if not gone:
            row.delete()
            return ""
        row.state, row.error, outcome = Outgoing.State.SENT, "", "sent"
    row.save(update_fields=["attempts", "state", "error", "next_try_at"])
    return outcome


def _postpone(row: Outgoing, now: datetime.datetime, problem: Exception) -> str:
    row.error = ": ".join(filter(None, (type(problem).__name__, _said(row, problem))))[:200]
    log.warning("delivery_failed", row=row._meta.label, pk=row.pk, attempts=row.attempts, problem=row.error)
    if row.attempts >= MAX_ATTEMPTS:
        row.state = Outgoing.State.FAILED
        return "failed"
    row.next_try_at = now + min(FIRST_WAIT * 2 ** (row.attempts - 1), LONGEST_WAIT)
    return "postponed"


def _said(row: Outgoing, problem: Exception) -> str:
    """What is kept of a problem: whoever refuses repeats an address, a part of it or a number, which are nobody's
    business in a log. Of a mail server's answer its codes stay."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return ", ".join(_codes(*answer) for answer in problem.recipients.values())
    if isinstance(problem, smtplib.SMTPResponseException):
        return _codes(problem.smtp_code, problem.smtp_error)
    if isinstance(problem, ValueError):  # it quotes what cannot be an address
        return ""
    said = str(problem)
    for personal in row.personal:
        said = said.replace(personal, mask(personal))
    return _ADDRESS.sub("…", said)


def _codes(code: int, text: bytes | str) -> str:
    """A mail server's answer without its words: the code, and the enhanced one (RFC 3463) where it gives one."""
    enhanced = _ENHANCED.match(text.decode(errors="replace") if isinstance(text, bytes) else text)
    return f"{code} {enhanced[0]}" if enhanced else str(code)


def reference(delivery: Delivery) -> str:
    """What names this delivery at every attempt; an e-mail's Message-ID."""
    return f"<delivery-{delivery.pk}@{urlsplit(settings.PORTAL_ADDRESS).hostname}>"


def _send(delivery: Delivery) -> None:
    message = delivery.message
    if delivery.channel == Delivery.Channel.SMS:
        text = f"{message.title}。请登录门户查看：{settings.PORTAL_ADDRESS}"
        sms.backend().send(delivery.user.phone, text, reference=reference(delivery))
        return
    if not delivery.user.email:  # taken away since: Django would send to nobody and call it sent
        raise NoAddress
    link = f"\n\n请登录门户办理：{settings.PORTAL_ADDRESS}{message.link or '/inbox/'}"
    EmailMessage(
        subject=" ".join(message.title.split()),
        body=f"{message.body}{link}\n\n本邮件由系统发出，只作提醒，以门户内的通知为准，请勿回复。",
        to=[delivery.user.email],
        headers={"Message-ID": reference(delivery)},
    ).send()
