"""M13's 30 days from the declared or the found day of a change; what comes late is kept for oversight (M35(8))."""

import datetime

import pytest

from core.audit.models import Event
from core.documents import uploads
from core.notifications.models import Message
from core.refusals import NotAllowed, NotPossible, Refused
from core.workflow import proposals
from filings import lateness, workflow
from filings.models import Application
from tests.world import DAY, World, approved, assessed, decide, file, following, make_world

pytestmark = pytest.mark.django_db

NAME = "文峰区新甲职业培训学校"
ON_TIME = DAY - datetime.timedelta(days=10)
LONG_AGO = datetime.date(2026, 8, 10)  # 30 days on: 2026-09-09
EVIDENCE = "民政局准予变更登记决定书"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def change(world: World) -> Application:
    """A change of name declared in time, in assessment."""
    approved(world)
    return assessed(world, following(world, "change", DAY, name=NAME, changed_on=ON_TIME), DAY)


def find(world: World, change: Application, day: datetime.date, note: str = EVIDENCE, who: str = "centre handler"):
    return workflow.record_found_day(change, actor=world.actor(who), on=DAY, found_on=day, note=note)


def test_the_found_day_judges_by_the_first_submission_and_the_declared_one_is_kept(world, change):
    assert not change.late
    find(world, change, LONG_AGO)
    assert (change.late, change.changed_on, change.found_on) == (True, ON_TIME, LONG_AGO)
    report = lateness.of(change)
    assert (report.judged, report.due_on, report.days_late) == (LONG_AGO, datetime.date(2026, 9, 9), 9)
    event = Event.objects.get(verb="filings.application.record_found_day")
    assert (event.payload["declared"], event.payload["found_on"], event.payload["late"]) == (
        ON_TIME.isoformat(), LONG_AGO.isoformat(), True,
    )  # fmt: skip
    assert EVIDENCE in Message.objects.get(kind="found_day").body


def test_a_found_day_may_show_that_a_report_was_in_time(world):
    approved(world)
    late = assessed(world, following(world, "change", DAY, name=NAME, changed_on=LONG_AGO), DAY)
    assert late.late
    find(world, late, ON_TIME)
    assert not late.late
    assert lateness.late_changes() == []


@pytest.mark.parametrize(
    ("day", "late"),
    [(datetime.date(2026, 8, 18), True), (datetime.date(2026, 8, 19), False)],
)
def test_thirty_days_from_the_found_day(world, change, day, late):
    """From 19 August the 30th day is DAY itself."""
    find(world, change, day)
    assert change.late is late


def test_what_stands_against_it_at_once(world, change):
    tomorrow = DAY + datetime.timedelta(days=1)
    with pytest.raises(Refused) as refusal:
        find(world, change, tomorrow, note=" ")
    assert [reason.code for reason in refusal.value.reasons] == ["future", "note_missing"]
    for who in ("agency admin", "county handler", "centre chief", "bureau handler"):
        with pytest.raises(NotAllowed):
            find(world, change, LONG_AGO, who=who)


def test_a_change_that_reports_nothing_has_no_such_day(world):
    approved(world)
    change = assessed(world, following(world, "change", DAY, person_in_charge="负责人乙"), DAY)
    with pytest.raises(Refused, match="只有名称、法定代表人或地址"):
        find(world, change, LONG_AGO)
    assert lateness.of(change) is None


def test_before_acceptance_and_after_the_decision_nothing_is_found(world, change):
    decide(world, change, "approve", "centre", DAY, granted=["name"])
    with pytest.raises(NotPossible):
        find(world, change, LONG_AGO)
    second = following(world, "change", DAY, name="文峰区又一校", changed_on=ON_TIME)
    with pytest.raises(NotPossible):
        find(world, second, LONG_AGO)


def test_an_open_proposal_is_overtaken(world, change):
    centre, chief = world.actor("centre handler"), world.actor("centre chief")
    said = {"granted": ["name"], "left_out": [], "relaxed": {}}
    proposal = proposals.propose(change, "approve", actor=centre, on=DAY, payload=said)
    find(world, change, LONG_AGO)
    with pytest.raises(Refused, match="内容有变"):
        proposals.decide(proposal, actor=chief, on=DAY)


def test_late_changes_are_kept_for_oversight_and_say_the_same_each_time(world, change):
    assert lateness.late_changes() == []
    find(world, change, LONG_AGO)
    decide(world, change, "approve", "centre", DAY, granted=["name"])
    (lead,) = lateness.late_changes()
    assert (lead.application, lead.filing, lead.days_late) == (change, change.filing, 9)
    assert (lead.declared, lead.found, lead.key) == (ON_TIME, LONG_AGO, f"late_change:{change.pk}")
    assert lateness.late_changes() == [lead]


def test_both_sides_read_both_days(world, change, client):
    import time_machine

    from core.clock.clock import SHANGHAI

    with time_machine.travel(datetime.datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=SHANGHAI), tick=False):
        address = f"/applications/{change.pk}/found-day/"
        handler = world.browser("centre handler")
        assert address in handler.get(f"/applications/{change.pk}/").content.decode()
        assert handler.post(address, {"found_on": LONG_AGO.isoformat(), "note": ""}).status_code == 422
        sent = {"found_on": LONG_AGO.isoformat(), "note": EVIDENCE}
        assert handler.post(address, {**sent, "file": file("依据.exe", b"MZ")}).status_code == 422
        assert handler.post(address, {**sent, "file": file("变更登记决定书.pdf")}).status_code == 302
        scan = f"/files/{uploads.latest(change, lateness.FOUND_BY).pk}/"
        readers = ("centre handler", "bureau chief", "agency admin", "rival admin", "other county handler")
        assert [world.browser(who).get(scan).status_code for who in readers] == [200, 200, 200, 404, 404]
        assert handler.post(address, sent).status_code == 302  # the scan stands
        for who in ("centre handler", "agency admin"):
            page = world.browser(who).get(f"/applications/{change.pk}/").content.decode()
            for words in ("2026年9月8日", "2026年8月10日", EVIDENCE, "逾期 9 日", scan):
                assert words in page, (who, words)
        assert address not in world.browser("agency admin").get(f"/applications/{change.pk}/").content.decode()
        assert world.browser("agency admin").post(address, {}).status_code == 403
