"""Whether a change was reported in time (M13): by its first submission, within 30 days of the day it happened, as
declared or as the centre has found it."""

import datetime
from dataclasses import dataclass

from core.calendars.calendar import current as current_calendar
from core.documents import uploads
from core.documents.models import Upload
from filings import changes, terms
from filings.enums import ApplicationKind
from filings.models import Application, Filing
from regulation.periods import PERIODS
from regulation.workdays import compute

# The slot of the scan by which the day of a change was found. The agency, whom it concerns, reads it.
FOUND_BY = "found_day"


@dataclass(frozen=True)
class Report:
    """How a change was reported. judged: the day it is reckoned from; due_on: the last timely day; days_late: 0 where
    it came in time."""

    declared: datetime.date | None
    found: datetime.date | None
    judged: datetime.date
    due_on: datetime.date
    days_late: int


def report_until(changed_on: datetime.date) -> datetime.date:
    """Return the last day on which a change of name, legal representative or address is reported in time (M13)."""
    spec = PERIODS["change_report"]
    assert spec.amount is not None
    return compute(changed_on, spec.amount, spec.unit, current_calendar(), roll=spec.rolls).end


def reports(application: Application) -> bool:
    """Whether it is a change that reports what M13 wants reported, as it was handed in."""
    if application.kind != ApplicationKind.CHANGE:
        return False
    return any(item.key in changes.REPORTED for item in application.change_items.all())


def late(application: Application, received: datetime.date) -> bool:
    """Whether a change or renewal that was received on that day is late (M13, M14); a change as it was taken down."""
    if application.filing is None or application.kind == ApplicationKind.INITIAL:
        return False
    if application.kind == ApplicationKind.RENEWAL:
        return received > terms.timely_until(application.filing)
    judged = application.found_on or application.changed_on
    return judged is not None and reports(application) and received > report_until(judged)


def of(application: Application) -> Report | None:
    """Return how a change was reported; None where nothing of it is reported afterwards, or it is not handed in."""
    judged = application.found_on or application.changed_on
    first = application.counter_on or application.first_submitted_on
    if judged is None or first is None or not reports(application):
        return None
    due_on = report_until(judged)
    return Report(application.changed_on, application.found_on, judged, due_on, max((first - due_on).days, 0))


def found_by(application: Application) -> Upload | None:
    """Return the newest scan of what the day of a change was found by, if one was attached."""
    return uploads.latest(application, FOUND_BY) if application.found_on else None


@dataclass(frozen=True)
class LateChange:
    """A change reported late (M13). key: the same whenever it is asked for."""

    application: Application
    filing: Filing
    days_late: int
    declared: datetime.date | None
    found: datetime.date | None

    @property
    def key(self) -> str:
        """What tells it from every other."""
        return f"late_change:{self.application.pk}"


def late_changes() -> list[LateChange]:
    """Return the changes of name, legal representative or address that were reported late, in the order they came:
    leads under M35(8). Reads alone, and says the same however often it is asked."""
    rows = Application.objects.filter(kind=ApplicationKind.CHANGE, late=True, first_submitted_on__isnull=False)
    found = []
    for one in (
        rows.select_related("filing", "agency").prefetch_related("change_items").order_by("first_submitted_on", "id")
    ):
        report = of(one)
        if report is not None and one.filing is not None:
            found.append(LateChange(one, one.filing, report.days_late, report.declared, report.found))
    return found
