"""Checkpoints: events get numbers without gaps, and each number's hash rests on the one before."""

import datetime
import hashlib
import json
from itertools import islice

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from core.audit.models import Checkpoint, Event, Link

# What the first link's hash rests on.
GENESIS = "0" * 64
# Links made under one checkpoint at most: keeps memory flat after a long outage.
BATCH = 20_000
# The advisory lock that only one checkpoint holds at a time (any fixed number; this one spells "audit").
_LOCK = 0x6175646974

_FIELDS = tuple(field.attname for field in Event._meta.concrete_fields)


def uncovered() -> QuerySet[Event]:
    """Events that no checkpoint has numbered yet, in id order."""
    return Event.objects.filter(~Exists(Link.objects.filter(event_id=OuterRef("id")))).order_by("id")


def canonical(event: Event) -> str:
    """Return every column of the event as one line of JSON: keys sorted, moments in UTC."""
    content = {}
    for name in _FIELDS:
        value = getattr(event, name)
        if isinstance(value, datetime.datetime):
            value = value.astimezone(datetime.UTC)
        content[name] = value.isoformat() if isinstance(value, datetime.date) else value
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def chain(previous: str, number: int, event: Event) -> str:
    """Return the hex SHA-256 of a link: over the hash before it, its number and the whole event."""
    return hashlib.sha256(f"{previous}\n{number}\n{canonical(event)}".encode()).hexdigest()


def head() -> str:
    """Return the latest head of the chain, for printing on papers; empty before the first checkpoint."""
    return Checkpoint.objects.order_by("-id").values_list("head", flat=True).first() or ""


def _lock() -> None:
    """One checkpoint at a time. SQLite's transactions are IMMEDIATE: there is one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@transaction.atomic
def checkpoint(at: datetime.datetime) -> Checkpoint | None:
    """Number and chain every committed event not yet covered, in id order; return the last checkpoint made.

    None where there was nothing to cover. An event committed late, with a lower id, joins the next checkpoint.
    """
    _lock()
    latest = Checkpoint.objects.order_by("-id").first()
    made = None
    events = uncovered().iterator(chunk_size=2000)
    while batch := list(islice(events, BATCH)):
        made = latest = _cover(batch, latest, at)
    return made


def _cover(events: list[Event], latest: Checkpoint | None, at: datetime.datetime) -> Checkpoint:
    first = latest.last_number + 1 if latest else 1
    previous = latest.head if latest else GENESIS
    links = []
    for number, event in enumerate(events, start=first):
        previous = chain(previous, number, event)
        links.append(Link(number=number, event_id=event.pk, hash=previous))
    made = Checkpoint.objects.create(at=at, first_number=first, last_number=links[-1].number, head=previous)
    for link in links:
        link.checkpoint = made
    Link.objects.bulk_create(links, batch_size=1000)
    return made
