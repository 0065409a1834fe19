"""The terms of a filing (M14): the one that runs, and the one a renewal granted ahead will begin."""

import datetime
from dataclasses import dataclass

from filings.models import Filing
from regulation.periods import PERIODS
from regulation.workdays import add_years, days_before

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """A stretch of validity, first and last day. since: from when its entries are read (occupations and sites): the day
    asked for, or its first day where that is still to come."""

    valid_from: datetime.date
    valid_until: datetime.date
    since: datetime.date


def terms(filing: Filing, on: datetime.date) -> list[Term]:
    """Return the term that runs on that day, and after it the one to come where a renewal has been granted ahead; of a
    filing that has ended the term in which it did."""
    if filing.ended_on is not None:
        on = min(on, filing.ended_on)
    if filing.term_from <= on:
        return [Term(filing.term_from, filing.valid_until, on)]
    earlier = filing.receipts.filter(valid_from__lte=on).order_by("-id").first()
    began = earlier.valid_from if earlier else filing.valid_from
    running = Term(began, filing.term_from - ONE_DAY, on)
    if filing.ended_on is not None:
        return [running]
    return [running, Term(filing.term_from, filing.valid_until, filing.term_from)]


def end_of(start: datetime.date) -> datetime.date:
    """Return the last day of a validity that is counted from `start` (M14, 民法典 202: the corresponding day)."""
    years = PERIODS["validity"].amount
    assert years is not None
    return add_years(start, years).end


def timely_until(filing: Filing) -> datetime.date:
    """Return the last day on which a renewal is asked for in time (M14): counted backward, never moved."""
    days = PERIODS["timely_renewal"].amount
    assert days is not None
    return days_before(filing.valid_until, days)


def opens_on(filing: Filing, days: int) -> datetime.date:
    """Return the first day on which a renewal can be asked for, `days` before the end (a setting)."""
    return days_before(filing.valid_until, days)
