"""DOMAIN.md's worked examples for the life of a filing: each day reckoned by hand, reached by the real workflow.

The chain of clocks of an initial application, and years not yet announced, are in test_examples.py.
"""

import datetime

import pytest

from core.calendars.loading import override_day
from core.calendars.models import DayKind
from core.deadlines import clocks, lapses
from core.documents.models import OfficialDocument
from core.refusals import Refused
from filings import terms, workflow
from filings.models import Filing, Receipt
from regulation.workdays import add_months
from tests.filings.factories import OCCUPATION, another_agency, quick_assessing
from tests.world import World, announce_years, assessed, decide, following, make_world

pytestmark = pytest.mark.django_db

D = datetime.date
ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture
def world() -> World:
    """The autumn of 2026 is announced; the years before it as they were."""
    world = make_world()
    announce_years(world, 2023, 2025)
    return world


def filed_on(world: World, day: datetime.date) -> Filing:
    """Return the filing of an agency approved on that day."""
    who = another_agency(world, 1)
    application = quick_assessing(world, who, day)
    decide(world, application, "approve", "centre", day, granted=[OCCUPATION], left_out=[], relaxed={})
    return Filing.objects.get(application=application)


def renewed(world: World, asked: datetime.date, decided: datetime.date) -> Filing:
    """Return the filing after a renewal asked for and decided on these days."""
    application = assessed(world, following(world, "renewal", asked, who="agency 1 admin"), asked)
    decide(world, application, "approve", "centre", decided, granted=[OCCUPATION])
    return Filing.objects.get()


class TestValidity:
    """M14: three years; the end is the corresponding day, or the month's last day where there is none."""

    @pytest.mark.parametrize(
        ("decided", "end", "timely", "opens"),
        [
            # 29 February 2027 does not exist. 30 days back from 28 February: 28 lead to 31 January, 2 more to the 29th.
            (D(2024, 2, 29), D(2027, 2, 28), D(2027, 1, 29), D(2026, 9, 1)),
            (D(2026, 9, 18), D(2029, 9, 18), D(2029, 8, 19), D(2029, 3, 22)),
            # National day, a Saturday at that: the end of a validity does not move.
            (D(2023, 10, 3), D(2026, 10, 3), D(2026, 9, 3), D(2026, 4, 6)),
            (D(2023, 11, 30), D(2026, 11, 30), D(2026, 10, 31), D(2026, 6, 3)),
        ],
        ids=str,
    )
    def test_its_end_and_the_days_counted_backward_from_it(self, world, decided, end, timely, opens):
        filing = filed_on(world, decided)
        clock = clocks.running(filing, "validity")
        assert (filing.valid_from, filing.valid_until) == (decided, end)
        # Nor is it ever provisional, though 2027 and 2029 are not announced.
        assert (clock.starts_on, clock.due_on, clock.provisional) == (decided, end, False)
        assert (terms.timely_until(filing), terms.opens_on(filing, 180)) == (timely, opens)
        paper = OfficialDocument.objects.get(series="receipt").content
        assert (paper["valid_from"], paper["valid_until"]) == (decided.isoformat(), end.isoformat())

    def test_an_end_inside_a_holiday_is_the_end(self, world):
        """3 October 2026 lies in the holiday of 1 to 7 October; the filing is over at its 24:00, not on the 8th."""
        filing, end = filed_on(world, D(2023, 10, 3)), D(2026, 10, 3)
        assert lapses.sweep(end).failed == 0
        filing.refresh_from_db()
        assert (filing.state, filing.in_force(end), filing.in_force(end + ONE_DAY)) == ("active", True, False)
        lapses.sweep(D(2026, 10, 8))
        filing.refresh_from_db()
        assert (filing.state, filing.ended_on) == ("expired", end)

    def test_no_calendar_moves_it(self, world):
        filing = filed_on(world, D(2023, 10, 3))
        on = D(2026, 9, 1)
        operator = world.actor("operator administrator", on)
        for day in (D(2026, 10, 3), D(2026, 10, 8), D(2026, 9, 3)):
            override_day(day, DayKind.HOLIDAY, "临时放假", "通知", actor=operator, on=on)
        assert clocks.running(filing, "validity").due_on == D(2026, 10, 3)
        assert terms.timely_until(filing) == D(2026, 9, 3)


