"""A register against what the portal knows: what stands against loading it, and what to know before one does."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.accounts.models import Organisation, OrganisationKind
from core.clock.words import in_words
from core.reference import settings
from core.reference.models import Area, Occupation
from core.reference.quota_areas import cap_of
from filings import contenders, holders, quota, terms
from filings.enums import OPEN_STATES, ApplicationKind, ApplicationState
from filings.imports import cells
from filings.imports.reading import Entry, Fault
from filings.m7 import years_before
from filings.models import Application, Filing, FilingImport, SerialBlock, in_force
from regulation.codes import parse_filing_code
from regulation.periods import PERIODS


def faults(register: FilingImport, on: datetime.date) -> list[Fault]:
    """Return all that stands against loading: what could not be read, and what the portal holds against the rest."""
    read = [Fault(**one) for one in register.faults]
    return sorted([*read, *against(register.entries, on)], key=lambda one: one.row)


def against(entries: Iterable[Entry], on: datetime.date) -> Iterator[Fault]:
    """Yield what in readable entries collides with the portal, or is not in force (DOMAIN.md, M12, M14)."""
    entries = list(entries)
    known = _Known(entries, on)
    for entry in entries:
        row = entry["rows"][0]
        for column, text in (*known.of_code(entry["code"]), *known.of_credit_code(entry["credit_code"])):
            yield Fault(row, column, text)
        for column, text in _of_term(entry, on):
            yield Fault(row, column, text)


class _Known:
    """What the portal holds of the codes in a register, read once."""

    def __init__(self, entries: list[Entry], on: datetime.date) -> None:
        codes = [entry["code"] for entry in entries if entry["code"]]
        credit = [entry["credit_code"] for entry in entries if entry["credit_code"]]
        self.filed = dict(Filing.objects.filter(code__in=codes).values_list("code", "name"))
        standing = Filing.objects.filter(in_force(on))
        self.in_force = dict(standing.filter(credit_code__in=credit).values_list("credit_code", "code"))
        self.in_force |= dict(
            standing.filter(agency__credit_code__in=credit).values_list("agency__credit_code", "code")
        )
        waiting = Application.objects.filter(kind=ApplicationKind.INITIAL, state__in=OPEN_STATES)
        self.applying = dict(
            waiting.exclude(state=ApplicationState.DRAFT)
            .filter(agency__credit_code__in=credit)
            .values_list("agency__credit_code", "number")
        )
        self.blocks = list(SerialBlock.objects.all())

    def of_code(self, code: str) -> Iterator[tuple[str, str]]:
        if not code:
            return
        if code in self.filed:
            yield "code", f"门户里已有这个备案编码（{self.filed[code]}）。请核对；已经录入过的，请删掉这几行。"
            return
        serial = parse_filing_code(code)
        for block in self.blocks:
            if block.next <= serial <= block.last:
                text = (
                    f"这个号在门户待发的号段里（{block.next:06d}–{block.last:06d}），会与以后发的号重复。"
                    "请核对编码；确实用过的，请系统管理员先核对备案编码号段。"
                )
                yield "code", text

    def of_credit_code(self, code: str) -> Iterator[tuple[str, str]]:
        if code in self.in_force:
            yield "credit_code", f"这家机构已有有效备案（{self.in_force[code]}），不能再录入一个。请核对。"
        if code in self.applying:
            text = f"这家机构正在门户申请首次备案（申请号 {self.applying[code]}）。请先由机构撤回，或等办结，再录入。"
            yield "credit_code", text


def _of_term(entry: Entry, on: datetime.date) -> Iterator[tuple[str, str]]:
    """Only what is in force is loaded, and no validity is longer than M14's three years."""
    until = _day(entry["valid_until"])
    if until is None:
        return
    since = began(entry)
    if until < on:
        yield "valid_until", f"有效期已于{in_words(until)}届满：只录入现在有效的备案。请核对，或删掉这家机构。"
    elif since > on:
        column = "valid_from" if entry["valid_from"] else "valid_until"
        yield column, f"本期备案从{in_words(since)}才开始：只录入现在有效的备案。请核对日期。"
    if since >= until:
        yield "valid_from", "有效期自应早于有效期至。请核对。"
    elif until > terms.end_of(since):
        yield (
            "valid_until",
            f"有效期超过 3 年（从{in_words(since)}起最长到{in_words(terms.end_of(since))}）。请核对日期。",
        )


def began(entry: Entry) -> datetime.date:
    """Return the first day of an entry's validity: as written, else three years before its end (M14)."""
    until = _day(entry["valid_until"])
    assert until is not None
    return _day(entry["valid_from"]) or counted_from(until)


def counted_from(until: datetime.date) -> datetime.date:
    """Return the day from which a validity that ends on `until` is counted (M14): its corresponding day, three years
    before."""
    years = PERIODS["validity"].amount
    assert years is not None
    start = years_before(until, years)
    # An end on 29 February has no corresponding day: it is the eve of 1 March.
    return start if terms.end_of(start) == until else start + terms.ONE_DAY


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


# -- what to know before loading ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cap:
    """A cap that loading fills or passes (M37)."""

    label: str
    before: int
    after: int
    cap: int

    @property
    def passed(self) -> bool:
        """Above the cap; lawful for what exists, and no new place until it falls below."""
        return self.after > self.cap


