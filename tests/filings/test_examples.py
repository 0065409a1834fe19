"""Every worked example of DOMAIN.md for the clocks of an initial application, through the real workflow."""

import datetime

import pytest

from core.calendars import seed
from core.calendars.loading import confirm_year, load_year
from core.calendars.models import DayKind
from core.deadlines import clocks, lapses
from core.deadlines.models import ClockMove
from core.documents.models import OfficialDocument
from core.notifications.models import Message
from core.refusals import NotPossible
from filings import workflow
from filings.models import Application, Filing
from regulation.workdays import days_before
from tests.filings.factories import OCCUPATION, another_agency, asked_for, left_behind, quick_assessing, quick_submitted
from tests.world import World, decide, make_world, mark_all

pytestmark = pytest.mark.django_db

D = datetime.date
AUTUMN = D(2026, 9, 18)
HOLIDAY = str(DayKind.HOLIDAY)
LAW_2027 = [
    *((D(2027, 5, day), HOLIDAY, "劳动节") for day in (1, 2)),
    *((D(2027, 10, day), HOLIDAY, "国庆节") for day in (1, 2, 3)),
]


@pytest.fixture
def world() -> World:
    return make_world()


def load(world: World, year: int, rows=None, on: datetime.date = AUTUMN) -> None:
    rows = seed.announced()[year] if rows is None else rows
    load_year(year, rows, source="国办发明电", actor=world.actor("operator administrator", on), on=on)


def due(application: Application, kind: str) -> tuple[datetime.date, bool]:
    clock = clocks.running(application, kind)
    return clock.due_on, clock.provisional


def correcting(world: World, received: datetime.date, served: datetime.date, days: int) -> Application:
    application = quick_submitted(world, another_agency(world, 1), received)
    mark_all(world, application, served, bad=("venue",))
    return workflow.request_correction(application, actor=world.actor("county handler", served), on=served, days=days)


def test_five_working_days_over_the_2025_holiday(world):
    """Received on Sunday 28 September 2025 → Saturday 11 October, a make-up working day."""
    load(world, 2025)
    application = quick_submitted(world, another_agency(world, 1), D(2025, 9, 28))
    assert due(application, "completeness") == (D(2025, 10, 11), False)
    assert lapses.sweep(D(2025, 10, 11)).lapses == 0
    assert lapses.sweep(D(2025, 10, 12)).lapses == 1
    application.refresh_from_db()
    assert (application.accepted_on, application.deemed_accepted) == (D(2025, 10, 11), True)


def test_an_agencys_thirty_days_over_the_2025_holiday(world):
    """Served on 5 September 2025 → day 30 is 5 October, inside the holiday → 9 October."""
    load(world, 2025)
    application = correcting(world, D(2025, 9, 1), D(2025, 9, 5), 30)
    assert due(application, "correction") == (D(2025, 10, 9), False)
    agency, last = world.actor("agency 1 admin", D(2025, 10, 9)), D(2025, 10, 9)
    workflow.answer_item(application, "venue", actor=agency, on=last, answer="已补正")
    with pytest.raises(NotPossible, match="视为放弃"):
        late = D(2025, 10, 10)
        workflow.resubmit(application, actor=world.actor("agency 1 admin", late), on=late)
    application.refresh_from_db()
    assert (application.state, application.decided_on) == ("abandoned", last)


def test_corrected_on_the_last_day_itself(world):
    load(world, 2025)
    application = correcting(world, D(2025, 9, 1), D(2025, 9, 5), 30)
    last = D(2025, 10, 9)
    agency = world.actor("agency 1 admin", last)
    workflow.answer_item(application, "venue", actor=agency, on=last, answer="已补正")
    workflow.resubmit(application, actor=agency, on=last)
    assert (application.state, application.received_on) == ("submitted", last)
    assert due(application, "completeness") == (D(2025, 10, 15), False)  # 10, 11 (make-up), 13, 14, 15


@pytest.mark.parametrize("swept", [D(2026, 9, 25), D(2026, 10, 9), D(2026, 11, 30)], ids=str)
def test_received_on_18_september_2026(world, swept):
    """→ deemed accepted 24 September → recommendation by 9 October, decision by 22 October, whenever it is swept."""
    application = quick_submitted(world, another_agency(world, 1), D(2026, 9, 18))
    lapses.sweep(swept)
    lapses.sweep(swept)
    application.refresh_from_db()
    assert (application.state, application.accepted_on) == ("accepted", D(2026, 9, 24))
    found = dict(clocks.of(application).values_list("kind", "due_on"))
    assert found == {
        "completeness": D(2026, 9, 24),
        "county_recommendation": D(2026, 10, 9),
        "decision": D(2026, 10, 22),
    }
    paper = OfficialDocument.objects.get(series="deemed_acceptance")
    assert (paper.on, paper.content["deemed_on"]) == (D(2026, 9, 24), "2026-09-24")
    assert paper.service.served_on == swept  # it arrives when the lapse is carried out, not before


