"""Suspension of evaluating (暂停评价): imposed and lifted by what decides on it, in its transaction."""

import datetime
from typing import Any

from django.db import connection

from core.accounts.actors import Actor
from core.audit import trail
from core.audit.matters import key as matter_key
from core.clock.words import in_words
from core.notifications import outbox
from core.refusals import NotPossible, Reason, Refused
from filings import permissions
from filings.freezing import freeze_filing
from filings.models import Filing, Suspension
from filings.workflow import life, records, steps


def suspend(
    filing: Filing,
    *,
    matter: Any,
    source: str,
    actor: Actor,
    on: datetime.date,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> Suspension:
    """Suspend a filing, in the caller's transaction; who may is for the caller to say.

    matter: what imposes it; source: the same in words that are published, so it names no person; since: its first day,
    else `on`; until: the first day on which it no longer holds, None until it is lifted. Validity runs on, its places
    stay taken. Effects in order: the filing's lock, the row, the audit event, the public record, messages.
    Raises Refused without a source, where the filing is not in force on that day, or where this matter suspends it
    already; RuntimeError outside a transaction.
    """
    _in_a_transaction()
    since = since or on
    locked = life.lock(str(filing.pk))
    matter_type, matter_id = matter_key(matter)
    reasons = []
    if not source.strip():
        reasons.append(Reason("source_missing", "请写明暂停评价的依据。", "source"))
    if not locked.in_force(since):
        reasons.append(Reason("not_in_force", f"备案在{in_words(since)}不在有效期内，不能暂停评价。"))
    if until is not None and until <= since:
        reasons.append(Reason("days_in_order", "恢复的日期应在暂停之后。", "until"))
    if locked.suspensions.filter(matter_type=matter_type, matter_id=matter_id, until__isnull=True).exists():
        reasons.append(Reason("suspended_before", "这件事已经暂停了这家机构的评价。"))
    if reasons:
        raise Refused(reasons)
    row = Suspension.objects.create(
        filing=locked, since=since, until=until, source=source.strip(), matter_type=matter_type, matter_id=matter_id
    )
    _record(row, "suspend", actor=actor, on=on)
    records.publish(locked, on, event="suspended")
    body = f"自{in_words(since)}起暂停评价：{row.source}。有效期照常计算，此前取得的证书不受影响。"
    _tell(row, "suspended", "暂停评价", body, on)
    return row


def lift(suspension: Suspension, *, actor: Actor, on: datetime.date, reason: str) -> Suspension:
    """End a suspension: `on` is the first day on which it no longer holds. Another that holds suspends on.

    Effects in order: the filing's lock, the row, the audit event, the public record, messages. Raises Refused without a
    reason, NotPossible where it has ended; RuntimeError outside a transaction.
    """
    _in_a_transaction()
    locked = life.lock(str(suspension.filing_id))
    row = locked.suspensions.get(pk=suspension.pk)
    if not reason.strip():
        raise Refused(Reason("reason_missing", "请写明恢复的原因。", "reason"))
    if row.until is not None and row.until <= on:
        raise NotPossible(Reason("lifted_before", f"这次暂停已于{in_words(row.until)}结束。"))
    row.until, row.lifted_reason = max(on, row.since), reason.strip()
    row.save(update_fields=["until", "lifted_reason"])
    _record(row, "lift", actor=actor, on=on)
    records.publish(locked, on, event="lifted")
    still = locked.suspended(on)
    title = "一项暂停已经结束，仍在暂停评价" if still else "恢复评价"
    _tell(row, "lifted", title, f"{row.source}：{row.lifted_reason}", on)
    return row


def _record(row: Suspension, verb: str, *, actor: Actor, on: datetime.date) -> None:
    payload = {
        "suspension": row.pk,
        "since": row.since,
        "until": row.until,
        "source": row.source,
        "by": [row.matter_type, row.matter_id],
        "reason": row.lifted_reason,
    }
    trail.record(
        f"filings.filing.{verb}", actor=actor, on=on, matter=row.filing, payload=payload,
        frozen=freeze_filing(row.filing),
    )  # fmt: skip


def _tell(row: Suspension, what: str, title: str, body: str, on: datetime.date) -> None:
    filing = row.filing
    offices = (steps.centre(), permissions.county_of(filing.area_id))
    for office, roles in ((filing.agency, steps.AGENCY), *((one, steps.OFFICERS) for one in offices)):
        if office is not None:
            outbox.send(
                f"suspension:{row.pk}:{what}:{office.pk}",
                what,
                organisation=office,
                roles=roles,
                title=title if office == filing.agency else f"{title}：{filing.name}",
                body=body,
                on=on,
                link=f"/filings/{filing.pk}/",
                matter=filing,
            )


def _in_a_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a suspension is part of the transaction that decides on it")
