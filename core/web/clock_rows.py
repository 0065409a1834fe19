"""From a clock's row to what the strip shows."""

from core.deadlines.clocks import period_of
from core.deadlines.models import Clock
from core.web.clock_view import ShownClock
from regulation.periods import PERIODS
from regulation.workdays import Calendar

# What the first day of a period is called in its cell.
START_WORDS = {
    "completeness": "收到",
    "correction": "送达",
    "decision": "受理",
    "county_recommendation": "受理",
}


def shown(row: Clock, calendar: Calendar | None = None) -> ShownClock:
    """The clock with its period reckoned, its label, article and lapse from the table of periods.

    Lists hand in the calendar, so that it is asked for once and not for every row.
    """
    spec = PERIODS[row.kind]
    return ShownClock(
        period=period_of(row, calendar),
        label=spec.label,
        due_on=row.due_on,
        state=row.state,
        citation=spec.citation,
        source=spec.source,
        lapse_text=spec.lapses,
        provisional=row.provisional,
        start_word=START_WORDS.get(row.kind, "起算"),
        ended_on=row.ended_on,
    )
