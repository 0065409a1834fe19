"""The same facts once more, by plain SQL from the base tables and the dates in them, the same on both engines.

Nothing here reads what the code derives and keeps for itself: a filing's `held_open`, `valid_until`, `ended_on` of an
expiry, a receipt's `superseded_on`, a clock's last day. A lapse that no sweep has carried out yet counts as happened.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from tests.filings.model import ONE_DAY, Days

NEVER = datetime.date.max
OPEN = "('draft', 'submitted', 'correcting', 'accepted', 'recommended', 'assessing')"
BY_DECISION = "('terminated', 'deregistered', 'revoked')"

# How long each timely renewal holds its filing: through the day on which it was over. An unserved refusal ends nothing.
HOLDS = f"""
hold(filing_id, since, until) AS (
    SELECT a.filing_id, a.first_submitted_on, CASE
        WHEN a.state IN ('approved', 'abandoned') THEN a.decided_on
        WHEN a.state = 'withdrawn' THEN (
            SELECT MAX(e."on") FROM audit_event e WHERE e.verb = 'filings.application.withdraw'
            AND e.outcome = 'done' AND e.matter_id = CAST(a.id AS varchar(40)))
        WHEN a.state IN ('refused', 'declined') THEN COALESCE((
            SELECT s.served_on FROM documents_service s WHERE s.document_id = (
                SELECT MAX(d.id) FROM documents_officialdocument d
                WHERE d.series IN ('refusal', 'decline') AND d.matter_type = 'filings.application'
                AND d.matter_id = CAST(a.id AS varchar(40)))), %(never)s)
        WHEN a.state IN {OPEN} THEN COALESCE((
            SELECT c.due_on FROM deadlines_clock c WHERE c.matter_type = 'filings.application'
            AND c.matter_id = CAST(a.id AS varchar(40)) AND c.kind = 'correction' AND c.state = 'running'), %(never)s)
        ELSE a.first_submitted_on END
    FROM filings_application a
    WHERE a.kind = 'renewal' AND NOT a.late AND a.first_submitted_on IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM filings_application n WHERE n.filing_id = a.filing_id AND n.kind = 'renewal'
        AND n.state = 'approved' AND n.id > a.id)
)"""

# In force: from the grant through every term that a receipt names, and as long as a timely renewal holds it; never from
# the day on which a decision ended it.
IN_FORCE = f"""
in_force(d, filing_id) AS (
    SELECT day.d, f.id FROM day CROSS JOIN filings_filing f
    WHERE f.valid_from <= day.d
    AND (EXISTS (SELECT 1 FROM filings_receipt r
            WHERE r.filing_id = f.id AND r.valid_from <= day.d AND r.valid_until >= day.d)
        OR EXISTS (SELECT 1 FROM hold h WHERE h.filing_id = f.id AND h.since <= day.d AND h.until >= day.d))
    AND NOT (f.state IN {BY_DECISION} AND f.ended_on <= day.d)
)"""

# What each takes a place for: its occupations in the area of the seat, and in those of the occupations' sites.
TAKEN = """
entry(d, filing_id, scope_id, occupation_id) AS (
    SELECT i.d, i.filing_id, s.id, s.occupation_id FROM in_force i
    JOIN filings_filingscope s ON s.filing_id = i.filing_id
    WHERE s.since <= i.d AND (s.until IS NULL OR s.until > i.d)
),
taken(d, filing_id, occupation_id, quota_area) AS (
    SELECT e.d, e.filing_id, e.occupation_id, q.quota_area FROM entry e
    JOIN filings_filing f ON f.id = e.filing_id JOIN reference_area q ON q.code = f.area_id
    UNION
    SELECT e.d, e.filing_id, e.occupation_id, q.quota_area FROM entry e
    JOIN filings_filingsite_scope x ON x.filingscope_id = e.scope_id
    JOIN filings_filingsite t ON t.id = x.filingsite_id AND t.since <= e.d AND (t.until IS NULL OR t.until > e.d)
    JOIN reference_area q ON q.code = t.area_id
)"""


class Reckoning:
    """The facts of some days, as known on `today`."""

    def __init__(self, today: datetime.date, days: Iterable[datetime.date]) -> None:
        self.today, self.days = today, sorted({*days, today})

    def _ask(self, sql: str, *ctes: str, days: Sequence[datetime.date] | None = None) -> list[tuple[Any, ...]]:
        asked = self.days if days is None else days
        values = {"today": self.today, "never": NEVER, **{f"day{n}": day for n, day in enumerate(asked)}}
        rows = ", ".join(f"(%(day{n})s)" for n in range(len(asked)))
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {', '.join((f'day(d) AS (VALUES {rows})', *ctes))} {sql}", values)
            return [tuple(_day(value) for value in row) for row in cursor.fetchall()]

    def in_force(self) -> set[tuple[datetime.date, int]]:
        """(day, filing)."""
        return set(self._ask("SELECT d, filing_id FROM in_force", HOLDS, IN_FORCE))

    def taken(self) -> dict[tuple[datetime.date, str, str], int]:
        """{(day, occupation, quota area): filings that take a place there}, from today on."""
        sql = "SELECT d, occupation_id, quota_area, COUNT(DISTINCT filing_id) FROM taken GROUP BY 1, 2, 3"
        return {row[:3]: row[3] for row in self._ask(sql, HOLDS, IN_FORCE, TAKEN, days=self.ahead)}

    @property
    def ahead(self) -> list[datetime.date]:
        """Today and the days after: what was said of earlier days is the past's."""
        return [day for day in self.days if day >= self.today]

    def receipts(self) -> dict[tuple[datetime.date, int], int]:
        """{(day, filing): the receipt that counts}, of filings in force: the newest of the newest term begun."""
        sql = """
        SELECT i.d, i.filing_id, r.id FROM in_force i JOIN filings_receipt r ON r.filing_id = i.filing_id
        WHERE r.valid_from <= i.d AND NOT EXISTS (
            SELECT 1 FROM filings_receipt n WHERE n.filing_id = r.filing_id AND n.valid_from <= i.d
            AND (n.valid_from > r.valid_from OR (n.valid_from = r.valid_from AND n.id > r.id)))"""
        return {row[:2]: row[2] for row in self._ask(sql, HOLDS, IN_FORCE, days=self.ahead)}

    def suspended(self) -> set[tuple[datetime.date, int]]:
        """(day, filing) where any suspension holds, whether the filing is in force or not."""
        sql = """SELECT DISTINCT day.d, s.filing_id FROM day JOIN filings_suspension s
            ON s.since <= day.d AND (s.until IS NULL OR s.until > day.d)"""
        return set(self._ask(sql))

    def open_applications(self) -> set[tuple[int, str, int]]:
        """(agency, kind, application) of what is open: without what a lapse has ended, swept or not."""
        sql = f"""
        SELECT a.agency_id, CASE WHEN a.kind = 'renewal' AND i.filing_id IS NULL THEN 'initial' ELSE a.kind END, a.id
        FROM filings_application a LEFT JOIN in_force i ON i.filing_id = a.filing_id AND i.d = %(today)s
        WHERE a.state IN {OPEN}
        AND NOT EXISTS (SELECT 1 FROM deadlines_clock c WHERE c.matter_type = 'filings.application'
            AND c.matter_id = CAST(a.id AS varchar(40)) AND c.kind = 'correction' AND c.state = 'running'
            AND c.due_on < %(today)s)
        AND NOT (a.kind <> 'initial' AND i.filing_id IS NULL AND (a.kind = 'change' OR a.state = 'draft'))"""
        return set(self._ask(sql, HOLDS, IN_FORCE, days=[self.today]))

    def clocks(self) -> dict[tuple[str, int, str], tuple[datetime.date, datetime.date]]:
        """{(matter, its number, kind): (start, last day)} of the clocks that run, each counted anew day by day; what a
        lapse not carried out yet has ended is left out, what it has started is there."""
        sql = """
        SELECT c.matter_type, c.matter_id, c.kind, c.starts_on, c.amount, c.unit, o.kind
        FROM deadlines_clock c LEFT JOIN filings_application a
            ON c.matter_type = 'filings.application' AND CAST(a.id AS varchar(40)) = c.matter_id
        LEFT JOIN accounts_organisation o ON o.id = a.receiving_id
        WHERE c.state = 'running'"""
        days, still_open = self.calendar(), {row[2] for row in self.open_applications()}
        in_force = {filing for day, filing in self.in_force() if day == self.today}
        found = {}
        for matter, number, kind, start, amount, unit, office in self._ask(sql, days=[self.today]):
            due = _last(days, start, amount, unit)
            key = matter.removeprefix("filings."), int(number)
            if key[1] not in (still_open if key[0] == "application" else in_force):
                continue
            if kind == "completeness" and due < self.today:
                found[*key, "decision"] = due, days.workdays(due, 15)[0]
                if office == "county":
                    found[*key, "county_recommendation"] = due, days.workdays(due, 5)[0]
            else:
                found[*key, kind] = start, due
        return {key: value for key, value in found.items() if value[1] >= self.today or key[2] == "decision"}

    def calendar(self) -> Days:
        """The working days, from the calendar's tables."""
        years = {row[0] for row in self._ask("SELECT year FROM calendars_calendaryear", days=[self.today])}
        rows = self._ask("SELECT date, kind FROM calendars_calendarday", days=[self.today])
        by_kind = {kind: {day for day, named in rows if named == kind} for kind in ("holiday", "makeup")}
        return Days(years, by_kind["holiday"], by_kind["makeup"])

    def says(self) -> dict[tuple[datetime.date, int], dict[str, Any]]:
        """{(day, filing): what it says}, of filings in force from today on, in the form of `model.plain`."""
        names = {row[0]: row[1:] for row in self._ask("SELECT id, name, area_id FROM filings_filing")}
        found: dict[tuple[datetime.date, int], dict[str, Any]] = {
            (day, filing): {"name": names[filing][0], "seat": names[filing][1], "sites": [], "scope": {}}
            for day, filing in self.in_force()
            if day >= self.today
        }
        site = "t.since <= i.d AND (t.until IS NULL OR t.until > i.d)"
        sites = f"""SELECT i.d, i.filing_id, t.name, t.area_id FROM in_force i
            JOIN filings_filingsite t ON t.filing_id = i.filing_id WHERE {site}"""
        for day, filing, name, area in sorted(self._ask(sites, HOLDS, IN_FORCE, days=self.ahead)):
            found[day, filing]["sites"].append((name, area))
        scope = f"""SELECT i.d, i.filing_id, i.occupation_id, s.levels, t.name, t.area_id FROM entry i
            JOIN filings_filingscope s ON s.id = i.scope_id
            LEFT JOIN filings_filingsite_scope x ON x.filingscope_id = s.id
            LEFT JOIN filings_filingsite t ON t.id = x.filingsite_id AND {site}"""
        for day, filing, code, levels, name, area in self._ask(scope, HOLDS, IN_FORCE, TAKEN, days=self.ahead):
            entry = found[day, filing]["scope"].setdefault(code, (_levels(levels), []))
            entry[1].extend([(name, area)] if name is not None else [])
            entry[1].sort()
        return found


def _day(value: Any) -> Any:
    """SQLite keeps a day as text."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return datetime.date.fromisoformat(value)
    return value


def _levels(value: Any) -> list[int]:
    numbers = value.strip("[]").split(",") if isinstance(value, str) else value
    return sorted(int(number) for number in numbers)


def _last(days: Days, start: datetime.date, amount: int, unit: str) -> datetime.date:
    if unit == "workday":
        return days.workdays(start, amount)[0]
    if unit == "day":
        return days.agency_days(start, amount)[0]
    assert unit == "year"
    try:
        return start.replace(year=start.year + amount)
    except ValueError:
        return start.replace(year=start.year + amount, day=28)


def before_and_after(days: Iterable[datetime.date]) -> set[datetime.date]:
    """Each of these days, the one before and the one after."""
    return {day + n * ONE_DAY for day in days for n in (-1, 0, 1)}
