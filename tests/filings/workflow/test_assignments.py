"""An agency from elsewhere in the city for an area that has none (M37): consent, two people, no place, and its end."""

import datetime

import pytest
from django.db import IntegrityError
from django.db import transaction as database

from core.accounts.models import Recusal
from core.audit.models import Event
from core.deadlines import lapses
from core.documents.models import OfficialDocument
from core.notifications.models import Message
from core.publications.models import Publication
from core.reference.models import Occupation
from core.refusals import NotAllowed, NotPossible, Refused
from core.workflow import proposals
from filings import assignments, board, holders, permissions, queries, quota, workflow
from filings.models import Assignment, Filing, FilingScope, QuotaYear
from filings.workflow import assignments as assigning
from tests.filings.factories import quick_assessing, quick_assessing_at
from tests.world import DAY, World, assessed, decide, filed, following, make_world

pytestmark = pytest.mark.django_db

WELDER, ELECTRICIAN = "6-18-02-04", "6-31-01-03"
THERE = "汤阴县"
LATER = datetime.date(2026, 10, 19)
ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def filing(world) -> Filing:
    """In the urban area, with both occupations; the county of 汤阴 has none."""
    return filed(world)


def offer(world: World, filing: Filing, on: datetime.date = DAY, **more) -> Assignment:
    about = {"quota_area": THERE, "levels": [5, 4], "site": "汤阴县实训基地", "reason": "当地没有焊工机构", **more}
    code = about.pop("occupation", WELDER)
    actor = world.actor(about.pop("who", "centre handler"), on)
    return assigning.offer(filing, actor=actor, on=on, occupation=Occupation.objects.get(pk=code), **about)


def agreed(world: World, filing: Filing, on: datetime.date = DAY, **more) -> Assignment:
    return assigning.consent(offer(world, filing, on, **more), actor=world.actor("agency admin", on), on=on)


def made(world: World, filing: Filing, on: datetime.date = DAY, **more) -> Assignment:
    row = agreed(world, filing, on, **more)
    decide(world, row, "make", "centre", on)
    return row


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def granted(world: World, application, on: datetime.date) -> Filing:
    decide(world, application, "approve", "centre", on, granted=[WELDER], left_out=[], relaxed={})
    return Filing.objects.get(application=application)


def dates(row: Assignment) -> tuple[str, datetime.date | None, datetime.date | None]:
    row.refresh_from_db()
    return row.state, row.since, row.until


def test_it_takes_an_offer_consent_and_two_people(world, filing):
    row = offer(world, filing)
    assert (row.state, row.since) == ("offered", None)
    with pytest.raises(NotPossible):
        proposals.propose(row, "make", actor=world.actor("centre handler"), on=DAY, payload={})
    for who in ("agency staff", "rival admin", "centre handler", "county handler"):
        with pytest.raises(NotAllowed):
            assigning.consent(row, actor=world.actor(who), on=DAY)
    assigning.consent(row, actor=world.actor("agency admin"), on=DAY, answer="可以")
    with pytest.raises(NotAllowed):
        assigning.make(row, actor=world.actor("centre chief"), on=DAY, proposal=None)
    proposal = proposals.propose(row, "make", actor=world.actor("centre handler"), on=DAY, payload={})
    with pytest.raises(NotAllowed):
        proposals.decide(proposal, actor=world.actor("centre handler"), on=DAY)
    proposals.decide(proposal, actor=world.actor("centre chief"), on=DAY)
    assert dates(row) == ("in_force", DAY, None)
    notice = OfficialDocument.objects.get(series="assignment")
    assert (notice.issuer, notice.addressee) == (world.organisation("bureau chief"), filing.agency)
    assert notice.content["consented_on"] == "2026-09-18"
    published = Publication.objects.get(kind="assignment")
    assert (published.content["since"], published.content["until"]) == ("2026-09-18", None)
    told = Message.objects.filter(kind="assignment_made").values_list("organisation__name", flat=True)
    assert sorted(told) == sorted([filing.name, "安阳市职业技能鉴定指导中心", "汤阴县人社局", "文峰区人社局"])
    assert Event.objects.get(verb="filings.assignment.make").frozen["state"] == "in_force"


