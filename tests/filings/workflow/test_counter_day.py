"""The counter: which day counts, of an application and of every paper that comes after it."""

import datetime

import pytest
from django.db import IntegrityError
from django.db import transaction as database

from core.audit.models import Event
from core.deadlines import clocks, lapses
from core.documents.models import OfficialDocument
from core.notifications.models import Message
from core.refusals import Invalid, NotPossible, Refused
from filings import workflow
from filings.models import Application, Filing
from filings.timeline import entries
from tests.filings.counters import HANDLER, codes, entered, handed_over, scanned
from tests.world import DAY, World, file, filed, filled_draft, make_world, mark_all

pytestmark = pytest.mark.django_db

D = datetime.date


def test_the_day_of_the_counter_is_the_receipt_day_and_the_clock_runs_from_it():
    world = make_world()
    application = handed_over(world, D(2026, 9, 22), day=DAY)
    assert (application.received_on, application.first_submitted_on) == (DAY, DAY)
    clock = clocks.running(application, "completeness")
    assert (clock.starts_on, clock.due_on) == (DAY, D(2026, 9, 24))
    paper = OfficialDocument.objects.get(series="acknowledgement")
    assert (paper.on, paper.content["received_on"], paper.content["over_counter"]) == (
        D(2026, 9, 22), "2026-09-18", True,
    )  # fmt: skip


def test_entered_on_the_last_day_it_still_waits_for_the_check():
    world = make_world()
    application = handed_over(world, D(2026, 9, 24), day=DAY)
    assert (application.state, application.deemed_accepted) == ("submitted", False)
    assert not Message.objects.filter(kind="late_entry").exists()


def test_entered_a_day_after_the_period_it_is_deemed_accepted_on_the_legal_day_and_the_chiefs_are_told():
    """25 September is a holiday: the period ended on the 24th all the same."""
    world = make_world()
    late = D(2026, 9, 25)
    application = entered(world, late, day=DAY)
    with pytest.raises(Refused) as refusal:
        workflow.submit(application, actor=world.actor(HANDLER, late), on=late)
    assert codes(refusal) == ["late_entry"]
    assert "2026年9月24日" in refusal.value.reasons[0].text
    workflow.submit(application, actor=world.actor(HANDLER, late), on=late, late_reason="窗口人员请假")
    assert (application.state, application.deemed_accepted) == ("accepted", True)
    assert (application.received_on, application.accepted_on) == (DAY, D(2026, 9, 24))
    told = Message.objects.filter(kind="late_entry")
    assert {(one.organisation.name, tuple(one.roles)) for one in told} == {
        ("文峰区人社局", ("chief",)),
        ("安阳市职业技能鉴定指导中心", ("chief",)),
    }
    assert all("窗口人员请假" in one.body for one in told)


@pytest.mark.parametrize(("on", "deemed"), [(D(2026, 10, 9), False), (D(2026, 10, 10), True)])
def test_the_national_holiday_counts_for_no_period(on, deemed):
    """Received on 24 September: 28, 29, 30 September, 8 and 9 October; the 10th is a make-up working day."""
    world = make_world()
    application = handed_over(world, on, day=D(2026, 9, 24), late_reason="补录")
    assert application.deemed_accepted is deemed


def test_long_ago_every_lapse_bears_its_own_day():
    world = make_world()
    on = D(2026, 11, 2)
    application = handed_over(world, on, day=DAY, late_reason="收件后漏录")
    assert application.accepted_on == D(2026, 9, 24)
    lapsed = dict(clocks.of(application).exclude(state="running").values_list("kind", "ended_on"))
    assert lapsed == {"completeness": D(2026, 9, 24), "county_recommendation": D(2026, 10, 9)}
    assert clocks.running(application, "decision").due_on == D(2026, 10, 22)


def test_no_day_ahead_and_none_for_what_is_filled_in_online():
    world = make_world()
    tomorrow = DAY + datetime.timedelta(days=1)
    agency, handler = world.organisation("agency admin"), world.actor(HANDLER)
    with pytest.raises(Invalid) as refusal:
        workflow.create_application(actor=handler, on=DAY, agency=agency, counter_on=tomorrow)
    assert codes(refusal) == ["in_future"]
    with pytest.raises(Invalid):
        workflow.create_application(actor=world.actor("agency admin"), on=DAY, counter_on=DAY)
    application = filled_draft(world)
    with pytest.raises(Refused) as refusal:
        workflow.submit(application, actor=world.actor("agency admin"), on=DAY, counter_on=DAY)
    assert codes(refusal) == ["not_at_counter"]


