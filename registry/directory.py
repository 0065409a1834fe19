"""The directory of filed agencies, read from the entries (registry/entries.py) and nothing else.

Each event of a filing publishes its whole record anew; the records of one filing code, oldest first, are its history.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.db.models import QuerySet

from core.clock.words import in_words, span_in_words
from registry.models import Entry
from registry.records import Record, current, of_entry
from registry.standing import Finding


@dataclass(frozen=True)
class Change:
    """One published event of a filing: its day, what happened, and what differs from the record before."""

    on: datetime.date
    label: str
    details: tuple[str, ...]
    receipt: str
    verification: str
    publication_id: int


@dataclass(frozen=True)
class Agency:
    """A filing with the records that were published by a day, oldest first, as it stood on that day; without its
    history (`as_listed`), the one in effect, since when it has been filed and when that was last told anew.

    newest: the last record known today, where that is another: what it says of an end and of suspensions bears days of
    its own, so it tells of earlier days too.
    """

    records: tuple[Record, ...]
    on: datetime.date
    newest: Record | None = None
    filed_since: datetime.date | None = None
    changed_at: datetime.datetime | None = None

    @cached_property
    def current(self) -> Record:
        """The newest record in effect: a renewal published ahead counts from its first day."""
        return current(self.records, self.on)

    @cached_property
    def coming(self) -> Record | None:
        """A record published already that takes effect later."""
        newest = self.records[-1]
        return newest if newest is not self.current and self.finding.in_force else None

    @cached_property
    def finding(self) -> Finding:
        """The standing of the filing, and why."""
        return self.finding_of(self.current)

    def finding_of(self, record: Record) -> Finding:
        """Return the standing of one of its records, with the end and the suspensions known of the filing."""
        newest = self.newest or max(self.records, key=lambda one: one.publication_id)
        return record.as_known(newest).finding(self.on)

    @property
    def code(self) -> str:
        """The filing code."""
        return self.current.code

    @property
    def first_valid_from(self) -> datetime.date:
        """Since when the agency has been filed under this code."""
        return self.filed_since or self.records[0].valid_from

    @property
    def elapsed(self) -> int:
        """Days of the current validity that have passed."""
        return min(max((self.on - self.current.valid_from).days, 0), self.total)

    @property
    def total(self) -> int:
        """Days of the current validity."""
        return (self.current.valid_until - self.current.valid_from).days

    @cached_property
    def changes(self) -> list[Change]:
        """What changed and when, newest first."""
        pairs = zip((None, *self.records), self.records, strict=False)
        return [_change(before, after) for before, after in pairs][::-1]


def as_listed(entry: Entry, on: datetime.date) -> Agency:
    """Return the agency that an entry in effect on a day tells of, without its history."""
    known = of_entry({**entry.summary, **entry.known}, entry.detail, entry.publication_id, entry.published_on)
    return Agency((known,), on, filed_since=entry.filed_since)


def find_listed(code: str, on: datetime.date, known_by: datetime.date) -> Agency | None:
    """Return the agency with this filing code as `as_listed`; None where none was published by that day. One indexed
    read of few words: which of its few entries is in effect is seen here."""
    rows = _listed().filter(code=code.strip().upper())
    for since, until, published_on, filed_since, changed_at, pk, summary, detail, bearing in rows:
        if since <= on and published_on <= known_by and (until is None or on < until):
            known = of_entry({**summary, **bearing}, detail, pk, published_on)
            return Agency((known,), on, filed_since=filed_since, changed_at=changed_at)
    return None


@cache
def _listed() -> QuerySet[Entry, tuple[Any, ...]]:
    """What `find_listed` reads. Named once: to look nine fields up takes longer than to send the statement."""
    return Entry.objects.values_list(
        "since", "until", "published_on", "filed_since", "changed_at", "publication_id", "summary", "detail", "known"
    )


def find(code: str, on: datetime.date, known: datetime.date | None = None) -> Agency | None:
    """Return the agency with this filing code and its history, None where none was published by that day. One query.

    known: the day whose knowledge is asked, where `on` is another: what has been published by today tells how things
    stood, or will stand, on that day.
    """
    rows = Entry.objects.filter(code=code.strip().upper(), published_on__lte=known or on)
    kept = rows.order_by("published_on", "publication_id").values_list(
        "publication_id", "published_on", "summary", "detail"
    )
    records = {pk: of_entry(summary, detail, pk, day) for pk, day, summary, detail in kept}
    by_then = tuple(record for record in records.values() if record.published_on <= on)
    return Agency(by_then, on, records[max(records)]) if by_then else None


def find_by_receipt(verification: str, on: datetime.date, known: datetime.date | None = None) -> Agency | None:
    """Return the agency that has, or had, the receipt with this verification code."""
    code = Entry.objects.filter(verification=verification).values_list("code", flat=True).first()
    return find(code, on, known) if code else None


_EVENTS = {"suspended": "暂停评价", "lifted": "恢复评价"}
_ENDS = {"terminated": "终止备案", "deregistered": "注销备案", "revoked": "撤销备案", "expired": "备案失效"}


def _change(before: Record | None, after: Record) -> Change:
    return Change(
        on=after.published_on,
        label=_label(before, after),
        details=tuple(_details(before, after)),
        receipt=after.receipt if before is None or after.receipt != before.receipt else "",
        verification=after.verification,
        publication_id=after.publication_id,
    )


def _label(before: Record | None, after: Record) -> str:
    if after.event in _EVENTS:
        return _EVENTS[after.event]
    if after.state in _ENDS:
        return _ENDS[after.state]
    if before is None:
        return "同意备案"
    if before.state in _ENDS:
        return "恢复备案"
    if after.corrects:
        return "更正备案回执"
    if after.ruling is not None:
        return f"“{after.ruling.decision}”被{after.ruling.authority}撤销"
    if after.held_open != before.held_open and after.valid_until == before.valid_until:
        return "按期提出延续申请" if after.held_open else "延续申请办结"
    return "延续备案" if after.valid_until != before.valid_until else "变更备案"


def _details(before: Record | None, after: Record) -> Iterable[str]:
    if before is None:
        yield f"有效期{span_in_words(after.valid_from, after.valid_until)}"
        yield "评价职业（工种）：" + "、".join(f"{item.occupation}（{item.levels_text}）" for item in after.scope)
        return
    for label, old, new in (
        ("机构名称", before.name, after.name),
        ("地址", before.address, after.address),
        ("所在区域", before.area, after.area),
        ("有效期至", in_words(before.valid_until), in_words(after.valid_until)),
    ):
        if old != new:
            yield f"{label}：由“{old}”变为“{new}”"
    yield from _suspension_details(before, after)
    yield from _scope_details(before, after)
    yield from _site_details(before, after)


def _suspension_details(before: Record, after: Record) -> Iterable[str]:
    old = {(one.since, one.source): one.until for one in before.suspensions}
    for one in after.suspensions:
        key = (one.since, one.source)
        if key not in old:
            back = f"，至{in_words(one.until)}恢复" if one.until else ""
            yield f"自{in_words(one.since)}起暂停评价{back}：{one.source}"
        elif one.until != old[key] and one.until is not None:
            yield f"自{in_words(one.until)}起不再暂停：{one.source}"


def _scope_details(before: Record, after: Record) -> Iterable[str]:
    old = {item.code: item for item in before.scope}
    new = {item.code: item for item in after.scope}
    for code in sorted(new.keys() - old.keys()):
        yield f"增加职业（工种）：{new[code].occupation}（{new[code].levels_text}）"
    for code in sorted(old.keys() - new.keys()):
        yield f"取消职业（工种）：{old[code].occupation}"
    for code in sorted(old.keys() & new.keys()):
        if set(old[code].levels) != set(new[code].levels):
            yield f"{new[code].occupation}：等级由{old[code].levels_text}变为{new[code].levels_text}"


def _site_details(before: Record, after: Record) -> Iterable[str]:
    old = {(site.name, site.address) for site in before.sites}
    new = {(site.name, site.address) for site in after.sites}
    for name, address in sorted(new - old):
        yield f"增加场地：{name}（{address}）"
    for name, address in sorted(old - new):
        yield f"取消场地：{name}（{address}）"