def test_it_takes_no_place_and_leaves_the_receipt_as_it_is(world, filing):
    before = (quota.city(DAY).taken, filing.receipts.count(), filing.published)
    row = made(world, filing)
    filing.refresh_from_db()
    assert (quota.city(DAY).taken, filing.receipts.count(), filing.published) == before
    assert quota.places(WELDER, THERE, DAY).taken == 0
    (shown,) = board.board(DAY, text=WELDER)["rows"]
    assert [(cell.area, cell.places.taken, cell.note) for cell in shown.cells] == [("市区", 1, ""), (THERE, 0, "调配")]
    assert shown.cells[1].assigned == row
    assert list(filing.scope.filter(occupation_id=WELDER).values_list("levels", flat=True)) == [[5, 4, 3]]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"quota_area": "市区"}, "area_has_some"),
        ({"quota_area": "滑县"}, "quota_area"),
        ({"levels": [5, 1]}, "levels"),
        ({"levels": []}, "levels"),
        ({"site": " "}, "site_missing"),
        ({"reason": " "}, "reason_missing"),
    ],
)
def test_what_an_offer_must_say(world, filing, more, code):
    with pytest.raises(Refused) as refusal:
        offer(world, filing, **more)
    assert codes(refusal) == [code]
    assert not Assignment.objects.exists()


def test_only_what_the_filing_holds_and_only_while_it_is_in_force(world, filing):
    Occupation.objects.create(code="4-10-01-05", name="养老护理员")
    with pytest.raises(Refused) as refusal:
        offer(world, filing, occupation="4-10-01-05")
    assert codes(refusal) == ["not_held"]
    after = filing.valid_until + ONE_DAY
    with pytest.raises(Refused) as refusal:
        offer(world, filing, after)
    assert codes(refusal) == ["filing_ended"]
    offer(world, filing, filing.valid_until)


def test_at_a_site_of_its_own_that_evaluates_the_occupation(world, filing):
    site = filing.sites.get()
    row = offer(world, filing, own_site=site)
    assert row.site == "校本部（文峰区示例路1号）"
    other = filing.sites.create(name="无焊工", area_id="410502", address="示例路2号", since=DAY)
    with pytest.raises(Refused) as refusal:
        offer(world, filing, occupation=ELECTRICIAN, own_site=other)
    assert codes(refusal) == ["own_site"]


def test_offered_once_and_one_assignment_for_an_area(world, filing):
    offer(world, filing)
    with pytest.raises(Refused) as refusal:
        offer(world, filing)
    assert codes(refusal) == ["offered_before"]
    second = granted(world, quick_assessing(world, "rival admin"), DAY)
    rivals = offer(world, second)
    assigning.consent(rivals, actor=world.actor("rival admin"), on=DAY)
    first = Assignment.objects.get(filing=filing)
    assigning.consent(first, actor=world.actor("agency admin"), on=DAY)
    decide(world, first, "make", "centre", DAY)
    rivals.refresh_from_db()
    assert rivals.state == "withdrawn"  # whoever else was asked is told that it is settled
    assert Message.objects.filter(kind="assignment_off", organisation=second.agency).count() == 1
    with pytest.raises(Refused) as refusal:
        offer(world, second)
    assert codes(refusal) == ["assigned_before"]
    with pytest.raises(IntegrityError), database.atomic():
        Assignment.objects.filter(pk=rivals.pk).update(state="in_force", since=DAY)


def test_an_agency_may_decline_and_the_centre_may_take_its_offer_back(world, filing):
    row = offer(world, filing)
    assigning.decline(row, actor=world.actor("agency admin"), on=DAY, answer="人手不足")
    assert (row.state, row.answer) == ("declined", "人手不足")
    again = agreed(world, filing)
    with pytest.raises(Refused) as refusal:
        assigning.take_back(again, actor=world.actor("centre handler"), on=DAY, reason=" ")
    assert codes(refusal) == ["reason_missing"]
    assigning.take_back(again, actor=world.actor("centre handler"), on=DAY, reason="当地即将备案")
    assert (again.state, again.since) == ("withdrawn", None)
    assert not OfficialDocument.objects.filter(series__startswith="assignment").exists()