def test_the_day_may_be_corrected_when_it_is_handed_in_but_not_before_the_pledge():
    world = make_world()
    on = D(2026, 9, 21)
    application = entered(world, on, day=DAY)
    handler = world.actor(HANDLER, on)
    with pytest.raises(Refused) as refusal:
        workflow.submit(application, actor=handler, on=on, counter_on=D(2026, 9, 17))
    assert codes(refusal) == ["pledge_after_counter"]
    with pytest.raises(Refused) as refusal:
        workflow.submit(application, actor=handler, on=on, counter_on=D(2026, 9, 22))
    assert codes(refusal) == ["in_future"]
    workflow.submit(application, actor=handler, on=on, counter_on=D(2026, 9, 20))
    assert application.received_on == application.counter_on == D(2026, 9, 20)


def test_both_day_and_person_or_neither():
    world = make_world()
    application = entered(world)
    for field in ("entered_by", "counter_on", "receiving"):
        with pytest.raises(IntegrityError), database.atomic():
            Application.objects.filter(pk=application.pk).update(**{field: None})


LAST_TIMELY = D(2029, 8, 19)


def renewal_entered(world: World, on: datetime.date, day: datetime.date) -> Application:
    """A renewal's draft that the centre's handler has entered whole."""
    handler = world.actor("centre handler", on)
    agency = world.organisation("agency admin")
    draft = workflow.create_application(actor=handler, on=on, kind="renewal", agency=agency, counter_on=day)
    workflow.save_draft(draft, actor=handler, on=on, fields={"pledge_signed_on": day})
    workflow.upload_material(draft, "pledge", file(), actor=handler, on=on)
    return scanned(world, draft, "submit", on, "centre handler")


def renewal(world: World, on: datetime.date, day: datetime.date) -> Application:
    draft = renewal_entered(world, on, day)
    return workflow.submit(draft, actor=world.actor("centre handler", on), on=on, late_reason="补录")


@pytest.mark.parametrize(("day", "late"), [(LAST_TIMELY, False), (LAST_TIMELY + datetime.timedelta(days=1), True)])
def test_a_renewal_is_in_time_by_the_day_it_came_and_the_chief_is_told_that_this_decided(day, late):
    world = make_world()
    filed(world)
    application = renewal(world, D(2029, 8, 22), day)
    assert application.late is late
    assert Filing.objects.get().held_open is not late
    assert Message.objects.filter(kind="late_entry").exists() is not late


END, AFTER = D(2029, 9, 18), D(2029, 9, 21)


def test_a_renewal_handed_over_in_time_takes_the_filing_up_again_that_has_run_out_meanwhile():
    world = make_world()
    filed(world)
    lapses.sweep(AFTER)
    assert Filing.objects.get().state == "expired"
    application = renewal(world, AFTER, LAST_TIMELY)
    filing = Filing.objects.get()
    assert (application.late, application.kind, application.state) == (False, "renewal", "submitted")
    assert (filing.state, filing.held_open, filing.ended_on) == ("active", True, None)
    assert all(filing.in_force(day) for day in (END + datetime.timedelta(days=1), AFTER))
    assert {tuple(one.roles) for one in Message.objects.filter(kind="late_entry")} == {("chief",)}


def test_one_handed_over_late_goes_on_as_an_initial_application():
    world = make_world()
    filed(world)
    lapses.sweep(AFTER)
    application = renewal(world, AFTER, END)
    assert (application.late, application.kind, application.became_initial_on) == (True, "initial", AFTER)
    assert (Filing.objects.get().state, application.receiving) == ("expired", world.organisation("centre handler"))


def test_one_handed_over_after_the_end_is_none():
    world = make_world()
    filed(world)
    with pytest.raises(Refused) as refusal:
        renewal(world, AFTER, END + datetime.timedelta(days=1))
    assert codes(refusal) == ["not_filed"]


def test_the_end_does_not_close_what_is_being_entered():
    world = make_world()
    filed(world)
    draft = renewal_entered(world, LAST_TIMELY, LAST_TIMELY)
    lapses.sweep(AFTER)
    workflow.submit(draft, actor=world.actor("centre handler", AFTER), on=AFTER, late_reason="补录")
    assert (draft.late, Filing.objects.get().held_open) == (False, True)


def test_what_a_decision_has_ended_or_the_agency_has_begun_anew_is_not_taken_up():
    world = make_world()
    filed(world)
    draft = renewal_entered(world, LAST_TIMELY, LAST_TIMELY)
    lapses.sweep(AFTER)
    agency, handler = world.actor("agency admin", AFTER), world.actor("centre handler", AFTER)
    anew = workflow.create_application(actor=agency, on=AFTER)
    with pytest.raises(Refused) as refusal:
        workflow.submit(draft, actor=handler, on=AFTER, late_reason="补录")
    assert codes(refusal) == ["applied_anew"]
    workflow.withdraw(anew, actor=agency, on=AFTER)
    Filing.objects.update(state="deregistered")
    with pytest.raises(Refused) as refusal:
        workflow.submit(draft, actor=handler, on=AFTER, late_reason="补录")
    assert codes(refusal) == ["filing_over"]


