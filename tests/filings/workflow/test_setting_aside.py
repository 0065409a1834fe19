"""Set aside by 行政复议 or a court: the earlier state with a fresh clock, the filing as it was before."""

import datetime

import pytest

from core.accounts.models import Recusal
from core.audit.models import Event
from core.deadlines.lapses import settle, sweep
from core.deadlines.models import Clock
from core.documents.models import OfficialDocument
from core.refusals import NotAllowed, Refused
from core.workflow import proposals
from filings import quota, workflow
from filings.models import Application, LeftOut, SettingAside
from registry.directory import find
from registry.verification import by_code
from tests.filings.test_state_table import BOTH, BUILD, DATA, correcting, declined
from tests.world import DAY, assessing, confirm_years, decide, file, filed, following, make_world, submitted

pytestmark = pytest.mark.django_db

ONE_DAY = datetime.timedelta(days=1)
LATER = datetime.date(2026, 11, 2)  # a Monday, long after whatever was decided on DAY
CHANGED = datetime.date(2027, 3, 1)
UNDONE = datetime.date(2027, 6, 1)
END = datetime.date(2029, 9, 18)
TIMELY = datetime.date(2029, 8, 19)
REFUSAL = {"grounds": [{"reason": "场地不符合标准。", "basis": "M7(2)"}]}


@pytest.fixture
def world(db):
    confirm_years(2027, 2030)
    return make_world()


def ruled(on: datetime.date, **more) -> dict:
    return DATA["set_aside"] | {"ruled_on": on.isoformat()} | more


def set_aside(world, application: Application, on: datetime.date, office: str = "centre", **more) -> SettingAside:
    workflow.upload_ruling(application, file("判决书.pdf"), actor=world.actor(f"{office} handler", on), on=on)
    decide(world, application, "set_aside", office, on, **ruled(on, **more))
    return application.settings_aside.latest("id")


def refused_with(world, application: Application, on: datetime.date, office: str = "centre", **more) -> list[str]:
    with pytest.raises(Refused) as refusal:
        set_aside(world, application, on, office, **more)
    return [reason.code for reason in refusal.value.reasons]


def running(application: Application) -> list[tuple[str, datetime.date]]:
    rows = Clock.objects.filter(matter_type="filings.application", matter_id=str(application.pk), state="running")
    return list(rows.values_list("kind", "starts_on"))


def standing(paper: OfficialDocument, on: datetime.date) -> str:
    return by_code(paper.code, on).finding.standing.value


def paper(application: Application, series: str) -> OfficialDocument:
    rows = OfficialDocument.objects.filter(matter_type="filings.application", matter_id=str(application.pk))
    return rows.filter(series=series).latest("id")


# -- the earlier state, a fresh clock ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "office", "clock"),
    [
        ("declined", "county", "completeness"),
        ("abandoned", "county", "correction"),
        ("refused", "centre", "decision"),
        ("approved", "centre", "decision"),
    ],
)
def test_one_fresh_clock_from_the_day_it_is_taken_up(world, state, office, clock):
    application = BUILD[state](world)
    decided_on, facts = application.decided_on, (application.received_on, application.accepted_on)
    row = set_aside(world, application, LATER, office)
    assert (row.from_state, row.to_state, row.decided_on) == (state, application.state, decided_on)
    assert running(application) == [(clock, LATER)]
    assert (application.received_on, application.accepted_on, application.decided_on) == (*facts, None)
    sweep(LATER + ONE_DAY)
    assert running(application) == [(clock, LATER)]


def test_the_fresh_completeness_clock_lapses_like_any_other(world):
    application = declined(world)
    set_aside(world, application, LATER, "county")
    sweep(LATER + 8 * ONE_DAY)
    application.refresh_from_db()
    assert (application.state, application.accepted_on) == ("accepted", LATER + 7 * ONE_DAY)


def test_a_correction_goes_on_with_the_notices_days_and_the_extension_it_had(world):
    application = correcting(world)
    workflow.ask_extension(application, actor=world.actor("agency admin"), on=DAY, reason="换证")
    workflow.extend_correction(application, actor=world.actor("county handler"), on=DAY, days=45, reason="情况属实")
    settle("filings.application", str(application.pk), LATER)
    on = datetime.date(2026, 12, 1)
    settle("filings.application", str(application.pk), on)
    application.refresh_from_db()
    assert application.state == "abandoned"
    set_aside(world, application, on, "county")
    clock = Clock.objects.get(kind="correction", state="running")
    assert (clock.starts_on, clock.amount, clock.lapse) == (on, 45, "abandon")
    agency = world.actor("agency admin", on)
    workflow.answer_item(application, "venue", actor=agency, on=on, file=file("平面图.pdf"))
    workflow.resubmit(application, actor=agency, on=on)
    assert application.state == "submitted"


