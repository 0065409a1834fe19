"""Two at the same moment, in processes of their own on PostgreSQL: exactly one wins, the other gets a readable reason,
and nothing half-done stays. A few rounds here, hundreds in `make faults`.
"""

import datetime
from collections import Counter

import pytest

from core.audit.models import Event, Outcome
from core.deadlines.models import Clock, ClockState
from core.documents.models import OfficialDocument
from core.reference.models import Occupation
from core.workflow import proposals
from core.workflow.models import IdempotencyKey, Proposal
from filings.enums import FilingState
from filings.models import Application, Filing
from filings.workflow import assignments
from tests.faults.conftest import Answer
from tests.filings.factories import (
    OCCUPATION,
    TO_ASSESSING,
    another_agency,
    asked_for,
    left_behind,
    proposal_states,
    quick_accepted,
    quick_assessing,
    quick_assessing_at,
    quick_draft,
    quick_submitted,
)
from tests.world import DAY, World, mark_all

pytestmark = [pytest.mark.postgres_only, pytest.mark.faults, pytest.mark.timeout(0)]

LAST = datetime.date(2026, 9, 24)  # the fifth working day after DAY
AFTER = datetime.date(2026, 9, 25)
GRANTED = {"granted": [OCCUPATION], "left_out": [], "relaxed": {}}


def order(world: World, act: str, who: str, on: datetime.date, **more) -> dict:
    return {"act": act, "position": world.people[who].pk, "on": on, **more}


def won(answers: list[Answer], *, refused: set[str]) -> int:
    """Return which of the answers is the one that was done; the others are refused with one of these codes."""
    winners = [number for number, answer in enumerate(answers) if answer.outcome == "done"]
    assert len(winners) == 1, answers
    for number, answer in enumerate(answers):
        if number != winners[0]:
            assert answer.outcome in {"Refused", "NotPossible"}, answer
            assert answer.codes <= refused, answer
            assert all(len(text) > 8 for _, text in answer.reasons)
    return winners[0]


def events(application: Application, outcome: str = Outcome.DONE) -> Counter[str]:
    rows = Event.objects.filter(matter_id=str(application.pk), outcome=outcome)
    return Counter(verb.removeprefix("filings.application.") for verb in rows.values_list("verb", flat=True))


def running(application: Application) -> dict[str, datetime.date]:
    rows = Clock.objects.filter(matter_id=str(application.pk), state=ClockState.RUNNING)
    return dict(rows.values_list("kind", "due_on"))


@pytest.mark.parametrize("on", [LAST, AFTER], ids=["on the last day", "on the day after"])
def test_acceptance_against_the_lapse(on, crowd, racers, fault_rounds):
    """Accepted before 24:00 or deemed accepted, never both; from the day after on it can only be deemed."""
    for number in range(fault_rounds):
        application = quick_submitted(crowd, another_agency(crowd, number))
        mark_all(crowd, application)
        accept = order(crowd, "transition", "county handler", on, application=application.pk, name="accept")
        first, swept = racers.race(accept, {"act": "sweep", "on": AFTER})
        application.refresh_from_db()
        assert (application.state, application.accepted_on) == ("accepted", LAST)
        assert running(application) == {
            "county_recommendation": datetime.date(2026, 10, 9),
            "decision": datetime.date(2026, 10, 22),
        }
        if first.outcome == "done":
            assert on == LAST
            assert swept.outcome == "swept 0"
            assert left_behind(application) == asked_for("submit", "accept")
        else:
            assert (first.outcome, first.codes) == ("NotPossible", {"state"})
            assert "已受理" in first.reasons[0][1]
            assert left_behind(application) == asked_for("submit", "deem_accepted")
            assert events(application, Outcome.REFUSED) == {"accept": 1}
            assert events(application, Outcome.LAPSED) == {"deem_accepted": 1}
        assert application.deemed_accepted == (first.outcome != "done")