def test_three_years_from_29_february(world):
    """Approved on 29 February 2024 → valid until 28 February 2027; timely renewal until 29 January 2027."""
    day = D(2024, 2, 29)
    load(world, 2024)
    application = quick_assessing(world, another_agency(world, 1), day)
    decide(world, application, "approve", "centre", day, granted=[OCCUPATION], left_out=[], relaxed={})
    filing = Filing.objects.get(application=application)
    assert (filing.valid_from, filing.valid_until) == (day, D(2027, 2, 28))
    assert OfficialDocument.objects.get(series="receipt").content["valid_until"] == "2027-02-28"
    assert days_before(filing.valid_until, 30) == D(2027, 1, 29)


class TestIntoAYearNotAnnounced:
    """Received on 29 December 2026: two days of that year, then 2027, of which only the law's days off are known."""

    @pytest.fixture
    def application(self, world) -> Application:
        application = quick_submitted(world, another_agency(world, 1), D(2026, 12, 29))
        assert due(application, "completeness") == (D(2027, 1, 6), True)
        assert lapses.sweep(D(2027, 1, 20)).lapses == 0
        return application

    def test_it_stays_open_to_action(self, world, application):
        on = D(2027, 1, 20)
        mark_all(world, application, on)
        workflow.accept(application, actor=world.actor("county handler", on), on=on)
        assert (application.accepted_on, application.deemed_accepted) == (on, False)

    def test_loaded_it_lapses_on_the_announced_last_day(self, world, application):
        new_year = [(D(2027, 1, day), HOLIDAY, "元旦") for day in (1, 2, 3, 4)]
        load(world, 2027, [*new_year, *LAW_2027], on=D(2027, 1, 21))
        assert due(application, "completeness") == (D(2027, 1, 7), False)
        assert ClockMove.objects.get().old_due_on == D(2027, 1, 6)
        told = Message.objects.filter(kind="clock_moved").values_list("organisation__name", flat=True)
        assert sorted(told) == sorted([application.receiving.name, application.agency.name])
        assert lapses.sweep(D(2027, 1, 21)).lapses == 2  # the county's five days from then are over, too
        application.refresh_from_db()
        assert (application.accepted_on, application.deemed_accepted) == (D(2027, 1, 7), True)
        assert due(application, "decision") == (D(2027, 1, 28), False)
        assert left_behind(application)[0] == asked_for("submit", "deem_accepted")[0]

    def test_confirmed_it_lapses_on_the_day_reckoned(self, world, application):
        on = D(2027, 1, 21)
        operator = world.actor("operator administrator", on)
        confirm_year(2027, actor=operator, on=on, reason="通知没有按时公布")
        assert ClockMove.objects.count() == 0
        assert lapses.sweep(on).lapses == 2
        application.refresh_from_db()
        assert application.accepted_on == D(2027, 1, 6)


@pytest.mark.parametrize(
    ("new_year", "makeup", "last"),
    [((1, 2, 3, 4), (), D(2027, 1, 5)), ((1,), (2,), D(2027, 1, 4))],
    ids=["longer", "never shortened"],
)
def test_an_agencys_last_day_in_a_year_loaded_later(world, new_year, makeup, last):
    """30 days from 3 December 2026 end on Saturday 2 January 2027 → 4 January until the year is known."""
    application = correcting(world, D(2026, 12, 1), D(2026, 12, 3), 30)
    assert due(application, "correction") == (D(2027, 1, 4), True)
    rows = [(D(2027, 1, day), HOLIDAY, "元旦") for day in new_year]
    rows += [(D(2027, 1, day), str(DayKind.MAKEUP), "元旦") for day in makeup]
    load(world, 2027, [*rows, *LAW_2027], on=D(2026, 12, 20))
    assert due(application, "correction") == (last, False)
    lapses.sweep(D(2027, 1, 20))
    application.refresh_from_db()
    assert (application.state, application.decided_on) == ("abandoned", last)
