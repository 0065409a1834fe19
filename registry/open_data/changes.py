"""What has changed since: every publication, change, end and withdrawal in one list, numbered once and for all.

A change is written in the transaction that makes it, without a number: one begun early may commit late, and a reader
who is past it would miss it. Numbers are given afterwards, under one lock, to what has been committed; whoever reads
gives them first. So a number once seen means that every lower one is there.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse

from core.clock.clock import SHANGHAI, today
from core.publications import register
from core.publications.models import Publication
from registry import announcements
from registry.open_data.models import Change, What
from registry.standing import ENDED, Standing

BATCH = 500
# The advisory lock under which numbers are given (any fixed number; this one spells "change").
_LOCK = 0x6368616E6765


@dataclass(frozen=True)
class Subject:
    """What records of a kind are about: the key that names it, and whether a record tells of its end."""

    key: Callable[[Mapping[str, Any]], Any]
    ended: Callable[[Mapping[str, Any]], bool] = lambda content: False


# By kind; a record of another kind stands for itself, under its number.
SUBJECTS: dict[str, Subject] = {
    "filing": Subject(lambda one: one["code"], lambda one: one.get("state") in (*ENDED, Standing.EXPIRED)),
    "assignment": Subject(lambda one: one["number"], lambda one: bool(one["until"])),
    "quota": Subject(lambda one: one["year"]),
    "caps": Subject(lambda one: "caps"),
    "calendar": Subject(lambda one: one["year"]),
    "urgent": Subject(lambda one: "urgent"),
    "criteria": Subject(lambda one: "criteria"),
}


def note(rows: Sequence[Publication]) -> None:
    """Write down what these records just published or withdrawn change, in the caller's transaction.

    What is published ahead of its day is written down when the day comes (`catch_up`): not even its key is public
    before.
    """
    on = today()
    _write([row for row in rows if row.published_on <= on])


def _write(rows: Sequence[Publication]) -> None:
    known = _known(rows)
    made = []
    for row in rows:
        subject = (row.kind, _key(row))
        made.append(Change(publication=row, kind=row.kind, key=subject[1], what=_what(row, subject in known)))
        if row.withdrawn_on is None:
            known.add(subject)
    Change.objects.bulk_create(made, ignore_conflicts=True)


def _known(rows: Iterable[Publication]) -> set[tuple[str, str]]:
    """The subjects of which something else stands published."""
    about = Q()
    for kind in {row.kind for row in rows}:
        about |= Q(kind=kind, key__in={_key(row) for row in rows if row.kind == kind})
    if not about:
        return set()
    standing = Change.objects.filter(about, publication__withdrawn_on__isnull=True)
    others = standing.exclude(publication__in=[row.pk for row in rows])
    return set(others.values_list("kind", "key"))


def _key(row: Publication) -> str:
    return str(SUBJECTS[row.kind].key(row.content)) if row.kind in SUBJECTS else str(row.pk)


def _what(row: Publication, known: bool) -> What:
    if row.withdrawn_on is not None:
        return What.WITHDRAWN
    if row.kind in SUBJECTS and SUBJECTS[row.kind].ended(row.content):
        return What.ENDED
    return What.CHANGED if known else What.PUBLISHED


@transaction.atomic
def catch_up(on: datetime.date) -> int:
    """Write down what no act of that day did: records whose day has come, or whose time is over. Return how many."""
    noted = Change.objects.filter(publication=OuterRef("pk"))
    waiting = Publication.objects.filter(~Exists(noted), published_on__lte=on).order_by("id")
    count = 0
    while rows := list(waiting[:BATCH]):
        _write(rows)
        count += len(rows)
    over = Publication.objects.filter(until__lt=on, withdrawn_on__isnull=True)
    over = over.filter(~Exists(noted.filter(what=What.ENDED)))
    made = [Change(publication=row, kind=row.kind, key=_key(row), what=What.ENDED) for row in over]
    Change.objects.bulk_create(made)
    return count + len(made)


def number_waiting() -> None:
    """Give numbers to what has been committed without one, in the order in which it was written."""
    waiting = Change.objects.filter(number__isnull=True).order_by("id")
    if not waiting.exists():
        return
    with transaction.atomic():
        _lock()
        last = Change.objects.aggregate(last=Max("number"))["last"] or 0
        rows = list(waiting)
        for number, row in enumerate(rows, last + 1):
            row.number = number
        Change.objects.bulk_update(rows, ["number"], batch_size=BATCH)


def _lock() -> None:
    """One at a time. SQLite's transactions are IMMEDIATE: there is one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def last_number() -> int:
    """Return the last number given; 0 before the first."""
    return Change.objects.aggregate(last=Max("number"))["last"] or 0


def since(number: int) -> QuerySet[Change]:
    """Return what comes after a number, in order; numbers what waits first."""
    number_waiting()
    return numbered().filter(number__gt=number).order_by("number")


def since_day(day: datetime.date) -> QuerySet[Change]:
    """Return what has happened from that day on, in order."""
    midnight = datetime.datetime.combine(day, datetime.time(), SHANGHAI)
    return since(0).filter(at__gte=midnight)


def numbered() -> QuerySet[Change]:
    """Return every change that has a number, with its publication."""
    return Change.objects.filter(number__isnull=False).select_related("publication")


TONES: Mapping[str, str] = {What.PUBLISHED: "good", What.CHANGED: "info", What.ENDED: "mute", What.WITHDRAWN: "warn"}


@dataclass(frozen=True)
class Told:
    """A change as everybody may know it: of what is public no longer the key alone."""

    change: Change
    kind_label: str
    title: str | None = None
    path: str = ""

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return TONES[self.change.what]

    @property
    def url(self) -> str | None:
        """Where programs read the record."""
        return reverse("registry:api-announcement", args=[self.change.publication_id]) if self.path else None

    @property
    def subject(self) -> str:
        """What it is about where its title is not told: 备案公示 S000041000001; a list by its kind alone."""
        change = self.change
        return self.kind_label if change.key == change.kind else f"{self.kind_label} {change.key}"

    @property
    def headline(self) -> str:
        """公布：the title, or the subject."""
        return f"{self.change.get_what_display()}：{self.title or self.subject}"


def told(change: Change, on: datetime.date) -> Told:
    """Return what is told of a change on a day."""
    row = change.publication
    kind = register.label(change.kind)
    if change.what == What.WITHDRAWN or announcements.is_gone(row, on):
        return Told(change, kind)
    return Told(change, kind, announcements.title(row), reverse("registry:announcement", args=[row.pk]))