def test_papers_say_that_they_are_set_aside_and_the_notice_by_when_it_is_decided(world):
    application = BUILD["refused"](world)
    refusal = paper(application, "refusal")
    assert standing(refusal, LATER) == "authentic"
    set_aside(world, application, LATER)
    found = by_code(refusal.code, LATER).finding
    assert found.standing.value == "revoked"
    assert "人民法院于2026年11月2日以（2026）豫05行终1号裁决撤销" in found.why
    assert standing(refusal, LATER - ONE_DAY) == "authentic"
    notice = paper(application, "resumption")
    decision = Clock.objects.get(kind="decision", state="running")
    assert notice.content["last_day"] == decision.due_on.isoformat()
    assert notice.content["papers"] == [f"《{refusal.title}》（{refusal.number}）"]
    assert standing(notice, LATER) == "authentic"


def test_it_can_be_refused_again_and_the_new_refusal_stands(world):
    application = BUILD["refused"](world)
    first = paper(application, "refusal")
    set_aside(world, application, LATER)
    decide(world, application, "refuse", "centre", LATER, **REFUSAL)
    second = paper(application, "refusal")
    assert (standing(first, LATER), standing(second, LATER)) == ("revoked", "authentic")
    # Set aside a second time by another ruling: each needs its own scan.
    with pytest.raises(Refused) as refusal:
        decide(world, application, "set_aside", "centre", LATER, **ruled(LATER))
    assert [reason.code for reason in refusal.value.reasons] == ["ruling_missing"]
    set_aside(world, application, LATER, number="（2026）豫05行终2号")
    assert standing(second, LATER) == "revoked"
    assert application.settings_aside.count() == 2


# -- an initial approval: the filing is revoked ------------------------------------------------------------------


def test_an_approval_set_aside_revokes_the_filing(world):
    filing = filed(world)
    application = filing.application
    change = workflow.create_application(actor=world.actor("agency admin", LATER), on=LATER, kind="change")
    receipt = filing.receipts.get()
    row = set_aside(world, application, LATER)
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on, row.filing) == ("revoked", LATER, filing)
    assert [filing.in_force(day) for day in (LATER - ONE_DAY, LATER)] == [True, False]
    assert quota.city(LATER).taken == 0
    assert Application.objects.get(pk=change.pk).state == "closed"
    assert not Clock.objects.filter(matter_type="filings.filing", state="running").exists()
    verified = by_code(receipt.document.code, LATER)
    assert (verified.finding.standing.value, verified.agency.finding.standing.value) == ("revoked", "revoked")
    assert "此前取得的证书仍然有效" in verified.agency.finding.why
    assert "此前依据该备案取得的证书仍然有效。" in paper(application, "revocation").content["effects"]
    assert paper(application, "revocation").content["remedies"]


def test_certificates_stand_unless_the_ruling_says_otherwise(world):
    filing = filed(world)
    assert set_aside(world, filing.application, LATER, certificates_stand=False).certificates_stand is False
    assert "处理以裁决为准" in find(filing.code, LATER).finding.why


def test_an_approval_in_part_leaves_nothing_behind_but_its_history_and_is_decided_anew(world):
    application = assessing(world)
    left_out = [{"occupation": BOTH[1], "reason": "场地不足。", "basis": "M7(2)"}]
    decide(world, application, "approve", "centre", DAY, granted=BOTH[:1], left_out=left_out)
    old = application.granted_filing
    set_aside(world, application, LATER)
    assert not LeftOut.objects.exists()
    assert set(application.scope.values_list("granted", flat=True)) == {None}
    assert set(application.materials.values_list("complete", "compliant")) == {(None, None)}
    frozen = Event.objects.get(verb="filings.application.approve").frozen
    assert [item["granted"] for item in frozen["scope"]] == [True, False]
    assert standing(paper(application, "partial_refusal"), LATER) == "revoked"
    for material in application.materials.all():
        handler = world.actor("centre handler", LATER)
        workflow.mark_material(
            application, material.key, complete=True, compliant=True, remark="", actor=handler, on=LATER
        )
    decide(world, application, "approve", "centre", LATER, granted=BOTH)
    new = Application.objects.get(pk=application.pk).granted_filing
    assert (new.state, new.code != old.code, new.valid_from) == ("active", True, LATER)
    assert by_code(new.receipts.get().document.code, LATER).finding.standing.value == "valid"