def test_a_recused_handler_offers_nothing(world, filing):
    user = world.people["centre handler"].user
    Recusal.objects.create(user=user, agency=filing.agency, ground="kinship", since=DAY)
    world.add("centre second handler", world.organisation("centre handler"), "handler")
    with pytest.raises(NotAllowed):
        offer(world, filing)
    assert not Assignment.objects.exists()
    offer(world, filing, who="centre second handler")


def test_a_local_filing_ends_it_in_the_same_transaction_with_both_sides_told(world, filing):
    row = made(world, filing)
    application = quick_assessing_at(world, "rival admin", "410523", LATER)
    assert assignments.stands(row, LATER)
    local = granted(world, application, LATER)
    assert dates(row) == ("ended", DAY, LATER)
    assert [assignments.stands(row, day) for day in (DAY, LATER - ONE_DAY, LATER)] == [True, True, False]
    assert row.ended_because == f"{local.name}在{THERE}备案了这个职业。"
    notice = OfficialDocument.objects.get(series="assignment_end")
    assert (notice.content["own"], notice.content["until"], len(notice.content["remedies"])) == (True, "2026-10-19", 2)
    told = set(Message.objects.filter(kind="assignment_ended").values_list("organisation__name", flat=True))
    assert told == {filing.name, "安阳市职业技能鉴定指导中心", "汤阴县人社局", "文峰区人社局"}
    newest = Publication.objects.filter(kind="assignment").latest("id")
    assert (newest.content["until"], newest.content["number"]) == (
        "2026-10-19", OfficialDocument.objects.get(series="assignment").number,
    )  # fmt: skip
    assert quota.places(WELDER, THERE, LATER).taken == 1


def test_a_refused_approval_ends_nothing(world, filing):
    row = made(world, filing)
    application = quick_assessing_at(world, "rival admin", "410523", LATER)
    QuotaYear.objects.update(places=0)
    with pytest.raises(Refused):
        granted(world, application, LATER)
    assert dates(row) == ("in_force", DAY, None)


def test_a_local_filing_for_another_occupation_or_area_leaves_it(world, filing):
    row = made(world, filing, occupation=ELECTRICIAN)
    granted(world, quick_assessing_at(world, "rival admin", "410523", LATER), LATER)  # welders
    assert dates(row)[0] == "in_force"


def test_its_own_move_into_the_area_ends_it_and_an_offer_falls(world, filing):
    row = made(world, filing)
    waiting = offer(world, filing, occupation=ELECTRICIAN)

    def reason(draft):
        draft.sites.update(other_area_reason="原场地仍在使用")

    moved = {"area_id": "410523", "address": "示例路9号", "changed_on": LATER}
    change = assessed(world, following(world, "change", LATER, edit=reason, **moved), LATER)
    decide(world, change, "approve", "centre", LATER, granted=["seat"], left_out=[], relaxed={})
    assert dates(row) == ("ended", DAY, LATER)
    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"


def test_between_consent_and_decision_a_local_filing_comes(world, filing):
    row = agreed(world, filing)
    proposal = proposals.propose(row, "make", actor=world.actor("centre handler", LATER), on=LATER, payload={})
    granted(world, quick_assessing_at(world, "rival admin", "410523", LATER), LATER)
    with pytest.raises(NotPossible) as refusal:
        proposals.decide(proposal, actor=world.actor("centre chief", LATER), on=LATER)
    assert codes(refusal) == ["proposal_closed"]
    assert dates(row) == ("withdrawn", None, None)


def test_the_area_is_asked_again_on_the_day_of_decision(world, filing):
    row = agreed(world, filing)
    proposal = proposals.propose(row, "make", actor=world.actor("centre handler"), on=DAY, payload={})
    # Whatever else put a filing there (nothing told the assignment).
    site = filing.sites.create(name="分校", area_id="410523", address="某路", since=DAY)
    site.scope.add(filing.scope.get(occupation_id=WELDER))
    with pytest.raises(Refused) as refusal:
        proposals.decide(proposal, actor=world.actor("centre chief"), on=DAY)
    assert codes(refusal) == ["area_has_some"]


