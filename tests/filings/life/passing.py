"""Days that pass, sweeps that come by or do not, and the figures that the authorities set."""

import datetime

from core.deadlines import lapses
from core.reference import settings
from core.workflow import proposals
from filings.models import Filing
from filings.workflow.places import propose_quota
from tests.filings.life.driver import Driver
from tests.filings.life.model import OPENING, TIMELY
from tests.filings.life.operations import cases, operation
from tests.filings.model import ONE_DAY


@operation()
def days(driver: Driver, who: str, number: int) -> None:
    driver.pass_days(1 + number)


@operation()
def boundary(driver: Driver, who: str, number: int) -> None:
    """Go on to a day on which something of the agency's begins or ends, to the eve or the morrow of it."""
    offset, place = number % 3 - 1, number // 3
    ahead = sorted(_milestones(driver, who))
    if ahead:
        _go_to(driver, ahead[place % len(ahead)] + offset * ONE_DAY)


def _go_to(driver: Driver, day: datetime.date) -> None:
    driver.pass_days(max(0, (day - driver.day).days))


def _current(driver: Driver, who: str):
    return next((one for one in reversed(driver.model.filings) if one.agency == who), None)


@operation(lambda driver, who: driver.model.filing_of(who, driver.day) is not None)
def opens(driver: Driver, who: str, number: int) -> None:
    """Go on to the day on which the agency's renewal opens, or so many days after it."""
    if filing := _current(driver, who):
        _go_to(driver, filing.until + (number - OPENING) * ONE_DAY)


@operation(lambda driver, who: driver.model.filing_of(who, driver.day) is not None)
def timely(driver: Driver, who: str, number: int) -> None:
    """Go on to the last day for a timely renewal, or so many days after it."""
    if filing := _current(driver, who):
        _go_to(driver, filing.until + (number - TIMELY) * ONE_DAY)


@operation(lambda driver, who: driver.model.filing_of(who, driver.day) is not None)
def end(driver: Driver, who: str, number: int) -> None:
    """Go on to the last day of the agency's term, or so many days after it."""
    if filing := _current(driver, who):
        until = filing.terms(driver.day)[0][1] if filing.valid_from <= driver.day else filing.until
        _go_to(driver, until + number * ONE_DAY)


def _milestones(driver: Driver, who: str) -> set[datetime.date]:
    found = set()
    for filing in driver.model.filings:
        if filing.agency == who and filing.last is None:
            opens = filing.until - OPENING * ONE_DAY
            found |= {opens, filing.until - TIMELY * ONE_DAY, filing.until, filing.term_from}
    found |= {due for case in cases(driver, who) for _, due in case.clocks.values()}
    return {day for day in found if day >= driver.day}


@operation()
def sweep(driver: Driver, who: str, number: int) -> None:
    """Sweep once or several times: nothing that the dates did not say already."""
    for _ in range(1 + number % 3):
        assert lapses.sweep(driver.day).failed == 0
    assert lapses.due(driver.day).count() == 0
    for case in driver.model.cases:
        row = driver.row(case)
        assert (row.state, row.kind) == (case.state, case.kind), case
    for one in driver.model.filings:
        row = Filing.objects.get(pk=one.pk)
        ended = one.last + (one.end != "expired") * ONE_DAY if one.last else None
        assert (row.state, row.ended_on) == (one.end or "active", ended), one
        assert row.held_open is (one.last is None and driver.model.held(one))


@operation()
def year_number(driver: Driver, who: str, number: int) -> None:
    """The bureau sets the year's number of agencies: a lowered one ends nothing (M37)."""
    on = driver.day
    proposal = propose_quota(
        actor=driver.actor("bureau handler"), on=on, year=on.year, places=1 + number, source="年度名额文件"
    )
    proposals.decide(proposal, actor=driver.actor("bureau chief"), on=on)
    driver.model.city[on.year] = 1 + number


@operation()
def caps(driver: Driver, who: str, number: int) -> None:
    """The authority chooses another cap for one occupation, urban or of a county."""
    which, figure = ("urban", "county")[number % 2], 1 + number // 2 % 3
    actor = driver.actor("operator administrator")
    settings.set_value(f"cap_{which}", figure, effective_from=driver.day, note="样例", actor=actor, on=driver.day)
    rows = [row for row in driver.model.caps[which] if row[0] != driver.day]
    driver.model.caps[which] = [*rows, (driver.day, figure)]