@pytest.mark.parametrize("on", [LAST, AFTER], ids=["on the last day", "between 24:00 and the sweep"])
def test_a_correction_notice_against_the_lapse(on, crowd, racers, fault_rounds):
    """Once the five days are over no correction can be asked for, swept or not."""
    for number in range(fault_rounds):
        application = quick_submitted(crowd, another_agency(crowd, number))
        mark_all(crowd, application, bad=("venue",))
        ask = {"application": application.pk, "name": "request_correction", "data": {"days": 15}}
        first, _ = racers.race(order(crowd, "transition", "county handler", on, **ask), {"act": "sweep", "on": AFTER})
        application.refresh_from_db()
        if first.outcome == "done":
            assert on == LAST
            assert application.state == "correcting"
            assert list(running(application)) == ["correction"]
            assert left_behind(application) == asked_for("submit", "request_correction")
        else:
            assert (first.outcome, first.codes) == ("NotPossible", {"state"})
            assert (application.state, application.accepted_on) == ("accepted", LAST)
            assert application.requests.count() == 0
            assert left_behind(application) == asked_for("submit", "deem_accepted")


def test_two_chiefs_decide_at_once(crowd, racers, fault_rounds):
    crowd.add("county second chief", crowd.organisation("county chief"), "chief")
    crowd.add("centre second chief", crowd.organisation("centre chief"), "chief")
    for number in range(fault_rounds):
        who = another_agency(crowd, number)
        office, name = ("centre", "approve") if number % 3 == 2 else ("county", "recommend")
        data = GRANTED if name == "approve" else {"positive": True, "text": "同意推荐"}
        application = (quick_assessing if name == "approve" else quick_accepted)(crowd, who)
        proposal = proposals.propose(application, name, actor=crowd.actor(f"{office} handler"), on=DAY, payload=data)
        answers = racers.race(
            *(
                order(crowd, "decide", f"{office} {which}", DAY, proposal=proposal.pk)
                for which in ("chief", "second chief")
            )
        )
        won(answers, refused={"proposal_closed"})
        application.refresh_from_db()
        assert application.state == ("approved" if name == "approve" else "recommended")
        before = TO_ASSESSING if name == "approve" else ("submit", "accept")
        assert left_behind(application) == asked_for(*before, name)
        assert events(application)[name] == events(application)[f"{name}.decided"] == 1
        assert Filing.objects.filter(application=application).count() == (name == "approve")
        Filing.objects.update(state=FilingState.TERMINATED, ended_on=DAY)  # its place is free for the next round


def test_two_late_opinions_decided_at_once(crowd, racers, fault_rounds):
    """The state stays the same: only the proposal itself says that it is decided."""
    crowd.add("county second chief", crowd.organisation("county chief"), "chief")
    late = datetime.date(2026, 10, 12)
    for number in range(fault_rounds):
        application = quick_accepted(crowd, another_agency(crowd, number))
        proposal = proposals.propose(
            application,
            "give_late_opinion",
            actor=crowd.actor("county handler", late),
            on=late,
            payload={"positive": False, "text": "补充说明"},
        )
        answers = racers.race(
            *(
                order(crowd, "decide", f"county {which}", late, proposal=proposal.pk)
                for which in ("chief", "second chief")
            )
        )
        won(answers, refused={"proposal_closed"})
        assert application.opinions.count() == 1


def test_a_decision_against_taking_back(crowd, racers, fault_rounds):
    for number in range(fault_rounds):
        application = quick_accepted(crowd, another_agency(crowd, number))
        data = {"positive": True, "text": "同意推荐"}
        proposal = proposals.propose(
            application, "recommend", actor=crowd.actor("county handler"), on=DAY, payload=data
        )
        answers = racers.race(
            order(crowd, "decide", "county chief", DAY, proposal=proposal.pk),
            order(crowd, "take_back", "county handler", DAY, proposal=proposal.pk),
        )
        winner = won(answers, refused={"proposal_closed"})
        application.refresh_from_db()
        assert application.state == ("accepted" if winner else "recommended")
        assert proposal_states(application) == {"taken_back" if winner else "decided": 1}
        done = ("submit", "accept") if winner else ("submit", "accept", "recommend")
        assert left_behind(application) == asked_for(*done)


def test_two_proposals_at_once(crowd, racers, fault_rounds):
    crowd.add("county second handler", crowd.organisation("county handler"), "handler")
    grounds = {"grounds": [{"basis": "M7(1)", "reason": "不在本市登记", "unmendable": True}]}
    for number in range(fault_rounds):
        application = quick_submitted(crowd, another_agency(crowd, number))
        answers = racers.race(
            *(
                order(
                    crowd, "propose", f"county {which}", DAY, application=application.pk, name="decline", data=grounds
                )
                for which in ("handler", "second handler")
            )
        )
        won(answers, refused={"proposal_open"})
        assert proposal_states(application) == {"open": 1}


