"""Keeps the entries of the look-up as records are published and withdrawn; what is in force by them."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from core.publications.models import Publication
from core.reference.models import Area
from registry.folding import called, fold, laid_out
from registry.models import Entry, Locality, Offer, Pause, level_bits
from registry.records import KIND, Record, current, read
from registry.standing import ENDED, Standing

ALWAYS, NEVER = datetime.date.max, datetime.date.min
ONE = datetime.timedelta(days=1)
BATCH = 500  # publications

# The codes of areas by their names: a record may say either.
Areas = Mapping[str, str]


@dataclass(frozen=True)
class Made:
    """An entry, and the rows that go with it."""

    entry: Entry
    pauses: list[Pause]
    offers: list[Offer]
    localities: list[Locality]


def in_force(on: datetime.date) -> QuerySet[Entry]:
    """Return the entries of what is in force on a day: the city's number bounds how many (M37)."""
    return in_effect(on).filter(last_day__gte=on)


@dataclass(frozen=True)
class Tally:
    """What is in force on a day, counted. by: filings by occupation and by area of the seat or a site, both by code."""

    filed: int
    receipts: int
    by: Counter[str]
    occupations: frozenset[str]


def tally(on: datetime.date) -> Tally:
    """Count what is in force, by area and by occupation, in the database."""
    standing = in_force(on)
    held = standing.values("pk")
    by_area = Locality.objects.filter(entry__in=held).values_list("area").annotate(many=Count("pk"))
    by_occupation = Offer.objects.filter(entry__in=held).values_list("occupation").annotate(many=Count("pk"))
    evaluated = dict(by_occupation)
    counted = standing.aggregate(filed=Count("pk"), receipts=Count("verification", distinct=True))
    return Tally(counted["filed"], counted["receipts"], Counter(dict(by_area) | evaluated), frozenset(evaluated))


def in_effect(on: datetime.date) -> QuerySet[Entry]:
    """Return the entries in effect on a day: one of each filing that was published by then."""
    return Entry.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)


@transaction.atomic
def keep(changed: Iterable[Publication]) -> None:
    """Lay out anew every record of the filings that these publications are about, in the caller's transaction: what is
    known of an end and of suspensions bears days of its own, so a new record tells of earlier ones too."""
    changed = list(changed)
    changed_at: dict[str, datetime.datetime] = {}
    for row in changed:
        code = row.content["code"]
        changed_at[code] = max(changed_at.get(code, row.changed_at), row.changed_at)
    by_id = {row.pk: row for row in changed}
    before = Entry.objects.filter(code__in=changed_at)
    replaced = list(before.values_list("code", "changed_at", "publication"))
    for code, moment, _ in replaced:
        changed_at[code] = max(changed_at[code], moment)
    if replaced:
        by_id |= Publication.objects.in_bulk({publication for _, _, publication in replaced} - by_id.keys())
        before.delete()
    by_code: dict[str, list[Record]] = defaultdict(list)
    for row in sorted(by_id.values(), key=lambda one: (one.published_on, one.pk)):
        if row.withdrawn_on is None:
            record = read(row.content, row.pk, row.published_on)
            by_code[record.code].append(record)
    names = dict(Area.objects.values_list("name", "code"))
    made = [one for records in by_code.values() for one in made_of(records, names)]
    for one in made:
        one.entry.changed_at = changed_at[one.entry.code]
    Entry.objects.bulk_create([one.entry for one in made])
    for model, part in ((Pause, "pauses"), (Offer, "offers"), (Locality, "localities")):
        model.objects.bulk_create([row for one in made for row in getattr(one, part)])


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


def made_of(records: Sequence[Record], names: Areas) -> Iterator[Made]:
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
        yield _made(record, newest, records[0].valid_from, since, until, names)
    for record in records:
        if all(record is not one for _, one in starts):
            at = record.published_on
            yield _made(record, record, records[0].valid_from, at, at, names)


def _made(
    record: Record,
    newest: Record,
    filed_since: datetime.date,
    since: datetime.date,
    until: datetime.date | None,
    names: Areas,
) -> Made:
    """Lay out a record with what is known by now of the filing's end and suspensions (a record never in effect: as it
    was published)."""
    known = record.as_known(newest)
    entry = Entry(
        publication_id=record.publication_id,
        code=record.code,
        verification=record.verification,
        published_on=record.published_on,
        since=since,
        until=until,
        filed_since=filed_since,
        last_day=last_day(known),
        ended_as=known.state if known.state in ENDED else "",
        ended_on=known.ended_on,
        summary=record.summary,
        detail=record.detail,
        known=known.bearing,
        called=called(record.name),
        words=_words(record),
        levels=level_bits(level for item in record.scope for level in item.levels),
        areas=sorted(record.areas),
        places=_places(record),
    )
    areas = sorted({names.get(area, area) for area in record.areas})
    return Made(
        entry,
        pauses=[Pause(entry=entry, since=one.since, until=one.until) for one in known.suspensions],
        offers=[Offer(entry=entry, occupation=item.code, levels=level_bits(item.levels)) for item in record.scope],
        localities=[Locality(entry=entry, area=area) for area in areas],
    )


def last_day(record: Record) -> datetime.date:
    """Return the last day on which `registry.standing.of_filing` finds this record in force."""
    lasts = ALWAYS if record.held_open else record.valid_until
    if record.state == Standing.EXPIRED and record.ended_on is not None and not record.held_open:
        lasts = max(lasts, record.ended_on)
    if record.state in ENDED:
        lasts = min(lasts, record.ended_on - ONE if record.ended_on else NEVER)
    return lasts


def _words(record: Record) -> str:
    """Its codes, and where it is."""
    told = [record.code, record.credit_code, record.address]
    told += [word for site in record.sites for word in (site.name, site.address)]
    return "".join(laid_out(fold(word)) for word in told)


def _places(record: Record) -> dict[str, list[str]]:
    """The areas in which each occupation takes a place: the seat's, and those of the sites where it is evaluated."""
    at: dict[str, set[str]] = defaultdict(set)
    for site in record.sites:
        at[site.name].add(site.area_code)
    return {
        item.code: sorted({record.area_code}.union(*(at[name] for name in item.sites)) - {""}) for item in record.scope
    }
