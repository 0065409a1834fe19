"""What leaves the portal: records of declared kinds, with declared fields only, from a day until a day."""

import datetime
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from core.audit import matters
from core.clock.clock import now, real_now
from core.publications.models import Publication


@dataclass(frozen=True)
class Kind:
    """A kind of public record and the only fields that may leave with it. announced: whether it stands among the
    announcements."""

    key: str
    label: str
    fields: tuple[str, ...]
    announced: bool = True


_kinds: dict[str, Kind] = {}


def declare(kind: str, label: str, fields: tuple[str, ...] = (), *, announced: bool = True) -> Kind:
    """Declare a kind and its allow-list, from an app's ready(). Raises ValueError if declared differently before."""
    declared = Kind(kind, label, tuple(fields), announced)
    if _kinds.setdefault(kind, declared) != declared:
        raise ValueError(f"publications of kind {kind} are declared twice")
    return declared


def kinds() -> tuple[Kind, ...]:
    """Every declared kind."""
    return tuple(_kinds.values())


def label(kind: str) -> str:
    """A kind in words; one that is declared no longer under its key."""
    return _kinds[kind].label if kind in _kinds else kind


# What is kept of a kind's records elsewhere is told of each that is published or withdrawn, in the same transaction.
Keeper = Callable[[Sequence[Publication]], None]
_keepers: dict[str, list[Keeper]] = {}
EVERY = ""  # of whatever kind


def on_change(kind: str, keeper: Keeper) -> None:
    """Register, from an app's ready(), what is called with the records of this kind (or of EVERY) just published or
    withdrawn."""
    _keepers.setdefault(kind, []).append(keeper)


def _changed(kind: str, rows: Sequence[Publication]) -> None:
    for keeper in (*_keepers.get(kind, ()), *_keepers.get(EVERY, ())):
        keeper(rows)


@transaction.atomic
def publish(
    kind: str,
    *,
    key: str,
    title: str,
    content: Mapping[str, Any],
    matter: Any,
    on: datetime.date,
    until: datetime.date | None = None,
) -> Publication:
    """Publish a record from `on` (until the end of `until`), once per key, in the caller's transaction.

    Raises ValueError for an undeclared kind, a field outside the kind's allow-list, or other content under a used key.
    """
    matter_type, matter_id = matters.key(matter)
    frozen = _allowed(kind, content)
    row, created = Publication.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "title": title,
            "content": frozen,
            "matter_type": matter_type,
            "matter_id": matter_id,
            "published_on": on,
            "until": until,
        },
    )
    if not created and (row.kind, row.title, row.content) != (kind, title, frozen):
        raise ValueError(f"another record was published under the key {key}")
    if created:
        _changed(kind, [row])
    return row


@dataclass(frozen=True)
class New:
    """A record to be published; the words as `publish` has them."""

    key: str
    title: str
    content: Mapping[str, Any]
    matter: Any


@transaction.atomic
def publish_all(kind: str, records: Iterable[New], *, on: datetime.date) -> None:
    """Publish records of one kind that have not been published before, as `publish` does one, all in one query."""
    moment = now()
    rows = Publication.objects.bulk_create(
        Publication(
            key=one.key,
            kind=kind,
            title=one.title,
            content=_allowed(kind, one.content),
            matter_type=matters.key(one.matter)[0],
            matter_id=matters.key(one.matter)[1],
            published_on=on,
            at=moment,
        )
        for one in records
    )
    _changed(kind, rows)


def _allowed(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content as plain JSON. Raises ValueError for an undeclared kind, or a field outside its allow-list."""
    if kind not in _kinds:
        raise ValueError(f"publications of kind {kind} are not declared")
    if unknown := set(content) - set(_kinds[kind].fields):
        raise ValueError(f"{kind}: not on the allow-list {sorted(unknown)}")
    frozen: dict[str, Any] = json.loads(json.dumps(content, cls=DjangoJSONEncoder))
    return frozen


def last_day(kind: str, matter: Any) -> datetime.date | None:
    """Return the latest day on which something of this kind was published of a matter."""
    matter_type, matter_id = matters.key(matter)
    rows = Publication.objects.filter(kind=kind, matter_type=matter_type, matter_id=matter_id)
    return rows.order_by("-published_on").values_list("published_on", flat=True).first()


@transaction.atomic
def withdraw(key: str, *, on: datetime.date, reason: str) -> Publication:
    """Take a record off the public pages at once; the row stays, with day and reason. Withdrawn again: unchanged.

    Raises Publication.DoesNotExist, and ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a withdrawal has a reason")
    row = Publication.objects.select_for_update().get(key=key)
    if row.withdrawn_on is None:
        row.withdrawn_on, row.withdrawn_reason, row.changed_at = on, reason.strip(), real_now()
        row.save(update_fields=["withdrawn_on", "withdrawn_reason", "changed_at"])
        _changed(row.kind, [row])
    return row


def last_change() -> datetime.datetime | None:
    """Return when anything was last published or withdrawn, as far as it is committed; None where nothing ever was."""
    return Publication.objects.aggregate(last=Max("changed_at"))["last"]


def published(kind: str | None = None, *, on: datetime.date) -> "QuerySet[Publication]":
    """What the public may see on that day, newest first; of one kind, or of all."""
    rows = Publication.objects.filter(Q(until__isnull=True) | Q(until__gte=on), published_on__lte=on)
    rows = rows.filter(withdrawn_on__isnull=True)
    return (rows.filter(kind=kind) if kind else rows).order_by("-published_on", "-id")