@dataclass(frozen=True)
class Preview:
    """What loading would create, counted; and what people should look at before.

    ending: what a renewal is due of already, `window` days before its end (M14).
    """

    rows: list[dict[str, Any]]
    agencies: int
    occupations: list[tuple[str, int]]
    areas: list[tuple[str, int]]
    caps: list[Cap]
    window: int
    ending: list[dict[str, Any]] = field(default_factory=list)
    check_digits: list[dict[str, Any]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def check_digits(entries: Iterable[Entry]) -> list[str]:
    """Return the credit codes whose check digit is wrong: to be compared with the licences before loading."""
    return [
        entry["credit_code"] for entry in entries if entry["credit_code"] and cells.check_digit(entry["credit_code"])
    ]


def preview(register: FilingImport, on: datetime.date) -> Preview:
    """Return what loading a register without faults would create, and what to know before."""
    areas = {area.pk: area for area in Area.objects.all()}
    wanted = {item["occupation"] for entry in register.entries for item in entry["scope"]}
    occupations = {one.pk: one for one in Occupation.objects.filter(pk__in=wanted)}
    wrong = set(check_digits(register.entries))
    rows = [_row(entry, areas, occupations, on) for entry in register.entries]
    by_occupation: dict[str, int] = {}
    by_area: dict[str, int] = {}
    for entry in register.entries:
        name = areas[entry["area"]].name
        by_area[name] = by_area.get(name, 0) + 1
        for item in entry["scope"]:
            words = str(occupations[item["occupation"]])
            by_occupation[words] = by_occupation.get(words, 0) + 1
    window = settings.value("renewal_opening", on)
    return Preview(
        rows=rows,
        agencies=len(rows),
        occupations=sorted(by_occupation.items(), key=lambda pair: (-pair[1], pair[0])),
        areas=sorted(by_area.items(), key=lambda pair: (-pair[1], pair[0])),
        caps=_caps(register.entries, areas, occupations, on),
        window=window,
        ending=[row for row in rows if (row["valid_until"] - on).days <= window],
        check_digits=[row for row in rows if row["credit_code"] in wrong],
        notices=[*_notices(register.entries, occupations)],
    )


def _row(entry: Entry, areas: dict[str, Area], occupations: dict[str, Occupation], on: datetime.date) -> dict[str, Any]:
    until = _day(entry["valid_until"])
    assert until is not None
    return {
        **{name: entry[name] for name in ("code", "name", "credit_code", "address", "rows")},
        "area": areas[entry["area"]].name,
        "valid_from": began(entry),
        "valid_until": until,
        "scope": [
            {"occupation": occupations[item["occupation"]], "levels": item["levels"], "sites": item["sites"]}
            for item in entry["scope"]
        ],
        "sites": [{**site, "area": areas[site["area"]].name} for site in entry["sites"]],
        "days": (until - on).days,
    }


def _caps(
    entries: list[Entry], areas: dict[str, Area], occupations: dict[str, Occupation], on: datetime.date
) -> list[Cap]:
    """The caps that are full or passed once these are loaded. What exists is above a cap lawfully (M37): a notice."""
    city = quota.city(on)
    found = [Cap(city.label, city.taken, city.taken + len(entries), city.cap)]
    taken = {contenders.key(area, code): number for (code, area), number in holders.taken(on).items()}
    new: dict[tuple[str, str], int] = {}
    for entry in entries:
        where = {site["name"]: site["area"] for site in entry["sites"]}
        for item in entry["scope"]:
            for area in {areas[code].quota_area for code in (entry["area"], *(where[name] for name in item["sites"]))}:
                pair = (area, item["occupation"])
                new[pair] = new.get(pair, 0) + 1
    for (area, code), more in sorted(new.items()):
        before = taken.get(f"{area}:{code}", 0)
        found.append(Cap(f"{area}“{occupations[code].name}”", before, before + more, cap_of(area, on)))
    return [cap for cap in found if cap.after >= cap.cap]


def _notices(entries: list[Entry], occupations: dict[str, Occupation]) -> Iterator[str]:
    for entry in entries:
        until, since = _day(entry["valid_until"]), began(entry)
        assert until is not None
        # On paper three years are printed as they are counted, or a day shorter (2024-03-01 to 2027-02-28).
        if until < terms.end_of(since) - terms.ONE_DAY:
            yield f"{entry['name']}：有效期不到 3 年（{in_words(since)}至{in_words(until)}），请核对。"
    for code, one in sorted(occupations.items()):
        if not one.active:
            yield f"{one.name}（{code}）现在不能申报：已备案的照录，以后不能新申请。"
    codes = [entry["credit_code"] for entry in entries]
    for agency in Organisation.objects.filter(
        kind=OrganisationKind.AGENCY, credit_code__in=codes, positions__isnull=False
    ).distinct():
        if agency.confirmed_on:
            yield f"{agency.name}：已有核实过的账号，录入后在它的工作台就能看到备案。"
        else:
            yield f"{agency.name}：有账号还没有核实身份，由县（市、区）核实后，备案转到它名下。"
