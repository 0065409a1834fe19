"""Idempotency keys: the same key on the same route by the same user acts once and gets the same answer again."""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction

from core.accounts.models import User
from core.audit.canonical import content_hash
from core.refusals import Invalid, Reason
from core.workflow.models import IdempotencyKey


def given(user: User, route: str, key: str, body: Any) -> tuple[int, Any] | None:
    """Return the answer already given to this key, None where there is none yet.

    For callers that would no longer find the matter the second time. Raises Invalid where the body was another.
    """
    row = IdempotencyKey.objects.filter(user=user, route=route, key=key).first()
    return None if row is None else _again(row, content_hash(body))


def _again(row: IdempotencyKey, digest: str) -> tuple[int, Any]:
    if row.body_hash != digest:
        raise Invalid(Reason("idempotency_key_reused", "这个 Idempotency-Key 已用于另一份内容，请换一个。"))
    return row.status or 200, row.answer


def once(user: User, route: str, key: str, body: Any, act: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
    """Run `act` (returning status and JSON answer) once for this key, in one transaction with the key's row.

    A refusal rolls the row back with everything else, so that the attempt may be made again. Lapses due are settled by
    the caller beforehand. Raises Invalid where the key was used with another body.
    """
    digest = content_hash(body)
    try:
        with transaction.atomic():
            # On PostgreSQL a second request with the same key waits here until the first has committed.
            row = IdempotencyKey.objects.create(user=user, route=route, key=key, body_hash=digest)
            row.status, row.answer = act()
            row.save(update_fields=["status", "answer"])
            return row.status, row.answer
    except IntegrityError:
        earlier = IdempotencyKey.objects.filter(user=user, route=route, key=key).first()
        if earlier is None:
            raise  # not the key's constraint
    return _again(earlier, digest)
