"""Several filings as a small model, written from DOMAIN.md and not from the code: terms, holds, ends, places, receipts.

What a filing or an application says is a dictionary of items:
    "name": text    "seat": area code    "site:1": (name, area code)    "occ:CODE": (levels, keys of its sites)
"""

import datetime
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.filings.model import ONE_DAY, OPEN, Days

Items = dict[str, Any]
NEVER = datetime.date.max
YEARS, TIMELY, OPENING = 3, 30, 180
COMPLETENESS, DECISION, COUNTY = 5, 15, 5
URBAN, COUNTY_AREA = "市区", "汤阴县"


def three_years(start: datetime.date) -> datetime.date:
    """The corresponding day, or the month's last where there is none (民法典 202)."""
    try:
        return start.replace(year=start.year + YEARS)
    except ValueError:
        return start.replace(year=start.year + YEARS, day=28)


def narrowed(occupation: Any, *, levels: Iterable[int] = (), sites: Iterable[str] = ()) -> Any:
    """An occupation without some levels and sites."""
    kept, at = occupation
    return tuple(level for level in kept if level not in set(levels)), at - set(sites)


def differences(before: Items, after: Items) -> dict[str, tuple[Any, Any]]:
    return {key: (before.get(key), after.get(key)) for key in {*before, *after} if before.get(key) != after.get(key)}


def only_narrows(key: str, before: Any, after: Any) -> bool:
    """Whether an item only leaves something out (a renewal may do no more)."""
    if after is None:
        return key.startswith(("occ:", "site:"))
    return key.startswith("occ:") and before is not None and set(after[0]) <= set(before[0]) and after[1] <= before[1]


def plain(items: Items) -> dict[str, Any]:
    """What items say in a form that the database's rows can be brought into: sites by name and area."""
    sites = {key: value for key, value in items.items() if key.startswith("site:")}
    return {
        "name": items["name"],
        "seat": items["seat"],
        "sites": sorted(sites.values()),
        "scope": {
            key.removeprefix("occ:"): (sorted(levels), sorted(sites[one] for one in at if one in sites))
            for key, (levels, at) in ((k, v) for k, v in items.items() if k.startswith("occ:"))
        },
    }


@dataclass(eq=False)
class Receipt:
    """A receipt of a filing, for one term."""

    valid_from: datetime.date
    valid_until: datetime.date


@dataclass(eq=False)
class Suspension:
    """A stretch of days on which the agency does not evaluate; until: the first on which it does again."""

    by: int
    since: datetime.date
    until: datetime.date | None


@dataclass(eq=False)
class Assignment:
    """One from elsewhere to COUNTY_AREA, which ends for good once a local filing or its own is in the way (M37)."""

    filing: "Filing"
    code: str
    since: datetime.date
    until: datetime.date | None = None
    pk: int = 0