def test_a_double_clicked_submission(crowd, racers, fault_rounds):
    for number in range(fault_rounds):
        who = another_agency(crowd, number)
        application = quick_draft(crowd, who)
        click = order(crowd, "transition", who, DAY, application=application.pk, name="submit")
        won(racers.race(click, click), refused={"state"})
        assert left_behind(application) == asked_for("submit")
        assert running(application) == {"completeness": LAST}
        assert events(application)["submit"] == 1
        assert events(application, Outcome.REFUSED) == {"submit": 1}
    numbers = OfficialDocument.objects.order_by("id").values_list("content__application", flat=True)
    assert len(set(numbers)) == fault_rounds


def test_the_same_key_twice_at_once(crowd, racers, fault_rounds):
    """One request acts, the other gets the same answer; another body under the key is refused."""
    for number in range(fault_rounds):
        who = another_agency(crowd, number)
        application = quick_draft(crowd, who)
        click = order(crowd, "once", who, DAY, application=application.pk, name="submit", key=f"key-{number}")
        answers = racers.race(click, click)
        assert sorted(answer.outcome for answer in answers) == ["acted", "again"]
        assert left_behind(application) == asked_for("submit")
        (other,) = racers.race({**click, "body": {"another": True}})
        assert (other.outcome, other.codes) == ("Invalid", {"idempotency_key_reused"})
    assert IdempotencyKey.objects.count() == fault_rounds


def test_two_sweeps_over_fifty_clocks(crowd, racers, fault_rounds):
    rounds = max(1, fault_rounds // 20)
    for number in range(rounds):
        batch = [quick_submitted(crowd, another_agency(crowd, 50 * number + one)) for one in range(50)]
        swept = racers.race({"act": "sweep", "on": AFTER}, {"act": "sweep", "on": AFTER})
        assert sum(int(answer.outcome.removeprefix("swept ")) for answer in swept) == 50
        for application in batch:
            application.refresh_from_db()
            assert (application.state, application.accepted_on) == ("accepted", LAST)
            assert left_behind(application) == asked_for("submit", "deem_accepted")
            assert events(application, Outcome.LAPSED) == {"deem_accepted": 1}
    papers = OfficialDocument.objects.filter(series="deemed_acceptance").order_by("id").values_list("number", flat=True)
    assert len(set(papers)) == 50 * rounds
    assert Proposal.objects.count() == 0


def test_an_assignment_against_a_local_filing(crowd, racers, fault_rounds):
    """While an agency from elsewhere is assigned, a local one is filed: the local filing stands, the assignment never
    stands beside it, and what was made is ended with both its papers."""
    elsewhere = another_agency(crowd, 9000)
    application = quick_assessing(crowd, elsewhere)
    first = proposals.propose(application, "approve", actor=crowd.actor("centre handler"), on=DAY, payload=GRANTED)
    proposals.decide(first, actor=crowd.actor("centre chief"), on=DAY)
    filing = Filing.objects.get()
    for number in range(fault_rounds):
        local = quick_assessing_at(crowd, another_agency(crowd, number), "410523")
        row = assignments.offer(
            filing, actor=crowd.actor("centre handler"), on=DAY, occupation=Occupation.objects.get(pk=OCCUPATION),
            quota_area="汤阴县", levels=[5], site="汤阴县", reason="当地没有",
        )  # fmt: skip
        assignments.consent(row, actor=crowd.actor(elsewhere), on=DAY)
        handler = crowd.actor("centre handler")
        make = proposals.propose(row, "make", actor=handler, on=DAY, payload={})
        approval = proposals.propose(local, "approve", actor=handler, on=DAY, payload=GRANTED)
        answers = racers.race(
            order(crowd, "decide", "centre chief", DAY, proposal=make.pk),
            order(crowd, "decide", "centre chief", DAY, proposal=approval.pk),
        )
        assert answers[1].outcome == "done", answers
        row.refresh_from_db()
        papers = OfficialDocument.objects.filter(matter_type="filings.assignment", matter_id=str(row.pk))
        if answers[0].outcome == "done":
            assert (row.state, row.until) == ("ended", DAY)
            assert sorted(papers.values_list("series", flat=True)) == ["assignment", "assignment_end"]
        else:
            assert answers[0].codes <= {"proposal_closed", "state", "area_has_some", "permission"}, answers
            assert (row.state, row.since, papers.count()) == ("withdrawn", None, 0)
        Filing.objects.exclude(pk=filing.pk).update(state=FilingState.TERMINATED, ended_on=DAY)
