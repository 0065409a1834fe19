"""The correction loop (M10)."""

import datetime

import pytest

from core.calendars.models import CalendarDay, CalendarYear, DayKind, YearStatus
from core.deadlines import clocks, lapses
from core.documents import service, uploads
from core.documents.models import OfficialDocument
from core.refusals import Refused
from filings import workflow
from filings.models import Application
from tests.world import DAY, World, file, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db


def correcting(world: World, days: int = 15, on: datetime.date = DAY) -> Application:
    application = submitted(world, on=on)
    mark_all(world, application, on, bad=("venue",))
    return workflow.request_correction(application, actor=world.actor("county handler", on), on=on, days=days)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def test_notice_names_every_fault_and_starts_the_period_on_service():
    world = make_world()
    application = correcting(world)
    assert application.state == "correcting"
    assert clocks.running(application, "completeness") is None
    assert clocks.running(application, "correction").due_on == datetime.date(2026, 10, 8)  # day 15 is 3 Oct, a holiday
    notice = OfficialDocument.objects.get(series="correction")
    assert [item["label"] for item in notice.content["items"]] == ["场地设备设施等资产辅证材料"]
    assert notice.service.served_on == DAY


def test_notice_needs_every_material_looked_at():
    world = make_world()
    application = submitted(world)
    with pytest.raises(Refused) as refusal:
        workflow.request_correction(application, actor=world.actor("county handler"), on=DAY, days=15)
    assert codes(refusal) == ["unmarked"] * 6


@pytest.mark.parametrize("days", [0, 31])
def test_period_is_one_to_thirty_days(days: int):
    world = make_world()
    application = submitted(world)
    mark_all(world, application, bad=("venue",))
    with pytest.raises(Refused) as refusal:
        workflow.request_correction(application, actor=world.actor("county handler"), on=DAY, days=days)
    assert codes(refusal) == ["days_out_of_range"]


def test_resubmission_is_the_new_receipt_day():
    world = make_world()
    application = correcting(world)
    later = datetime.date(2026, 9, 28)
    agency = world.actor("agency admin", later)
    with pytest.raises(Refused) as refusal:
        workflow.resubmit(application, actor=agency, on=later)
    assert codes(refusal) == ["unanswered"]
    workflow.answer_item(application, "venue", actor=agency, on=later, file=file("平面图.pdf"))
    workflow.resubmit(application, actor=agency, on=later)
    assert (application.state, application.received_on) == ("submitted", later)
    assert application.first_submitted_on == DAY
    assert clocks.running(application, "completeness").due_on == datetime.date(2026, 10, 10)
    assert clocks.running(application, "correction") is None
    touched = application.materials.get(key="venue")
    assert (touched.touched, touched.complete, touched.upload.version) == (True, None, 2)


def test_second_notice_may_not_name_what_the_first_left_out():
    world = make_world()
    application = correcting(world)
    agency = world.actor("agency admin")
    workflow.answer_item(application, "venue", actor=agency, on=DAY, file=file("平面图.pdf"))
    workflow.resubmit(application, actor=agency, on=DAY)
    mark_all(world, application, bad=("venue", "credit"))
    with pytest.raises(Refused) as refusal:
        workflow.request_correction(application, actor=world.actor("county handler"), on=DAY, days=10)
    assert codes(refusal) == ["not_in_last_notice"]
    mark_all(world, application, bad=("venue",))
    workflow.request_correction(application, actor=world.actor("county handler"), on=DAY, days=10)
    assert application.state == "correcting"


def test_no_correction_can_be_asked_for_after_the_five_days():
    world = make_world()
    application = submitted(world)
    mark_all(world, application, bad=("venue",))
    late = datetime.date(2026, 9, 28)
    with pytest.raises(Refused):
        workflow.request_correction(application, actor=world.actor("county handler", late), on=late, days=10)
    application.refresh_from_db()
    assert application.state == "accepted"