@dataclass(eq=False)
class Filing:
    """A filing. versions: what it says from which day on; last: the last day in force, once that is certain."""

    agency: str
    valid_from: datetime.date
    versions: list[tuple[datetime.date, Items]]
    term_from: datetime.date
    until: datetime.date
    clock_from: datetime.date
    last: datetime.date | None = None
    end: str = ""
    receipts: list[Receipt] = field(default_factory=list)
    suspensions: list[Suspension] = field(default_factory=list)
    deregistering: bool = False  # decided, and the decision has not been served yet
    ended_before: str = ""  # how it had ended before it was revoked
    pk: int = 0

    def suspend(self, by: int, since: datetime.date, until: datetime.date | None) -> None:
        self.suspensions.append(Suspension(by, since, until))

    def suspended(self, day: datetime.date) -> bool:
        """Whether any suspension holds on a day; validity runs on."""
        return any(one.since <= day < (one.until or NEVER) for one in self.suspensions)

    def at(self, day: datetime.date) -> Items:
        """What it says on a day."""
        return [items for since, items in self.versions if since <= day][-1]

    def terms(self, on: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
        """The term that runs, and the one to come."""
        if self.term_from <= on:
            return [(self.term_from, self.until)]
        began = max(receipt.valid_from for receipt in self.receipts if receipt.valid_from <= on)
        return [(began, self.term_from - ONE_DAY), (self.term_from, self.until)]


@dataclass(eq=False)
class Case:
    """An application. asked: all that it says; items: of a change or renewal {key: (before, after)} as handed in."""

    agency: str
    kind: str
    filing: Filing | None
    asked: Items
    pk: int = 0
    state: str = "draft"
    items: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    confirmed: dict[str, Any] = field(default_factory=dict)
    late: bool = False
    by_county: bool = False
    clocks: dict[str, tuple[datetime.date, datetime.date]] = field(default_factory=dict)
    overridden: set[str] = field(default_factory=set)
    unserved: bool = False  # refused or declined, and the paper has not been served yet
    moot: bool = False  # another renewal has begun a new term since
    granted: Filing | None = None  # the filing that an initial one was given
    revoked: Filing | None = None  # the same once its grant has been set aside

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def holds(self) -> bool:
        """A timely renewal not ended yet: a refusal and a decline end it on service."""
        handed_in = self.open and self.state != "draft"
        return self.kind == "renewal" and not self.late and not self.moot and (handed_in or self.unserved)

    @property
    def holds_until(self) -> datetime.date:
        """The last day on which it holds as things stand: a correction not answered by its last day ends it."""
        return self.clocks["correction"][1] if "correction" in self.clocks else NEVER


class Model:
    """All filings and applications. `settle` lets what has lapsed happen, by the law's days."""

    def __init__(self, days: Days, areas: dict[str, str], *, city: int, county: int) -> None:
        self.days, self.areas = days, areas
        self.filings: list[Filing] = []
        self.cases: list[Case] = []
        self.assignments: list[Assignment] = []
        self.city: dict[int, int] = {2026: city}
        self.caps: dict[str, list[tuple[datetime.date, int]]] = {"urban": [(datetime.date.min, 3)]}
        self.caps["county"] = [(datetime.date.min, county)]
        self.fresh = itertools.count(1)

    # Who has what

    def filing_of(self, agency: str, on: datetime.date) -> Filing | None:
        return next((one for one in self.filings if one.agency == agency and self.in_force(one, on)), None)

    def open_case(self, agency: str, kind: str) -> Case | None:
        found = [case for case in self.cases if case.open and (case.agency, case.kind) == (agency, kind)]
        assert len(found) <= 1
        return found[0] if found else None

    def about(self, filing: Filing) -> Iterator[Case]:
        return (case for case in self.cases if case.filing is filing)

    def held(self, filing: Filing) -> bool:
        return any(case.holds for case in self.about(filing))

    def in_force(self, filing: Filing, day: datetime.date) -> bool:
        """Whether it is in force on a day, as things stand now."""
        held = [case.holds_until for case in self.about(filing) if case.holds]
        return filing.valid_from <= day <= (filing.last or max([filing.until, *held]))

    def receipt(self, filing: Filing, day: datetime.date) -> Receipt | None:
        """The receipt that counts on a day: the newest of the newest term that has begun."""
        begun = [one for one in filing.receipts if one.valid_from <= day]
        newest = max((one.valid_from for one in begun), default=None)
        return next((one for one in reversed(begun) if one.valid_from == newest), None)

    # Places

    def takes(self, items: Items) -> set[tuple[str, str]]:
        """(occupation, quota area) of the seat and of each of the occupation's sites."""
        found = set()
        for key, value in items.items():
            if key.startswith("occ:"):
                at = {items["seat"], *(items[site][1] for site in value[1] if site in items)}
                found |= {(key.removeprefix("occ:"), self.areas[area]) for area in at}
        return found

    def taken(self, occupation: str, area: str, day: datetime.date) -> int:
        return sum((occupation, area) in self.takes(one.at(day)) for one in self.filings if self.in_force(one, day))

    def filed(self, day: datetime.date) -> int:
        return sum(self.in_force(one, day) for one in self.filings)

    def cap(self, area: str, day: datetime.date) -> int:
        if area == "city":
            return self.city[max(year for year in self.city if year <= day.year)]
        rows = self.caps["urban" if area == URBAN else "county"]
        return max(row for row in enumerate(rows) if row[1][0] <= day)[1][1]

    def full(self, case: Case, pairs: set[tuple[str, str]], on: datetime.date) -> set[str]:
        """The caps that taking these places would pass, by their keys."""
        keys = {f"{area}:{code}" for code, area in pairs if self.taken(code, area, on) >= self.cap(area, on)}
        if case.kind == "initial" and self.filed(on) >= self.cap("city", on):
            keys.add("city")
        return keys - case.overridden

    def wanted(self, case: Case, granted: Iterable[str], on: datetime.date) -> set[tuple[str, str]]:
        """The places that granting these would newly take."""
        if case.kind == "renewal":
            return set()
        if case.kind == "initial":
            return self.takes(self.of_first(case, granted))
        assert case.filing is not None
        now = case.filing.at(on)
        return self.takes(self.changed(now, now, case, set(granted), {})) - self.takes(now)

    def assigned(self, one: Assignment, day: datetime.date) -> bool:
        """Whether an assignment stands on a day: not ended, and its filing holds the occupation."""
        held = self.in_force(one.filing, day) and f"occ:{one.code}" in one.filing.at(day)
        return held and day < (one.until or NEVER)

    # Time

    def settle(self, today: datetime.date) -> None:
        """Everything whose last day is over by today, in the order of the last days."""
        while due := [one for one in self._ending() if one[0] < today]:
            day, _, what, kind = min(due, key=lambda one: one[:2])
            if isinstance(what, Filing):
                self.expire(what, day)
            elif kind == "completeness":
                self.accept(what, day)
            elif kind == "correction":
                what.state = "abandoned"
                self.over(what, day)
            else:
                del what.clocks[kind]
        for one in self.assignments:
            if not self.assigned(one, today) or self.taken(one.code, COUNTY_AREA, today):
                one.until = min(one.until or today, today)

    def _ending(self) -> Iterator[tuple[datetime.date, int, Any, str]]:
        for number, filing in enumerate(self.filings):
            if filing.last is None and not self.held(filing):
                yield filing.until, number, filing, "validity"
        for number, case in enumerate(self.cases):
            for kind, (_, due) in case.clocks.items():
                if kind != "decision":
                    yield due, number, case, kind

    def expire(self, filing: Filing, day: datetime.date) -> None:
        """It ends with that day; a late renewal handed in goes on as an initial one, everything else closes (M14)."""
        self.ends(filing, "expired", day)

    def ends(self, filing: Filing, how: str, last: datetime.date) -> None:
        filing.last, filing.end, filing.deregistering = last, how, False
        for case in self.about(filing):
            if case.open and case.kind == "renewal" and case.state != "draft" and how == "expired":
                case.kind = "initial"
            elif case.open and case.kind != "initial":
                case.state = "closed"
                case.clocks.clear()

    def revoke(self, filing: Filing, day: datetime.date) -> None:
        """Its grant was set aside: it ends before this day, unless it had before; what is open about it closes."""
        filing.ended_before = filing.end
        self.ends(filing, "revoked", filing.last or day - ONE_DAY)

    def reinstate(self, filing: Filing, day: datetime.date) -> None:
        """Its grant stands again: in force with its old dates, or expired as of its old end."""
        over = day > filing.until
        filing.last, filing.end = (filing.until, "expired") if over else (None, "")

    def over(self, case: Case, day: datetime.date) -> None:
        """An application ended unapproved: what it alone held open past its last day expires on that day."""
        case.clocks.clear()
        filing = case.filing
        if case.kind == "renewal" and filing and filing.last is None and filing.until < day and not self.held(filing):
            self.expire(filing, day)

    # What the parties do

    def hand_in(self, case: Case, on: datetime.date) -> None:
        case.state = "submitted"
        case.by_county = case.kind == "initial"
        case.clocks = {"completeness": (on, self.days.workdays(on, COMPLETENESS)[0])}
        if case.filing is not None:
            case.items = differences(case.filing.at(on), case.asked)
            case.late = case.kind == "renewal" and on > case.filing.until - TIMELY * ONE_DAY

    def accept(self, case: Case, on: datetime.date) -> None:
        case.state = "accepted"
        case.clocks = {"decision": (on, self.days.workdays(on, DECISION)[0])}
        if case.by_county:
            case.clocks["county_recommendation"] = on, self.days.workdays(on, COUNTY)[0]

    def of_first(self, case: Case, granted: Iterable[str]) -> Items:
        """What a first filing of these says: the granted occupations with their sites, and no other site."""
        kept = {key: value for key, value in case.asked.items() if key in granted or key in ("name", "seat")}
        at = {site for key, value in kept.items() if key.startswith("occ:") for site in value[1]}
        return {**kept, **{site: case.asked[site] for site in at}}

    def approve(self, case: Case, granted: Iterable[str], on: datetime.date) -> Filing:
        granted = set(granted)
        filing = {"initial": self._create, "change": self._change, "renewal": self._renew}[case.kind](case, granted, on)
        case.state = "approved"
        case.clocks.clear()
        return filing

    def _create(self, case: Case, granted: set[str], on: datetime.date) -> Filing:
        fresh = {key: f"site:{next(self.fresh)}" for key in case.asked if key.startswith("site:")}
        says = self._renamed(self.of_first(case, granted), fresh)
        until = three_years(on)
        filing = Filing(case.agency, on, [(on, says)], on, until, on, receipts=[Receipt(on, until)])
        self.filings.append(filing)
        case.granted = filing
        return filing

    def _renamed(self, items: Items, fresh: dict[str, str]) -> Items:
        """The same with other keys for its sites."""
        return {
            fresh.get(key, key): (value[0], frozenset(fresh.get(one, one) for one in value[1]))
            if key.startswith("occ:")
            else value
            for key, value in items.items()
        }

    def settled(self, case: Case, key: str, now: Items) -> bool:
        """Whether an item still says what it said when asked for, or what is asked for, or was confirmed since."""
        says = now.get(key)
        return says in case.items[key] or (key in case.confirmed and case.confirmed[key] == says)

    def _change(self, case: Case, granted: set[str], on: datetime.date) -> Filing:
        filing = case.filing
        assert filing is not None
        now = filing.at(on)
        taken = {key for key in granted if self.settled(case, key, now)}
        fresh: dict[str, str] = {}
        versions = [(since, says) for since, says in filing.versions if since < on]
        versions.append((on, self.changed(now, now, case, taken, fresh)))
        for since, says in filing.versions:
            if since > on:
                versions.append((since, self.changed(says, now, case, taken, fresh)))
        filing.versions = versions
        filing.receipts += [Receipt(*term) for term in filing.terms(on)]
        return filing

    def changed(self, says: Items, now: Items, case: Case, taken: set[str], fresh: dict[str, str]) -> Items:
        """What something says with these items of a change applied. A term to come keeps what it left out."""
        new = dict(says)
        for key in sorted(taken, key=lambda one: (one.startswith("occ:"), one)):
            after = case.items[key][1]
            if key in ("name", "seat"):
                new[key] = after
            elif key.startswith("site:"):
                self._site(new, now, key, after, fresh)
            elif after is None:
                new.pop(key, None)
            elif key in says or key not in now:
                at = {fresh.get(site, site) for site in after[1]}
                new[key] = after[0], frozenset(site for site in at if site in new)
        return new

    def _site(self, new: Items, now: Items, key: str, after: Any, fresh: dict[str, str]) -> None:
        if new.pop(key, None) is None and key in now:
            return  # a term to come has left it out
        if after is None:
            return
        new[fresh.setdefault(key, f"site:{next(self.fresh)}")] = after
        for name, value in list(new.items()):
            if name.startswith("occ:") and key in value[1]:
                new[name] = value[0], value[1] - {key} | {fresh[key]}

    def _renew(self, case: Case, granted: set[str], on: datetime.date) -> Filing:
        """Three years from the old end; what is left out, by the agency or the decision, ends with the old term."""
        filing = case.filing
        assert filing is not None
        old_end = filing.until
        filing.term_from, filing.until = max(old_end + ONE_DAY, on), three_years(old_end)
        filing.clock_from = old_end
        says = dict(filing.at(filing.term_from))
        for key, (before, after) in case.items.items():
            if after is None:
                says.pop(key, None)
            elif key in says:
                gone = set(before[0]) - set(after[0]), before[1] - after[1]
                says[key] = narrowed(says[key], levels=gone[0], sites=gone[1])
                if not says[key][0]:
                    del says[key]
        for key in case.asked:
            if key.startswith("occ:") and key not in granted:
                says.pop(key, None)
        filing.versions = [one for one in filing.versions if one[0] < filing.term_from]
        filing.versions.append((filing.term_from, says))
        filing.receipts.append(Receipt(filing.term_from, filing.until))
        for other in self.about(filing):
            other.moot = other.kind == "renewal"
        return filing
