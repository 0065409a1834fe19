"""The counter: which day counts, what rests on which signed paper, who may, and whom it tells."""

import datetime

import pytest
from django.db import IntegrityError
from django.db import transaction as database

from core.accounts.models import Organisation, Recusal, Role
from core.audit.models import Event
from core.deadlines import clocks
from core.documents import rendering
from core.documents.models import OfficialDocument
from core.notifications.models import Message
from core.refusals import Invalid, NotAllowed, NotPossible, Refused
from filings import permissions, workflow
from filings.models import Application, Filing
from filings.timeline import entries
from filings.workflow.draft_rows import ROWS, add_row
from tests.core.documents.test_issuing import text_of
from tests.filings.counters import CODE, HANDLER, entered, handed_over, scanned, shown_at_counter
from tests.world import DAY, SINCE, World, file, filed, filled_draft, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db

D = datetime.date


def codes(refusal) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


# -- the day ------------------------------------------------------------------------------------------------------


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


# -- on what it rests ---------------------------------------------------------------------------------------------


def test_nothing_is_handed_in_without_the_signed_form():
    world = make_world()
    application = filled_draft(world, HANDLER, agency=world.organisation("agency admin"))
    with pytest.raises(Refused) as refusal:
        workflow.submit(application, actor=world.actor(HANDLER), on=DAY)
    assert [(one.code, one.field) for one in refusal.value.reasons] == [("counter_scan_missing", "counter_form")]


def test_withdrawal_rests_on_its_own_signed_request_and_a_draft_is_simply_dropped():
    world = make_world()
    handler = world.actor(HANDLER)
    draft = entered(world)
    workflow.withdraw(draft, actor=handler, on=DAY)
    assert (draft.state, OfficialDocument.objects.count()) == ("withdrawn", 0)
    application = handed_over(world)
    with pytest.raises(Refused) as refusal:
        workflow.withdraw(application, actor=handler, on=DAY)
    assert codes(refusal) == ["counter_scan_missing"]
    workflow.withdraw(scanned(world, application, "withdraw"), actor=handler, on=DAY, reason="改日再报")
    assert application.state == "withdrawn"


def test_a_correction_over_the_counter_and_each_round_has_its_own_paper():
    world = make_world()
    handler = world.actor(HANDLER)
    application = handed_over(world)
    for number in (1, 2):
        mark_all(world, application, bad=("venue",))
        workflow.request_correction(application, actor=handler, on=DAY, days=10)
        with pytest.raises(Refused) as refusal:
            workflow.ask_extension(application, actor=handler, on=DAY, reason="换证")
        assert codes(refusal) == ["counter_scan_missing"]
        scanned(world, application, "ask_extension")
        workflow.ask_extension(application, actor=handler, on=DAY, reason="换证")
        workflow.answer_item(application, "venue", actor=handler, on=DAY, file=file(f"平面图{number}.pdf"))
        with pytest.raises(Refused) as refusal:
            workflow.resubmit(application, actor=handler, on=DAY)
        assert codes(refusal) == ["counter_scan_missing"]
        workflow.resubmit(scanned(world, application, "resubmit"), actor=handler, on=DAY)
        assert application.state == "submitted"


def test_the_agency_goes_on_through_the_portal_and_needs_no_paper():
    world = make_world()
    application = handed_over(world)
    mark_all(world, application, bad=("venue",))
    workflow.request_correction(application, actor=world.actor(HANDLER), on=DAY, days=10)
    agency = world.actor("agency admin")
    workflow.answer_item(application, "venue", actor=agency, on=DAY, answer="见附件")
    workflow.resubmit(application, actor=agency, on=DAY)
    last = OfficialDocument.objects.filter(series="acknowledgement").latest("id")
    assert last.content["over_counter"] is False


def test_the_handler_who_entered_it_may_accept_it():
    world = make_world()
    application = handed_over(world)
    mark_all(world, application)
    workflow.accept(application, actor=world.actor(HANDLER), on=DAY)
    assert application.state == "accepted"


# -- who ----------------------------------------------------------------------------------------------------------

OTHERS = (
    "agency admin", "rival admin", "county chief", "other county handler", "other county chief", "centre handler",
    "centre chief", "bureau handler", "bureau chief", "experts expert", "operator administrator",
)  # fmt: skip


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_begins_an_initial_one(who):
    world = make_world()
    agency = world.organisation("agency admin")
    assert permissions.may_enter(world.actor(HANDLER), agency, "initial")
    assert not permissions.may_enter(world.actor(who), agency, "initial")
    with pytest.raises(NotAllowed):
        workflow.create_application(actor=world.actor(who), on=DAY, agency=agency)