def test_it_ends_with_the_filing_swept_or_not(world, filing):
    row = made(world, filing)
    last, after = filing.valid_until, filing.valid_until + ONE_DAY
    assert [assignments.stands(row, day) for day in (last, after)] == [True, False]
    assert dates(row)[0] == "in_force"
    lapses.sweep(after)
    assert dates(row) == ("ended", DAY, after)
    assert assignments.stands(row, last)


def test_what_the_dates_ended_is_no_obstacle_to_a_new_one(world, filing):
    row = made(world, filing)
    after = filing.valid_until + ONE_DAY
    second = granted(world, quick_assessing(world, "rival admin", after), after)
    new = offer(world, second, after)
    assigning.consent(new, actor=world.actor("rival admin", after), on=after)
    decide(world, new, "make", "centre", after)
    assert (dates(row), dates(new)) == (("ended", DAY, after), ("in_force", after, None))


def test_it_ends_with_the_occupation(world, filing):
    row = made(world, filing)

    def leave_out(draft):
        draft.records.filter(occupation_id=WELDER).delete()
        draft.scope.filter(occupation_id=WELDER).delete()

    change = assessed(world, following(world, "change", LATER, edit=leave_out), LATER)
    decide(world, change, "approve", "centre", LATER, granted=[f"occupation:{WELDER}"], left_out=[], relaxed={})
    assert dates(row) == ("ended", DAY, LATER)


def test_a_renewal_that_leaves_the_occupation_out_ends_it_with_the_old_term(world, filing):
    row = made(world, filing)
    on = datetime.date(2029, 8, 1)
    renewal = assessed(world, following(world, "renewal", on), on)
    left = [{"occupation": WELDER, "level": None, "site": None, "reason": "不再具备", "basis": "M7(2)"}]
    decide(world, renewal, "approve", "centre", on, granted=[ELECTRICIAN], left_out=left, relaxed={})
    until = filing.valid_until + ONE_DAY
    assert dates(row) == ("ended", DAY, until)
    assert [assignments.stands(row, day) for day in (on, filing.valid_until, until)] == [True, True, False]


def test_levels_that_the_filing_loses_fall_away(world, filing):
    row = made(world, filing)
    FilingScope.objects.filter(filing=filing, occupation_id=WELDER).update(levels=[5, 3])
    assert assignments.levels_on(row, DAY) == [5]


def test_the_centre_ends_it_with_a_reason_and_two_people(world, filing):
    row = made(world, filing)
    with pytest.raises(Refused) as refusal:
        proposals.propose(row, "end", actor=world.actor("centre handler", LATER), on=LATER, payload={"reason": " "})
    assert codes(refusal) == ["reason_missing"]
    decide(world, row, "end", "centre", LATER, reason="不再需要")
    assert dates(row) == ("ended", DAY, LATER)
    notice = OfficialDocument.objects.get(series="assignment_end")
    assert (notice.content["own"], notice.content["reason"]) == (False, "不再需要")
    with pytest.raises(NotPossible):
        decide(world, row, "end", "centre", LATER, reason="再次")


def test_who_sees_it(world, filing):
    row = made(world, filing)
    readers = {
        "agency admin", "agency staff", "county handler", "other county handler", "centre handler", "centre inspector",
        "bureau handler",
    }  # fmt: skip
    for name in world.people:
        actor = world.actor(name)
        seen = queries.assignments_visible_to(actor).filter(pk=row.pk).exists()
        assert seen == permissions.may_view_assignment(actor, row), name
        if name in readers | {"rival admin", "experts expert", "operator administrator"}:
            assert seen == (name in readers), name


def test_candidates_are_those_elsewhere_that_hold_it(world, filing):
    assert list(assignments.candidates(WELDER, THERE, DAY)) == [filing]
    assert list(assignments.candidates(WELDER, "市区", DAY)) == []
    assert list(assignments.candidates(WELDER, THERE, filing.valid_until + ONE_DAY)) == []
    assert list(holders.holders(WELDER, "市区", DAY)) == [filing]


def test_an_assignment_opens_no_door_to_another_agency(world, filing):
    row = offer(world, filing)
    with pytest.raises(NotAllowed):
        assigning.decline(row, actor=world.actor("rival admin"), on=DAY)
    with pytest.raises(NotAllowed):
        workflow.create_application(actor=world.actor("centre handler"), on=DAY)
