"""Keeps the entries of the look-up as records are published and withdrawn; what is in force by them."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from core.publications.models import Publication
from core.reference.models import Area
from registry.models import Entry, Pause
from registry.records import KIND, Record, current, read
from registry.standing import ENDED, Standing

ALWAYS, NEVER = datetime.date.max, datetime.date.min
ONE = datetime.timedelta(days=1)
BATCH = 500  # publications

# An entry, and the suspensions that go with it.
Made = tuple[Entry, list[Pause]]


def in_force(on: datetime.date) -> QuerySet[Entry]:
    """Return the entries of what is in force on a day: the city's number bounds how many (M37)."""
    return in_effect(on).filter(last_day__gte=on).defer("words", "marks")  # which are searched, never shown


@dataclass(frozen=True)
class Tally:
    """What is in force on a day, counted. by: filings by occupation and by area of the seat or a site, both by code."""

    filed: int
    receipts: int
    by: Counter[str]
    occupations: frozenset[str]


def tally(on: datetime.date) -> Tally:
    """Count what is in force from its marks alone: no entry is built for it."""
    named = dict(Area.objects.values_list("name", "code"))
    rows = list(in_force(on).values_list("marks", "verification"))
    by: Counter[str] = Counter()
    occupations: set[str] = set()
    for marks, _ in rows:
        areas = set()
        evaluated = set()
        for mark in marks.strip("|").split("|"):
            code, level, _ = mark.partition(":")
            (evaluated if level else areas).add(code if level else named.get(code, code))
        by.update(areas | evaluated)
        occupations |= evaluated
    return Tally(len(rows), len({receipt for _, receipt in rows}), by, frozenset(occupations))


def in_effect(on: datetime.date) -> QuerySet[Entry]:
    """Return the entries in effect on a day: one of each filing that was published by then."""
    return Entry.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)


@transaction.atomic
def keep(changed: Iterable[Publication]) -> None:
    """Lay out anew every record of the filings that these publications are about, in the caller's transaction: what is
    known of an end and of suspensions bears days of its own, so a new record tells of earlier ones too."""
    changed = list(changed)
    codes = {row.content["code"] for row in changed}
    about = Q(pk__in=[row.pk for row in changed])
    about |= Q(pk__in=Entry.objects.filter(code__in=codes).values("publication"))
    by_code: dict[str, list[Record]] = defaultdict(list)
    for row in Publication.objects.filter(about, withdrawn_on__isnull=True).order_by("published_on", "id"):
        record = read(row)
        by_code[record.code].append(record)
    Entry.objects.filter(code__in=codes).delete()
    made = [one for records in by_code.values() for one in _entries(records)]
    Entry.objects.bulk_create([entry for entry, _ in made])
    Pause.objects.bulk_create([pause for _, pauses in made for pause in pauses])


def rebuild() -> int:
    """Lay out every published record anew; return how many filings."""
    by_code: dict[str, list[int]] = defaultdict(list)
    rows = Publication.objects.filter(kind=KIND).order_by("id")
    for pk, code in rows.values_list("pk", "content__code").iterator():
        by_code[code].append(pk)
    batch: list[int] = []
    for keys in by_code.values():
        batch += keys
        if len(batch) >= BATCH:
            keep(Publication.objects.filter(pk__in=batch))
            batch = []
    keep(Publication.objects.filter(pk__in=batch))
    return len(by_code)


def _entries(records: Sequence[Record]) -> Iterator[Made]:
    """Yield an entry for each span of days in which one of a filing's records is the one in effect; one that never is
    stands there too, for a span of no day, since its receipt can be asked for."""
    newest = max(records, key=lambda one: one.publication_id)
    starts: list[tuple[datetime.date, Record]] = []
    for day in sorted({one.published_on for one in records} | {max(r.published_on, r.valid_from) for r in records}):
        found = current([one for one in records if one.published_on <= day], day)
        if not starts or starts[-1][1] is not found:
            starts.append((day, found))
    ends = [day for day, _ in starts[1:]]
    for (since, record), until in zip(starts, [*ends, None], strict=True):
        yield _made(record.as_known(newest), since, until)
    for record in records:
        if all(record is not one for _, one in starts):
            yield _made(record, record.published_on, record.published_on)


def _made(record: Record, since: datetime.date, until: datetime.date | None) -> Made:
    entry = Entry(
        publication_id=record.publication_id,
        code=record.code,
        verification=record.verification,
        published_on=record.published_on,
        since=since,
        until=until,
        last_day=last_day(record),
        ended_as=record.state if record.state in ENDED else "",
        ended_on=record.ended_on,
        words=_words(record),
        marks=_marks(record),
        areas=sorted(record.areas),
        places=_places(record),
    )
    return entry, [Pause(entry=entry, since=one.since, until=one.until) for one in record.suspensions]


def last_day(record: Record) -> datetime.date:
    """Return the last day on which `registry.standing.of_filing` finds this record in force."""
    lasts = ALWAYS if record.held_open else record.valid_until
    if record.state == Standing.EXPIRED and record.ended_on is not None and not record.held_open:
        lasts = max(lasts, record.ended_on)
    if record.state in ENDED:
        lasts = min(lasts, record.ended_on - ONE if record.ended_on else NEVER)
    return lasts


def _words(record: Record) -> str:
    words = [record.name, record.code, record.credit_code, record.area, record.address]
    words += [word for item in record.scope for word in (item.code, item.occupation)]
    words += [word for site in record.sites for word in (site.name, site.area, site.address)]
    return "\n".join(words).casefold()


def _marks(record: Record) -> str:
    evaluated = [f"{item.code}:{level}" for item in record.scope for level in item.levels]
    return f"|{'|'.join([*sorted(record.areas), *evaluated])}|"


def _places(record: Record) -> dict[str, list[str]]:
    """The areas in which each occupation takes a place: the seat's, and those of the sites where it is evaluated."""
    at: dict[str, set[str]] = defaultdict(set)
    for site in record.sites:
        at[site.name].add(site.area_code)
    return {
        item.code: sorted({record.area_code}.union(*(at[name] for name in item.sites)) - {""}) for item in record.scope
    }