def test_a_change_is_the_centres_counter():
    world = make_world()
    filed(world)
    agency = world.organisation("agency admin")
    assert permissions.may_enter(world.actor("centre handler"), agency, "change")
    assert not permissions.may_enter(world.actor(HANDLER), agency, "change")


def test_a_recused_handler_enters_nothing():
    world = make_world()
    agency = world.organisation("agency admin")
    colleague = world.add("second handler", world.organisation(HANDLER), Role.HANDLER)
    handler = world.people[HANDLER]
    Recusal.objects.create(user=handler.user, agency=agency, ground="kinship", since=SINCE)
    assert not permissions.may_enter(world.actor(HANDLER), agency, "initial")
    assert permissions.may_enter(world.actor("second handler"), agency, "initial")
    # Keeping away from one agency keeps nobody away from another.
    assert permissions.may_enter(world.actor(HANDLER), world.organisation("rival admin"), "initial")
    assert colleague.organisation_id == handler.organisation_id


def test_online_no_handler_writes_in_the_agencys_name():
    world = make_world()
    draft, handler = filled_draft(world), world.actor(HANDLER)
    for act in (
        lambda: workflow.save_draft(draft, actor=handler, on=DAY, fields={"contact": "别人"}),
        lambda: workflow.upload_material(draft, "venue", file(), actor=handler, on=DAY),
        lambda: workflow.upload_scan(draft, "submit", file(), actor=handler, on=DAY),
        lambda: add_row(draft, ROWS["staff"], actor=handler, on=DAY, values={"kind": "staff", "name": "别人"}),
        lambda: workflow.submit(draft, actor=handler, on=DAY),
    ):
        with pytest.raises(NotAllowed):
            act()
    workflow.submit(draft, actor=world.actor("agency admin"), on=DAY)
    mark_all(world, draft, bad=("venue",))
    workflow.request_correction(draft, actor=handler, on=DAY, days=10)
    for act in (
        lambda: workflow.answer_item(draft, "venue", actor=handler, on=DAY, answer="好"),
        lambda: workflow.ask_extension(draft, actor=handler, on=DAY, reason="好"),
        lambda: workflow.resubmit(draft, actor=handler, on=DAY),
        lambda: workflow.withdraw(draft, actor=handler, on=DAY),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("who", OTHERS[1:])
def test_in_one_of_the_counter_only_the_receiving_handler_does(who):
    world = make_world()
    draft, actor = entered(world), world.actor(who)
    assert not permissions.acts_for_agency.test(actor, draft)
    for act in (
        lambda: workflow.save_draft(draft, actor=actor, on=DAY, fields={"contact": "别人"}),
        lambda: workflow.upload_material(draft, "venue", file(), actor=actor, on=DAY),
        lambda: workflow.upload_scan(draft, "submit", file(), actor=actor, on=DAY),
        lambda: workflow.submit(draft, actor=actor, on=DAY),
        lambda: workflow.withdraw(draft, actor=actor, on=DAY),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_while_it_is_entered_the_agency_reads_it_and_takes_it_back_but_writes_nothing():
    world = make_world()
    draft, agency = entered(world), world.actor("agency admin")
    assert permissions.may_view(agency, draft)
    with pytest.raises(NotAllowed):
        workflow.save_draft(draft, actor=agency, on=DAY, fields={"contact": "别人"})
    with pytest.raises(NotAllowed):
        workflow.submit(draft, actor=agency, on=DAY)
    workflow.withdraw(draft, actor=agency, on=DAY)
    assert draft.state == "withdrawn"


def test_a_colleague_goes_on_with_it():
    world = make_world()
    world.add("second handler", world.organisation(HANDLER), Role.HANDLER)
    application = workflow.submit(entered(world), actor=world.actor("second handler"), on=DAY)
    assert application.state == "submitted"


def test_a_seat_moved_to_another_county_cannot_be_handed_in_here():
    world = make_world()
    application = entered(world)
    workflow.save_draft(application, actor=world.actor(HANDLER), on=DAY, fields={"area_id": "410523"})
    with pytest.raises(Refused) as refusal:
        workflow.submit(application, actor=world.actor(HANDLER), on=DAY)
    assert codes(refusal) == ["other_county"]


def test_what_the_agency_has_begun_itself_is_its_own_to_finish():
    world = make_world()
    filled_draft(world)
    with pytest.raises(Refused) as refusal:
        workflow.create_application(actor=world.actor(HANDLER), on=DAY, agency=world.organisation("agency admin"))
    assert codes(refusal) == ["open_already"]


def test_an_unconfirmed_agency_is_checked_first():
    world = make_world()
    agency = Organisation.objects.create(kind="agency", name="未核实", credit_code=CODE, area_id="410502")
    with pytest.raises(Refused) as refusal:
        workflow.create_application(actor=world.actor(HANDLER), on=DAY, agency=agency)
    assert codes(refusal) == ["agency_unconfirmed"]


# -- that it shows ------------------------------------------------------------------------------------------------


def test_the_agency_is_told_at_once_and_reads_who_did_what_in_its_name():
    world = make_world()
    entered(world)
    assert Message.objects.get(kind="counter_begun").organisation == world.organisation("agency admin")
    application = workflow.submit(Application.objects.get(), actor=world.actor(HANDLER), on=DAY)
    told = [(entry.label, entry.actor) for entry in entries(application, world.actor("agency admin"))]
    mark = "文峰区人社局 · 经办人（窗口代录）"
    assert told == [
        ("开始填写申请", mark),
        ("上传材料", mark),
        ("扫描窗口收下的书面材料", mark),
        ("提交申请", mark),
    ]
    event = Event.objects.get(verb="filings.application.submit")
    assert event.actor_user_id == world.people[HANDLER].user_id
    assert event.payload["on_behalf_of"] == application.agency_id
    assert event.payload["counter_on"] == "2026-09-18"


@pytest.mark.parametrize("over_counter", [True, False])
def test_the_acknowledgement_says_it_came_over_the_counter(over_counter):
    world = make_world()
    handed_over(world) if over_counter else submitted(world)
    paper = OfficialDocument.objects.get(series="acknowledgement")
    assert ("窗口提交" in text_of(rendering.render(paper, audit_head=""))) is over_counter


def test_online_nothing_is_marked_so():
    world = make_world()
    application = submitted(world)
    assert not any("窗口" in entry.actor for entry in entries(application, world.actor("agency admin")))
    assert OfficialDocument.objects.get().content["over_counter"] is False


# -- changes and renewals -----------------------------------------------------------------------------------------

LAST_TIMELY = D(2029, 8, 19)


def renewal(world: World, on: datetime.date, day: datetime.date) -> Application:
    handler = world.actor("centre handler", on)
    agency = world.organisation("agency admin")
    draft = workflow.create_application(actor=handler, on=on, kind="renewal", agency=agency, counter_on=day)
    workflow.save_draft(draft, actor=handler, on=on, fields={"pledge_signed_on": day})
    workflow.upload_material(draft, "pledge", file(), actor=handler, on=on)
    scanned(world, draft, "submit", on, "centre handler")
    return workflow.submit(draft, actor=handler, on=on, late_reason="补录")


@pytest.mark.parametrize(("day", "late"), [(LAST_TIMELY, False), (LAST_TIMELY + datetime.timedelta(days=1), True)])
def test_a_renewal_is_in_time_by_the_day_it_came_and_the_chief_is_told_that_this_decided(day, late):
    world = make_world()
    filed(world)
    application = renewal(world, D(2029, 8, 22), day)
    assert application.late is late
    assert Filing.objects.get().held_open is not late
    assert Message.objects.filter(kind="late_entry").exists() is not late


def test_a_renewal_entered_after_the_filing_has_ended_is_none():
    world = make_world()
    filed(world)
    with pytest.raises(Refused) as refusal:
        renewal(world, D(2029, 9, 21), D(2029, 9, 18))
    assert codes(refusal) == ["not_filed"]


# -- an agency without an account ---------------------------------------------------------------------------------


def test_an_agency_is_entered_by_what_it_shows_and_gets_no_account_by_it():
    world = make_world()
    agency = shown_at_counter(world)
    assert (agency.confirmed_on, agency.area_id, agency.positions.count()) == (DAY, "410502", 0)
    claim = agency.claims.get()
    assert (claim.state, claim.decided_by) == ("confirmed", world.people[HANDLER])
    application = handed_over(world, agency=agency)
    assert (application.agency, application.state) == (agency, "submitted")


@pytest.mark.parametrize("who", ["county chief", "centre handler", "bureau handler", "agency admin"])
def test_only_a_countys_handler_enters_an_agency(who):
    world = make_world()
    with pytest.raises(NotAllowed):
        workflow.register_agency(
            name="某校", credit_code=CODE, licence=file(), authorisation=file(), code_confirmed=True,
            actor=world.actor(who), on=DAY,
        )  # fmt: skip


def test_what_is_entered_at_the_counter_unseats_no_confirmed_agency():
    world = make_world()
    with pytest.raises(Refused) as refusal:
        shown_at_counter(world, code=world.organisation("agency admin").credit_code)
    assert codes(refusal) == ["known_already"]


def test_a_bad_scan_stands_at_its_own_field_and_leaves_nothing_behind():
    world = make_world()
    before = Organisation.objects.count()
    with pytest.raises(Invalid) as refusal:
        workflow.register_agency(
            name="某校", credit_code=CODE, licence=file("证.pdf", b"no scan"), authorisation=file(),
            code_confirmed=True, actor=world.actor(HANDLER), on=DAY,
        )  # fmt: skip
    assert [one.field for one in refusal.value.reasons] == ["licence"]
    assert Organisation.objects.count() == before


def claimed(world: World, area: str = "410502", name: str = "late"):
    """An account registered later on the same code, with its papers handed in."""
    account = Organisation.objects.create(kind="agency", name="文峰区丙学校", credit_code=CODE, area_id=area)
    world.add(f"{name} admin", account, Role.ADMIN)
    admin = world.actor(f"{name} admin")
    for slot in ("licence", "authorisation"):
        workflow.hand_in_paper(account, slot, file(f"{slot}.pdf"), actor=admin, on=DAY)
    return account, account.claims.get()


def test_the_agency_registers_later_is_checked_as_any_other_and_finds_its_application():
    world = make_world()
    agency = shown_at_counter(world)
    application = handed_over(world, agency=agency)
    account, claim = claimed(world)
    assert not permissions.may_view(world.actor("late admin"), application)
    workflow.confirm_claim(claim, actor=world.actor(HANDLER), on=DAY)
    admin = world.actor("late admin")
    assert admin.organisation_id == agency.pk
    assert permissions.may_view(admin, application)
    account.refresh_from_db()
    assert (account.active, account.confirmed_on) == (False, None)
    assert Event.objects.filter(verb="agency.taken_over", matter_id=str(agency.pk)).exists()


def test_a_rejected_claim_hands_nothing_over():
    world = make_world()
    application = handed_over(world, agency=shown_at_counter(world))
    _, claim = claimed(world)
    workflow.reject_claim(claim, actor=world.actor(HANDLER), on=DAY, reason="授权书不符")
    assert not permissions.may_view(world.actor("late admin"), application)


def test_another_county_hands_nothing_over():
    world = make_world()
    application = handed_over(world, agency=shown_at_counter(world))
    _, claim = claimed(world, area="410523")
    with pytest.raises(Refused) as refusal:
        workflow.confirm_claim(claim, actor=world.actor("other county handler"), on=DAY)
    assert codes(refusal) == ["entered_elsewhere"]
    assert not permissions.may_view(world.actor("late admin"), application)


def test_once_somebody_acts_for_it_a_second_account_takes_nothing_over():
    world = make_world()
    agency = shown_at_counter(world)
    handed_over(world, agency=agency)
    workflow.confirm_claim(claimed(world)[1], actor=world.actor(HANDLER), on=DAY)
    second, claim = claimed(world, name="second")
    workflow.confirm_claim(claim, actor=world.actor(HANDLER), on=DAY)
    second.refresh_from_db()
    agency.refresh_from_db()
    # As before: of two accounts on one code the one last checked by the papers is the real one; nothing moves.
    assert (second.confirmed_on, agency.confirmed_on) == (DAY, None)
    assert world.actor("second admin").organisation_id == second.pk


@pytest.mark.parametrize("open_here", [False, True])
def test_a_draft_begun_meanwhile_goes_along_unless_the_counters_is_open(open_here):
    world = make_world()
    agency = shown_at_counter(world)
    account, claim = claimed(world)
    draft = workflow.create_application(actor=world.actor("late admin"), on=DAY)
    if open_here:
        entered(world, agency=agency)
    workflow.confirm_claim(claim, actor=world.actor(HANDLER), on=DAY)
    draft.refresh_from_db()
    assert draft.agency == (account if open_here else agency)


def test_what_is_no_state_for_a_paper_takes_none():
    world = make_world()
    application = handed_over(world)
    with pytest.raises(NotPossible):
        scanned(world, application, "resubmit")
    with pytest.raises(Invalid):
        scanned(world, application, "accept")