def test_a_filing_that_had_ended_before_is_revoked_as_well_and_keeps_its_last_day(world):
    filing = filed(world)
    on = END + 30 * ONE_DAY
    sweep(on)
    set_aside(world, filing.application, on)
    filing.refresh_from_db()
    assert filing.state == "revoked"
    assert [filing.in_force(day) for day in (END, END + ONE_DAY, on)] == [True, False, False]
    assert find(filing.code, on).finding.why.startswith(f"自{on.year}年")


# -- what stands in the way ---------------------------------------------------------------------------------------


def test_a_newer_open_application_is_finished_or_withdrawn_first(world):
    application = declined(world)
    newer = submitted(world, on=LATER)
    with pytest.raises(Refused) as refusal:
        set_aside(world, application, LATER, "county")
    (reason,) = refusal.value.reasons
    assert (reason.code, newer.number in reason.text) == ("open_already", True)
    Application.objects.filter(pk=newer.pk).update(receiving=world.organisation("other county handler"))
    with pytest.raises(Refused) as refusal:  # another county's does not exist for this one
        set_aside(world, application, LATER, "county")
    assert newer.number not in refusal.value.reasons[0].text
    workflow.withdraw(newer, actor=world.actor("agency admin", LATER), on=LATER)
    set_aside(world, application, LATER, "county")
    assert application.state == "submitted"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"authority": "police"}, "authority_missing"),
        ({"number": " "}, "number_missing"),
        ({"orders": ""}, "orders_missing"),
        ({"ruled_on": (LATER + ONE_DAY).isoformat()}, "ruled_on_ahead"),
        ({"ruled_on": (DAY - ONE_DAY).isoformat()}, "ruled_before"),
        ({"ruled_on": ""}, "ruled_on_missing"),
        ({"certificates_stand": False}, "no_certificates"),
    ],
)
def test_the_ruling_is_named_in_full(world, more, code):
    assert refused_with(world, BUILD["refused"](world), LATER, **more) == [code]


def test_a_closed_draft_was_never_handed_in(world):
    filed(world)
    draft = workflow.create_application(actor=world.actor("agency admin", TIMELY), on=TIMELY, kind="renewal")
    sweep(END + ONE_DAY)
    draft.refresh_from_db()
    assert (draft.state, draft.closed_from) == ("closed", "draft")
    with pytest.raises(Refused) as refusal:
        decide(world, draft, "set_aside", "centre", END + ONE_DAY, **ruled(END))
    assert "never_submitted" in [reason.code for reason in refusal.value.reasons]


def test_a_closed_change_waits_for_its_filing(world):
    filing = filed(world)
    asked = following(world, "change", TIMELY, person_in_charge="负责人乙")
    set_aside(world, filing.application, TIMELY)
    asked.refresh_from_db()
    assert (asked.state, asked.closed_from) == ("closed", "submitted")
    assert refused_with(world, asked, TIMELY) == ["filing_ended"]


# -- two people, none of them recused -----------------------------------------------------------------------------


def test_it_takes_two_and_whoever_is_recused_has_no_part(world):
    application = BUILD["refused"](world)
    handler, chief = world.actor("centre handler", LATER), world.actor("centre chief", LATER)
    workflow.upload_ruling(application, file("判决书.pdf"), actor=handler, on=LATER)
    proposal = proposals.propose(application, "set_aside", actor=handler, on=LATER, payload=ruled(LATER))
    with pytest.raises(NotAllowed):
        proposals.decide(proposal, actor=handler, on=LATER)
    Recusal.objects.create(user=chief.user, agency=application.agency, since=LATER, ground="kinship")
    with pytest.raises(NotAllowed):
        proposals.decide(proposal, actor=chief, on=LATER)
    with pytest.raises(NotAllowed):
        workflow.upload_ruling(application, file("判决书.pdf"), actor=world.actor("county handler", LATER), on=LATER)


def test_another_scan_overtakes_the_proposal(world):
    application = BUILD["refused"](world)
    handler = world.actor("centre handler", LATER)
    workflow.upload_ruling(application, file("判决书.pdf"), actor=handler, on=LATER)
    proposal = proposals.propose(application, "set_aside", actor=handler, on=LATER, payload=ruled(LATER))
    workflow.upload_ruling(application, file("判决书.pdf", b"%PDF-1.4 " + file().read()[9:]), actor=handler, on=LATER)
    with pytest.raises(Refused) as refusal:
        proposals.decide(proposal, actor=world.actor("centre chief", LATER), on=LATER)
    assert [reason.code for reason in refusal.value.reasons] == ["content_changed"]