class TestRenewal:
    """M14: asked for 30 days before the end, the last timely day included; its three years follow on from the end."""

    @pytest.mark.parametrize(
        ("asked", "late"), [(D(2026, 9, 1), False), (D(2027, 1, 29), False), (D(2027, 1, 30), True)], ids=str
    )
    def test_in_time_until_29_january_2027(self, world, asked, late):
        filing = filed_on(world, D(2024, 2, 29))
        renewal = following(world, "renewal", asked, who="agency 1 admin")
        filing.refresh_from_db()
        assert (renewal.late, filing.held_open) == (late, not late)

    def test_the_last_timely_day_does_not_move_off_a_sunday(self, world):
        """19 August 2029 is a Sunday: counted backward, it does not move, so Monday is late."""
        filing = filed_on(world, D(2026, 9, 18))
        assert terms.timely_until(filing).weekday() == 6
        assert following(world, "renewal", D(2029, 8, 20), who="agency 1 admin").late is True

    def test_it_opens_180_days_before_the_end(self, world):
        filed_on(world, D(2024, 2, 29))
        eve = D(2026, 8, 31)
        with pytest.raises(Refused, match="2026年9月1日"):
            workflow.create_application(actor=world.actor("agency 1 admin", eve), on=eve, kind="renewal")

    def test_granted_ahead_it_follows_on_from_28_february(self, world):
        """Three years from the old end, 28 February 2027, are 28 February 2030; they begin the day after that end."""
        filed_on(world, D(2024, 2, 29))
        filing = renewed(world, D(2027, 1, 20), D(2027, 1, 25))
        assert (filing.term_from, filing.valid_until) == (D(2027, 3, 1), D(2030, 2, 28))
        old, new = Receipt.objects.order_by("id")
        assert (old.valid_until, old.superseded_on) == (D(2027, 2, 28), D(2027, 3, 1))
        assert (new.valid_from, new.valid_until) == (D(2027, 3, 1), D(2030, 2, 28))
        assert clocks.running(filing, "validity").due_on == D(2030, 2, 28)
        assert (terms.timely_until(filing), filing.in_force(D(2027, 3, 1))) == (D(2030, 1, 29), True)

    def test_granted_after_the_end_it_still_counts_from_it(self, world):
        filed_on(world, D(2024, 2, 29))
        # Until 2027 is announced the renewal's own clocks are provisional; nothing of it waits for that.
        filing = renewed(world, D(2027, 1, 29), D(2027, 3, 10))
        assert (filing.term_from, filing.valid_until) == (D(2027, 3, 10), D(2030, 2, 28))
        assert all(filing.in_force(day) for day in (D(2027, 3, 1), D(2027, 3, 9), D(2027, 3, 10), D(2030, 2, 28)))


class TestChangeReport:
    """M13: 30 days from the day of the change, an agency's: where the last is no working day, the next one is."""

    @pytest.mark.parametrize(
        ("changed", "reported", "late"),
        [
            # Day 30 is Sunday 5 October 2025, inside the holiday of 1 to 8 October: until Thursday the 9th.
            (D(2025, 9, 5), D(2025, 10, 5), False),
            (D(2025, 9, 5), D(2025, 10, 6), False),
            (D(2025, 9, 5), D(2025, 10, 9), False),
            (D(2025, 9, 5), D(2025, 10, 10), True),
            # Day 30 is Tuesday 30 September, a working day: day 31, though a holiday, is late.
            (D(2025, 8, 31), D(2025, 9, 30), False),
            (D(2025, 8, 31), D(2025, 10, 1), True),
            # Day 30 is Saturday 11 October, worked to make up for the holiday: it is the last.
            (D(2025, 9, 11), D(2025, 10, 11), False),
            (D(2025, 9, 11), D(2025, 10, 13), True),
        ],
        ids=str,
    )
    def test_in_time_or_late(self, world, changed, reported, late):
        filing = filed_on(world, D(2024, 9, 18))
        change = following(
            world, "change", reported, who="agency 1 admin", legal_representative="法定代表人乙", changed_on=changed
        )
        assert change.late is late
        decide(
            world, assessed(world, change, reported), "approve", "centre", reported, granted=["legal_representative"]
        )
        filing.refresh_from_db()
        # Late or not it is received and decided, and the end of validity stays (M13).
        assert (filing.legal_representative, filing.valid_until) == ("法定代表人乙", D(2027, 9, 18))


class TestMonths:
    """Months end on the corresponding day, or on the month's last day."""

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            (D(2026, 8, 31), D(2027, 2, 28)),
            (D(2027, 8, 31), D(2028, 2, 29)),  # 2028 is a leap year
            (D(2026, 8, 28), D(2027, 2, 28)),
            (D(2026, 10, 31), D(2027, 4, 30)),
        ],
        ids=str,
    )
    def test_six_months(self, start, end):
        period = add_months(start, 6)
        assert (period.end, period.provisional) == (end, False)