# -- the papers that come after it --------------------------------------------------------------------------------


def correcting(world: World) -> Application:
    """Asked on 18 September to correct the venue within 10 days, so until 28 September."""
    application = handed_over(world)
    mark_all(world, application, bad=("venue",))
    return workflow.request_correction(application, actor=world.actor(HANDLER), on=DAY, days=10)


def corrected(world: World, application: Application, on: datetime.date, day: datetime.date) -> Application:
    """The correction entered on `on`, handed over on `day`."""
    scanned(world, application, "resubmit", on, day=day)
    workflow.answer_item(application, "venue", actor=world.actor(HANDLER, on), on=on, answer="见附件")
    return workflow.resubmit(application, actor=world.actor(HANDLER, on), on=on)


def test_a_correction_is_received_on_the_day_it_was_handed_over():
    world = make_world()
    application = corrected(world, correcting(world), D(2026, 9, 23), D(2026, 9, 21))
    clock = clocks.running(application, "completeness")
    assert (application.received_on, clock.starts_on, clock.due_on) == (D(2026, 9, 21), D(2026, 9, 21), D(2026, 9, 29))
    assert application.requests.get().answered_on == D(2026, 9, 21)
    event = Event.objects.get(verb="filings.application.resubmit")
    assert (event.on, event.payload["as_of"]) == (D(2026, 9, 23), "2026-09-21")
    told = entries(application, world.actor("agency admin"))[-1]
    assert told.actor == "文峰区人社局 · 经办人（窗口代录，2026年9月21日递交）"


def test_a_correction_in_time_is_in_time_though_entered_after_its_period():
    """Nothing has been swept: handed over on the last day, entered on the next."""
    world = make_world()
    application = corrected(world, correcting(world), D(2026, 9, 29), D(2026, 9, 28))
    assert (application.state, application.received_on) == ("submitted", D(2026, 9, 28))


def test_entered_later_still_it_is_deemed_accepted_as_of_the_last_day_of_its_check():
    world = make_world()
    application = corrected(world, correcting(world), D(2026, 10, 20), D(2026, 9, 28))
    assert (application.state, application.accepted_on) == ("accepted", D(2026, 10, 10))
    assert Message.objects.filter(kind="late_entry").exists()


def test_a_correction_handed_over_after_its_period_is_none():
    world = make_world()
    application = correcting(world)
    with pytest.raises(NotPossible):
        scanned(world, application, "resubmit", D(2026, 9, 29), day=D(2026, 9, 29))
    application.refresh_from_db()
    assert application.state == "abandoned"


def test_where_the_abandonment_has_been_carried_out_a_sentence_says_what_is_left():
    world = make_world()
    application, on = correcting(world), D(2026, 9, 29)
    lapses.sweep(on)
    with pytest.raises(NotPossible) as refusal:
        scanned(world, application, "resubmit", on, day=D(2026, 9, 28))
    assert "行政复议" in refusal.value.reasons[0].text
    page = world.browser(HANDLER).get(f"/applications/{application.pk}/").content.decode()
    assert refusal.value.reasons[0].text in page


@pytest.mark.parametrize(("day", "code"), [(D(2026, 9, 17), "before_what_it_is_about"), (D(2026, 9, 24), "in_future")])
def test_no_paper_came_before_what_it_is_about_or_will_come(day, code):
    world = make_world()
    application = correcting(world)
    with pytest.raises(Invalid) as refusal:
        scanned(world, application, "resubmit", D(2026, 9, 23), day=day)
    assert codes(refusal) == [code]


def test_a_withdrawal_ends_the_periods_on_the_day_it_was_handed_over():
    world = make_world()
    application, on = handed_over(world), D(2026, 9, 23)
    scanned(world, application, "withdraw", on, day=D(2026, 9, 21))
    workflow.withdraw(application, actor=world.actor(HANDLER, on), on=on)
    assert clocks.of(application).get().ended_on == D(2026, 9, 21)
    assert OfficialDocument.objects.get(series="withdrawal").content["withdrawn_on"] == "2026-09-21"


def test_but_undoes_no_step_that_was_taken_since():
    world = make_world()
    application, on = handed_over(world), D(2026, 9, 23)
    mark_all(world, application, on=D(2026, 9, 22))
    workflow.accept(application, actor=world.actor(HANDLER, D(2026, 9, 22)), on=D(2026, 9, 22))
    scanned(world, application, "withdraw", on, day=D(2026, 9, 21))
    workflow.withdraw(application, actor=world.actor(HANDLER, on), on=on)
    ended = dict(clocks.of(application).values_list("kind", "ended_on"))
    assert (ended["completeness"], ended["decision"]) == (D(2026, 9, 22), D(2026, 9, 22))
