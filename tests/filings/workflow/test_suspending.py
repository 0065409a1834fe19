"""Suspension: rows with days and a source, overlapping; what it stays and what it leaves alone."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from core.audit.models import Event
from core.deadlines.lapses import sweep
from core.notifications.models import Message
from core.publications.models import Publication
from core.refusals import NotPossible, Refused
from core.workflow import proposals
from filings import quota, workflow
from filings.models import Filing, Suspension, in_force, suspended
from filings.workflow import suspending
from tests.world import DAY, assessed, confirm_years, decide, filed, following, make_world

pytestmark = pytest.mark.django_db

ONE_DAY = datetime.timedelta(days=1)
FIRST, SECOND = datetime.date(2027, 3, 1), datetime.date(2027, 4, 1)
TIMELY, END = datetime.date(2029, 8, 19), datetime.date(2029, 9, 18)
SOURCE = "警告限期整改决定（安人社职评警〔2027〕1号）"


@pytest.fixture
def world(db):
    confirm_years(2027, 2030)
    return make_world()


def suspend(world, filing, on=FIRST, *, case="1", source=SOURCE, **more):
    actor = world.actor("centre chief", on)
    return suspending.suspend(filing, matter=("sanctions.case", case), source=source, actor=actor, on=on, **more)


def lift(world, row, on):
    return suspending.lift(row, actor=world.actor("centre chief", on), on=on, reason="整改经复查合格。")


def days(filing):
    """On which of these days it is suspended: by the method, and by the query."""
    asked = (FIRST - ONE_DAY, FIRST, SECOND - ONE_DAY, SECOND, SECOND + ONE_DAY)
    filing = Filing.objects.get(pk=filing.pk)
    by_method = [day for day in asked if filing.suspended(day)]
    assert by_method == [day for day in asked if Filing.objects.filter(suspended(day), pk=filing.pk).exists()]
    return by_method


def test_it_holds_from_its_day_until_it_is_lifted(world):
    filing = filed(world)
    row = suspend(world, filing)
    assert days(filing) == [FIRST, SECOND - ONE_DAY, SECOND, SECOND + ONE_DAY]
    lift(world, row, SECOND)
    assert days(filing) == [FIRST, SECOND - ONE_DAY]
    row.refresh_from_db()
    assert (row.until, row.lifted_reason) == (SECOND, "整改经复查合格。")
    verbs = list(Event.objects.filter(verb__in=["filings.filing.suspend", "filings.filing.lift"]).order_by("id"))
    assert [event.payload["by"] for event in verbs] == [["sanctions.case", "1"]] * 2
    assert verbs[1].frozen["suspensions"][0]["until"] == "2027-04-01"
    assert Message.objects.filter(kind="suspended").count() == Message.objects.filter(kind="lifted").count() == 3


def test_several_overlap_and_it_lasts_while_any_says_so(world):
    filing = filed(world)
    first, second = suspend(world, filing), suspend(world, filing, SECOND - ONE_DAY, case="2", source="专项督查")
    lift(world, first, SECOND)
    assert days(filing) == [FIRST, SECOND - ONE_DAY, SECOND, SECOND + ONE_DAY]
    assert Message.objects.filter(kind="lifted", title__startswith="一项暂停已经结束，仍在暂停评价").count() == 3
    lift(world, second, SECOND + ONE_DAY)
    assert days(filing) == [FIRST, SECOND - ONE_DAY, SECOND]


def test_an_end_known_beforehand_needs_no_lifting(world):
    filing = filed(world)
    row = suspend(world, filing, until=SECOND)
    assert days(filing) == [FIRST, SECOND - ONE_DAY]
    with pytest.raises(NotPossible, match="已于2027年4月1日结束"):
        lift(world, row, SECOND)


def test_it_names_what_imposed_it_once(world):
    filing = filed(world)
    for more, said in (({"source": "  "}, "请写明暂停评价的依据"), ({"until": FIRST}, "恢复的日期应在暂停之后")):
        with pytest.raises(Refused, match=said):
            suspend(world, filing, **more)
    suspend(world, filing)
    with pytest.raises(Refused, match="已经暂停了"):
        suspend(world, filing, SECOND)
    for broken in ({"source": ""}, {"matter_id": ""}, {"until": FIRST - ONE_DAY}):
        whole = {"since": FIRST, "source": SOURCE, "matter_type": "sanctions.case", "matter_id": "3"} | broken
        with pytest.raises(IntegrityError), transaction.atomic():
            Suspension.objects.create(filing=filing, **whole)


def test_lifting_says_why(world):
    row = suspend(world, filed(world))
    with pytest.raises(Refused, match="请写明恢复的原因"):
        suspending.lift(row, actor=world.actor("centre chief", SECOND), on=SECOND, reason=" ")


def test_only_a_filing_in_force_is_suspended(world):
    filing = filed(world)
    with pytest.raises(Refused, match="不在有效期内"):
        suspend(world, filing, END + ONE_DAY)


@pytest.mark.django_db(transaction=True)
def test_it_is_part_of_the_transaction_that_decides(world):
    filing = filed(world)
    with pytest.raises(RuntimeError):
        suspend(world, filing)


def test_validity_runs_on_places_stay_taken_and_changes_and_renewals_are_decided(world):
    filing = filed(world)
    row = suspend(world, filing)
    assert Filing.objects.filter(in_force(FIRST)).count() == quota.city(FIRST).taken == 1
    assert filing.in_force(FIRST)
    change = assessed(world, following(world, "change", FIRST, name="文峰区新甲", changed_on=FIRST), FIRST)
    decide(world, change, "approve", "centre", FIRST, granted=["name"])
    record = Publication.objects.filter(kind="filing").latest("id").content
    assert (record["name"], [one["source"] for one in record["suspensions"]]) == ("文峰区新甲", [row.source])
    renewal = assessed(world, following(world, "renewal", TIMELY), TIMELY)
    decide(world, renewal, "approve", "centre", TIMELY, granted=["6-18-02-04", "6-31-01-03"])
    filing.refresh_from_db()
    assert filing.valid_until == datetime.date(2032, 9, 18)
    assert filing.suspended(TIMELY)


def test_a_suspended_filing_expires_like_any_other(world):
    filing = filed(world)
    suspend(world, filing)
    sweep(END + ONE_DAY)
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on) == ("expired", END)
    assert not filing.in_force(END + ONE_DAY)


def test_a_suspension_stands_in_what_a_proposal_rests_on(world):
    filing = filed(world)
    row = workflow.ask_deregistration(filing, actor=world.actor("agency admin", DAY), on=DAY, reason="不再开展评价。")
    payload = {"deregistration": row.pk}
    proposal = proposals.propose(
        filing, "deregister", actor=world.actor("centre handler", DAY), on=DAY, payload=payload
    )
    suspend(world, filing, DAY)
    with pytest.raises(Refused, match="内容有变"):
        proposals.decide(proposal, actor=world.actor("centre chief", DAY), on=DAY)
