"""The directory of filed agencies, read from the publications of kind "filing" and nothing else.

Each event of a filing publishes its whole record anew; the records of one filing code, oldest first, are its history.
The city has some forty agencies (M37), so the directory is read whole and searched in memory: the same on every engine.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from core.clock.words import in_words, span_in_words
from core.publications import register
from core.publications.models import Publication
from registry.standing import ENDED, Finding, Ruling, Suspended, of_filing
from regulation.codes import level_range_text

KIND = "filing"
LEVELS = (5, 4, 3, 2, 1)


@dataclass(frozen=True)
class ScopeItem:
    """An occupation of a filing: its code and name, its levels (5 to 1), the names of the sites where it is held."""

    code: str
    occupation: str
    levels: tuple[int, ...]
    sites: tuple[str, ...]

    @property
    def levels_text(self) -> str:
        """五—三级."""
        return level_range_text(self.levels)

    @property
    def cells(self) -> list[tuple[int, bool]]:
        """Every level with whether it is granted, for the table of occupations by levels."""
        return [(level, level in self.levels) for level in LEVELS]


@dataclass(frozen=True)
class Site:
    """A site of a filing; older records name the area by its name alone."""

    name: str
    area: str
    area_code: str
    address: str


@dataclass(frozen=True)
class Record:
    """A filing as one publication says it stands."""

    publication_id: int
    published_on: datetime.date
    name: str
    code: str
    credit_code: str
    area: str
    area_code: str
    address: str
    valid_from: datetime.date
    valid_until: datetime.date
    receipt: str
    verification: str
    state: str
    ended_on: datetime.date | None
    held_open: bool
    ended_by: Mapping[str, str]
    suspensions: tuple[Suspended, ...]
    event: str
    scope: tuple[ScopeItem, ...]
    sites: tuple[Site, ...]
    ruling: Ruling | None = None
    corrects: str = ""

    @property
    def areas(self) -> frozenset[str]:
        """Codes and names of the areas of seat and sites."""
        named = {self.area_code, self.area}
        for site in self.sites:
            named |= {site.area_code, site.area}
        return frozenset(named - {""})

    def finding(self, on: datetime.date) -> Finding:
        """Return the filing's standing on a day by this record."""
        return of_filing(
            state=self.state,
            ended_on=self.ended_on,
            valid_until=self.valid_until,
            on=on,
            held_open=self.held_open,
            suspensions=self.suspensions,
            ruling=self.ruling,
        )


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
    """A filing with the records that were published by a day, oldest first, as it stood on that day.

    newest: the last record known today, where that is another: what it says of an end and of suspensions bears days of
    its own, so it tells of earlier days too.
    """

    records: tuple[Record, ...]
    on: datetime.date
    newest: Record | None = None

    @cached_property
    def current(self) -> Record:
        """The newest record in effect: a renewal published ahead counts from its first day."""
        return next((one for one in reversed(self.records) if one.valid_from <= self.on), self.records[-1])

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
        known = replace(record, suspensions=newest.suspensions)
        if newest.state in ENDED:
            known = replace(known, state=newest.state, ended_on=newest.ended_on)
        return known.finding(self.on)

    @property
    def code(self) -> str:
        """The filing code."""
        return self.current.code

    @property
    def first_valid_from(self) -> datetime.date:
        """Since when the agency has been filed under this code."""
        return self.records[0].valid_from

    @property
    def elapsed(self) -> int:
        """Days of the current validity that have passed."""
        return min(max((self.on - self.current.valid_from).days, 0), self.total)

    @property
    def total(self) -> int:
        """Days of the current validity."""
        return (self.current.valid_until - self.current.valid_from).days

    @cached_property
    def haystack(self) -> str:
        """All that a search looks through, folded."""
        now = self.current
        words = [now.name, now.code, now.credit_code, now.area, now.address]
        words += [word for item in now.scope for word in (item.code, item.occupation)]
        words += [word for site in now.sites for word in (site.name, site.area, site.address)]
        return "\n".join(words).casefold()

    @cached_property
    def changes(self) -> list[Change]:
        """What changed and when, newest first."""
        pairs = zip((None, *self.records), self.records, strict=False)
        return [_change(before, after) for before, after in pairs][::-1]


def agencies(on: datetime.date, known: datetime.date | None = None) -> list[Agency]:
    """Return every agency published by then and not withdrawn: those in force first, then by filing code. One query.

    known: the day whose knowledge is asked, where `on` is another: what has been published by today tells how things
    stood, or will stand, on that day.
    """
    rows = register.published(KIND, on=known or on).order_by("published_on", "id")
    by_code: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        record = read(row)
        by_code[record.code].append(record)
    found = []
    for records in by_code.values():
        newest = max(records, key=lambda one: one.publication_id)
        if by_then := tuple(record for record in records if record.published_on <= on):
            found.append(Agency(by_then, on, newest))
    return sorted(found, key=lambda agency: (not agency.finding.in_force, agency.code))


def find(code: str, on: datetime.date, known: datetime.date | None = None) -> Agency | None:
    """Return the agency with this filing code, None where none was published by that day."""
    wanted = code.strip().upper()
    return next((agency for agency in agencies(on, known) if agency.code == wanted), None)


def occupations(found: Iterable[Agency]) -> dict[str, str]:
    """Return code -> name of every occupation of these agencies, by code."""
    named = {item.code: item.occupation for agency in found for item in agency.current.scope}
    return dict(sorted(named.items()))


def read(row: Publication) -> Record:
    """Return the record that a publication holds."""
    content: Mapping[str, Any] = row.content
    return Record(
        publication_id=row.pk,
        published_on=row.published_on,
        name=content["name"],
        code=content["code"],
        credit_code=content["credit_code"],
        area=content["area"],
        area_code=content["area_code"],
        address=content["address"],
        valid_from=_date(content["valid_from"]),
        valid_until=_date(content["valid_until"]),
        receipt=content["receipt"],
        verification=content["verification"],
        state=content.get("state", "active"),
        ended_on=_date(ended) if (ended := content.get("ended_on")) else None,
        held_open=bool(content.get("held_open")),
        ended_by=content.get("ended_by") or {},
        suspensions=tuple(
            Suspended(_date(one["since"]), _date(until) if (until := one["until"]) else None, one["source"])
            for one in content.get("suspensions") or ()
        ),
        event=content.get("event") or "",
        scope=tuple(
            ScopeItem(item["code"], item["occupation"], tuple(item["levels"]), tuple(item.get("sites", ())))
            for item in content["scope"]
        ),
        sites=tuple(
            Site(site["name"], site["area"], site.get("area_code", ""), site["address"]) for site in content["sites"]
        ),
        ruling=_ruling(content.get("ruling")),
        corrects=content.get("corrects", ""),
    )


def _ruling(said: Mapping[str, Any] | None) -> Ruling | None:
    if not said:
        return None
    return Ruling(
        said["authority"], said["number"], _date(said["on"]), said["decision"], bool(said["certificates_stand"])
    )


def _date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


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