def test_extension_once_on_request_with_reason_sixty_in_all():
    world = make_world()
    application = correcting(world, days=30)
    county = world.actor("county handler")
    with pytest.raises(Refused) as refusal:
        workflow.extend_correction(application, actor=county, on=DAY, days=60, reason="换证")
    assert codes(refusal) == ["not_asked"]
    workflow.ask_extension(application, actor=world.actor("agency admin"), on=DAY, reason="消防换证")
    with pytest.raises(Refused) as refusal:
        workflow.extend_correction(application, actor=county, on=DAY, days=61, reason="换证")
    assert codes(refusal) == ["days_out_of_range"]
    workflow.extend_correction(application, actor=county, on=DAY, days=60, reason="换证")
    assert clocks.running(application, "correction").due_on == datetime.date(2026, 11, 17)
    with pytest.raises(Refused) as refusal:
        workflow.extend_correction(application, actor=county, on=DAY, days=60, reason="再换")
    assert "extended_before" in codes(refusal)


def test_an_extension_has_to_move_the_last_day():
    """27 days from 2025-09-05 and 30 days both end on 2025-10-09, the first day of work after the holiday."""
    world = make_world()
    start = datetime.date(2025, 9, 5)
    CalendarYear.objects.create(year=2025, status=YearStatus.ANNOUNCED, source="国办发明电", digest="-")
    for day in range(1, 9):
        CalendarDay.objects.create(date=datetime.date(2025, 10, day), kind=DayKind.HOLIDAY, name="国庆节")
    application = correcting(world, days=27, on=start)
    assert clocks.running(application, "correction").due_on == datetime.date(2025, 10, 9)
    workflow.ask_extension(application, actor=world.actor("agency admin", start), on=start, reason="消防换证")
    county = world.actor("county handler", start)
    with pytest.raises(Refused) as refusal:
        workflow.extend_correction(application, actor=county, on=start, days=30, reason="换证")
    assert codes(refusal) == ["last_day_not_later"]
    assert "35 日" in refusal.value.reasons[0].text
    workflow.extend_correction(application, actor=county, on=start, days=35, reason="换证")
    assert clocks.running(application, "correction").due_on == datetime.date(2025, 10, 10)


def test_lapse_of_the_correction_is_abandonment_on_its_last_day():
    world = make_world()
    application = correcting(world)
    assert lapses.sweep(datetime.date(2026, 10, 8)).lapses == 0
    assert lapses.sweep(datetime.date(2026, 10, 9)).lapses == 1
    application.refresh_from_db()
    assert (application.state, application.decided_on) == ("abandoned", datetime.date(2026, 10, 8))
    paper = OfficialDocument.objects.get(series="abandonment")
    assert any("行政复议" in sentence for sentence in paper.content["remedies"])


def test_without_consent_the_clock_runs_on_until_service_is_recorded():
    world = make_world(consent=False)
    application = correcting(world)
    application.refresh_from_db()
    assert application.state == "submitted"
    assert clocks.running(application, "completeness") is not None
    notice = OfficialDocument.objects.get(series="correction")
    county = world.actor("county handler")
    with pytest.raises(Refused):
        service.record_service(notice, method="hand", served_on=DAY, proof=None, actor=county, on=DAY)
    proof = uploads.receive(file("回证.pdf"), matter=application, slot="proof", actor=county, on=DAY)
    later = datetime.date(2026, 9, 22)
    service.record_service(
        notice, method="hand", served_on=datetime.date(2026, 9, 21), proof=proof, actor=county, on=later
    )
    application.refresh_from_db()
    assert application.state == "correcting"
    assert clocks.running(application, "correction").starts_on == datetime.date(2026, 9, 21)


def test_a_notice_never_served_comes_to_nothing_when_the_five_days_lapse():
    world = make_world(consent=False)
    application = correcting(world)
    assert lapses.sweep(datetime.date(2026, 9, 28)).lapses == 1
    application.refresh_from_db()
    assert application.state == "accepted"
    notice = OfficialDocument.objects.get(series="correction")
    on = datetime.date(2026, 9, 28)
    county = world.actor("county handler", on)
    proof = uploads.receive(file("回证.pdf"), matter=application, slot="proof", actor=county, on=on)
    service.record_service(notice, method="hand", served_on=on, proof=proof, actor=county, on=on)
    application.refresh_from_db()
    assert application.state == "accepted"
