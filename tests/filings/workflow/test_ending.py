"""Deregistration: asked for or founded on proof, decided by two, in effect when served; what ends and what stays."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from core.accounts.models import Recusal, ServiceConsent
from core.audit.models import Event
from core.deadlines.lapses import sweep
from core.deadlines.models import Clock
from core.documents.models import OfficialDocument
from core.notifications.models import Message
from core.publications.models import Publication
from core.refusals import NotAllowed, NotPossible, Reason, Refused
from core.workflow import proposals
from filings import obstacles, quota, workflow
from filings.models import Deregistration, Filing, in_force
from filings.terms import terms
from filings.workflow import serving
from regulation.codes import build_filing_code
from tests.world import DAY, assessed, confirm_years, decide, file, filed, following, make_world

pytestmark = pytest.mark.django_db

ONE_DAY = datetime.timedelta(days=1)
LATER = datetime.date(2027, 3, 1)
TIMELY, END = datetime.date(2029, 8, 19), datetime.date(2029, 9, 18)
BOTH = ["6-18-02-04", "6-31-01-03"]


@pytest.fixture
def world(db):
    confirm_years(2027, 2030)
    return make_world()


def ask(world, filing, on=LATER, reason="不再开展评价。"):
    return workflow.ask_deregistration(filing, actor=world.actor("agency admin", on), on=on, reason=reason)


def ceased(world, filing, on=LATER, ceased_on=None):
    return workflow.record_ceased(
        filing, actor=world.actor("centre handler", on), on=on, reason="登记机关已准予注销登记。",
        ceased_on=ceased_on or on, proof=file("注销登记通知书.pdf"),
    )  # fmt: skip


def propose(world, filing, row, on=LATER):
    handler = world.actor("centre handler", on)
    return proposals.propose(filing, "deregister", actor=handler, on=on, payload={"deregistration": row.pk})


def deregistered(world, filing, on=LATER):
    decide(world, filing, "deregister", "centre", on, deregistration=ask(world, filing, on).pk)
    return filing


def serve(world, filing, served_on, on):
    paper = OfficialDocument.objects.get(series="deregistration")
    return serving.record_service(
        filing, paper, method="hand", served_on=served_on, proof=file("回证.pdf"),
        actor=world.actor("centre handler", on), on=on,
    )  # fmt: skip


def no_consent():
    ServiceConsent.objects.all().delete()


def test_with_consent_it_ends_on_the_day_of_the_decision(world):
    filing = deregistered(world, filed(world))
    assert (filing.state, filing.ended_on, filing.held_open) == ("deregistered", LATER, False)
    for day, held in ((DAY, True), (LATER - ONE_DAY, True), (LATER, False), (END + ONE_DAY, False)):
        assert filing.in_force(day) is held, day
        assert Filing.objects.filter(in_force(day)).exists() is held, day
    assert not Clock.objects.filter(kind="validity", state="running").exists()
    assert sweep(END + ONE_DAY).lapses == 0
    row = Deregistration.objects.get()
    paper = OfficialDocument.objects.get(series="deregistration")
    assert (row.document, row.effective_on, paper.service.served_on) == (paper, LATER, LATER)
    assert (paper.number, paper.content["effective_on"]) == ("安人社职评注销〔2027〕1号", "2027-03-01")
    assert len(paper.content["remedies"]) == 2
    told = set(Message.objects.filter(kind="deregistered").values_list("organisation__name", flat=True))
    assert told == {"文峰区甲职业培训学校", "安阳市职业技能鉴定指导中心", "文峰区人社局"}
    event = Event.objects.get(verb="filings.filing.deregister")
    assert (event.payload["to"], event.frozen["deregistrations"][0]["ground"]) == ("deregistered", "asked")


def test_without_consent_it_ends_when_the_decision_is_served(world):
    filing = filed(world)
    no_consent()
    deregistered(world, filing)
    assert (filing.state, filing.ended_on) == ("active", None)
    assert Deregistration.objects.get().standing == "已决定，等待送达"
    assert Publication.objects.filter(content__state="deregistered").count() == 0
    served, today = LATER + 4 * ONE_DAY, LATER + 9 * ONE_DAY
    assert serve(world, filing, served, today).took_effect
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on) == ("deregistered", served)
    assert filing.in_force(served - ONE_DAY)
    assert not filing.in_force(served)
    assert Publication.objects.get(content__state="deregistered").published_on == served


def test_once_decided_it_can_be_neither_taken_back_nor_decided_again(world):
    filing = filed(world)
    no_consent()
    deregistered(world, filing)
    row = Deregistration.objects.get()
    with pytest.raises(NotPossible, match="已决定，等待送达"):
        workflow.take_back_deregistration(filing, row, actor=world.actor("agency admin", LATER), on=LATER)
    with pytest.raises(Refused, match="还没有送达"):
        propose(world, filing, row)
    with pytest.raises(Refused, match="不能重复提出"):
        ask(world, filing)


def test_a_filing_that_expires_before_the_service_stays_expired(world):
    filing = filed(world)
    no_consent()
    deregistered(world, filing, END)
    sweep(END + ONE_DAY)
    recorded = serve(world, filing, END + ONE_DAY, END + 2 * ONE_DAY)
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on) == ("expired", END)
    why = "备案已先行终结（2029年9月18日，已失效），注销决定不再生效。"
    assert (recorded.took_effect, recorded.no_effect) == (False, why)
    assert Deregistration.objects.get().standing == "备案已先行终结"


def test_served_on_the_last_day_and_recorded_later_it_is_deregistered(world):
    filing = filed(world)
    no_consent()
    deregistered(world, filing, END - ONE_DAY)
    serve(world, filing, END, END + 3 * ONE_DAY)
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on) == ("deregistered", END)


def test_a_ceased_legal_person_is_deregistered_at_once_and_waits_for_nothing(world):
    filing = filed(world)
    no_consent()
    row = ceased(world, filing, ceased_on=LATER - ONE_DAY)
    assert Message.objects.filter(kind="deregistration_ceased").count() == 1

    def open_case(filing, on):
        return [Reason("case_open", "还有未办结的案件。")]

    obstacles.register(open_case)
    try:
        decide(world, filing, "deregister", "centre", LATER, deregistration=row.pk)
    finally:
        obstacles.unregister(open_case)
    assert (filing.state, filing.ended_on) == ("deregistered", LATER)
    record = Publication.objects.get(content__state="deregistered")
    paper = OfficialDocument.objects.get(series="deregistration")
    assert record.content["ended_by"] == {"ground": "ceased", "number": paper.number, "verification": paper.code}
    assert (paper.content["ceased_on"], paper.content["reason"]) == ("2027-02-28", "登记机关已准予注销登记。")
    # Served afterwards all the same: nothing is left to take effect.
    assert serve(world, filing, LATER + ONE_DAY, LATER + ONE_DAY).took_effect
    filing.refresh_from_db()
    assert filing.ended_on == LATER


def test_asked_for_it_waits_for_what_is_unfinished(world):
    filing = filed(world)
    row = ask(world, filing)
    open_until = LATER

    def open_case(filing, on):
        return [Reason("case_open", "还有未办结的案件。", citation="M36")] if on <= open_until else []

    obstacles.register(open_case)
    try:
        with pytest.raises(Refused, match="还有未办结的案件"):
            propose(world, filing, row)
        proposal = propose(world, filing, row, LATER + ONE_DAY)
        open_until = LATER + ONE_DAY
        with pytest.raises(Refused, match="还有未办结的案件"):
            proposals.decide(proposal, actor=world.actor("centre chief", LATER + ONE_DAY), on=LATER + ONE_DAY)
    finally:
        obstacles.unregister(open_case)
    filing.refresh_from_db()
    assert filing.state == "active"


def test_nothing_is_decided_without_a_request_or_proof(world):
    filing = filed(world)
    for payload, code in (({"deregistration": 0}, "no_ground"),):
        with pytest.raises(Refused) as refusal:
            proposals.propose(
                filing, "deregister", actor=world.actor("centre handler", LATER), on=LATER, payload=payload
            )
        assert [reason.code for reason in refusal.value.reasons] == [code]
    ask(world, filing)
    with pytest.raises(Refused) as refusal:
        proposals.propose(
            filing, "deregister", actor=world.actor("centre handler", LATER), on=LATER, payload={"deregistration": 0}
        )
    assert [reason.code for reason in refusal.value.reasons] == ["other_ground"]


@pytest.mark.parametrize("name", ["agency staff", "rival admin", "county handler", "centre handler", "bureau chief"])
def test_only_its_admin_asks_for_it_and_takes_it_back(world, name):
    filing = filed(world)
    with pytest.raises(NotAllowed):
        workflow.ask_deregistration(filing, actor=world.actor(name, LATER), on=LATER, reason="不再开展评价。")
    row = ask(world, filing)
    with pytest.raises(NotAllowed):
        workflow.take_back_deregistration(filing, row, actor=world.actor(name, LATER), on=LATER)


@pytest.mark.parametrize(
    "name", ["agency admin", "county handler", "centre chief", "centre inspector", "bureau handler"]
)
def test_only_the_centres_handler_records_that_a_legal_person_has_ceased(world, name):
    filing = filed(world)
    with pytest.raises(NotAllowed):
        workflow.record_ceased(
            filing, actor=world.actor(name, LATER), on=LATER, reason="已注销登记。", ceased_on=LATER, proof=file()
        )
    row = ceased(world, filing)
    with pytest.raises(NotAllowed):
        workflow.take_back_deregistration(filing, row, actor=world.actor(name, LATER), on=LATER)


def test_what_is_recorded_has_a_reason_a_past_day_and_proof(world):
    filing = filed(world)
    with pytest.raises(Refused, match="请写明注销的原因"):
        ask(world, filing, reason="  ")
    with pytest.raises(Refused, match="不能晚于今天"):
        ceased(world, filing, ceased_on=LATER + ONE_DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deregistration.objects.create(
            filing=filing, ground="ceased", reason="已注销登记。", asked_by=world.people["centre handler"],
            asked_on=LATER,
        )  # fmt: skip


def test_a_request_taken_back_overtakes_the_proposal_and_can_be_made_again(world):
    filing = filed(world)
    row = ask(world, filing)
    propose(world, filing, row)
    workflow.take_back_deregistration(filing, row, actor=world.actor("agency admin", LATER), on=LATER)
    proposal = proposals.of(filing).get()
    assert (proposal.state, proposal.answer) == ("overtaken", "注销的事由已经收回")
    assert Message.objects.filter(kind="deregistration_taken_back").count() == 1
    assert ask(world, filing).pk != row.pk


def test_the_chief_decides_on_what_the_handler_saw(world):
    filing = filed(world)
    proposal = propose(world, filing, ask(world, filing))
    ceased(world, filing)
    with pytest.raises(Refused, match="内容有变"):
        proposals.decide(proposal, actor=world.actor("centre chief", LATER), on=LATER)


def test_changes_renewals_and_drafts_are_closed_and_a_late_renewal_does_not_go_on(world):
    filing = filed(world)
    day = TIMELY + ONE_DAY
    renewal = assessed(world, following(world, "renewal", day), day)
    change = workflow.create_application(actor=world.actor("agency admin", day), on=day, kind="change")
    deregistered(world, filing, day)
    for application in (renewal, change):
        application.refresh_from_db()
        assert application.state == "closed"
    assert (renewal.kind, renewal.late, renewal.became_initial_on) == ("renewal", True, None)
    assert not Clock.objects.filter(state="running").exists()


def test_a_filing_held_open_ends_like_any_other(world):
    filing = filed(world)
    renewal = following(world, "renewal", TIMELY)
    day = END + 3 * ONE_DAY
    sweep(day)
    deregistered(world, filing, day)
    renewal.refresh_from_db()
    assert (filing.state, filing.ended_on, filing.held_open, renewal.state) == ("deregistered", day, False, "closed")
    assert filing.in_force(day - ONE_DAY)


def test_a_renewal_granted_ahead_never_begins(world):
    filing = filed(world)
    renewal = assessed(world, following(world, "renewal", TIMELY), TIMELY)
    decide(world, renewal, "approve", "centre", TIMELY, granted=BOTH)
    filing.refresh_from_db()
    deregistered(world, filing, TIMELY + ONE_DAY)
    assert [term.valid_until for term in terms(filing, END + ONE_DAY)] == [END]
    assert Publication.objects.filter(content__state="deregistered").count() == 1


def test_its_places_fall_free(world):
    filing = filed(world)
    taken = {LATER - ONE_DAY: 1, LATER: 0}
    deregistered(world, filing)
    for day, count in taken.items():
        assert quota.city(day).taken == count


def test_the_agency_applies_anew_the_same_day_and_gets_a_new_code(world):
    day = datetime.date(2027, 9, 20)
    filing = filed(world)
    with pytest.raises(Refused):
        workflow.create_application(actor=world.actor("agency admin", day), on=day)
    deregistered(world, filing, day)
    again = filed(world, day)
    assert [filing.code, again.code] == [build_filing_code(1), build_filing_code(2)]
    assert (again.valid_from, again.state) == (day, "active")
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on) == ("deregistered", day)


def test_after_expiry_too_it_gets_a_new_code(world):
    filing = filed(world)
    sweep(END + ONE_DAY)
    again = filed(world, END + ONE_DAY)
    assert [filing.code, again.code] == [build_filing_code(1), build_filing_code(2)]


def test_an_ended_filing_is_not_deregistered(world):
    filing = filed(world)
    sweep(END + ONE_DAY)
    day = END + ONE_DAY
    with pytest.raises(NotPossible):
        ask(world, filing, day)
    with pytest.raises(NotPossible):
        ceased(world, filing, day)


def test_who_is_recused_keeps_out(world):
    filing = filed(world)
    row = ask(world, filing)
    Recusal.objects.create(
        user=world.people["centre handler"].user, agency=world.organisation("agency admin"), ground="kinship", since=DAY
    )
    with pytest.raises(NotAllowed):
        propose(world, filing, row)
