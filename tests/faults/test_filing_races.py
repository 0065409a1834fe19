"""What is decided about filings at the same moment, in processes of their own on PostgreSQL: never one too many, never
a deadlock, never a lost approval. A few rounds here, a thousand in `make faults`.
"""

import datetime
from collections import Counter

import pytest
from django.db.models import Q

from core.audit.models import Event
from core.deadlines.models import Clock, ClockState
from core.reference.models import Setting
from core.workflow import proposals
from core.workflow.models import Proposal
from filings import quota
from filings.enums import FilingState
from filings.models import Application, Filing, QuotaYear, Receipt, SerialBlock, in_force, standing
from filings.workflow.places import propose_quota
from tests.faults.restoring import Start
from tests.faults.test_races import GRANTED, order, won
from tests.filings.factories import (
    OCCUPATION,
    TO_ASSESSING,
    another_agency,
    asked_for,
    left_behind,
    proposal_states,
    quick_assessing,
)
from tests.world import DAY, World, assessed, confirm_years, decide, following

pytestmark = [pytest.mark.postgres_only, pytest.mark.faults, pytest.mark.timeout(0)]

ONE_DAY = datetime.timedelta(days=1)
END = datetime.date(2029, 9, 18)  # three years from DAY
TIMELY = datetime.date(2029, 8, 19)
AHEAD, AFTER = TIMELY + ONE_DAY, END + 3 * ONE_DAY
NEW_END = datetime.date(2032, 9, 18)
NEW_NAME = "文峰区更名职业培训学校"
LEVELS = [5, 4, 3, 2]
FIRST = "agency 0 admin"
CITY = [OCCUPATION]


@pytest.fixture
def city(crowd: World) -> World:
    """The small world with two chiefs at the centre and years confirmed."""
    crowd.add("centre second chief", crowd.organisation("centre chief"), "chief")
    confirm_years(2027, 2030)
    return crowd


def filed(world: World, number: int) -> Filing:
    application = quick_assessing(world, another_agency(world, number))
    decide(world, application, "approve", "centre", DAY, **GRANTED)
    return Filing.objects.get(application=application)


def proposed(world: World, application: Application, on: datetime.date, granted: list[str]) -> Proposal:
    data = {**GRANTED, "granted": granted}
    return proposals.propose(application, "approve", actor=world.actor("centre handler", on), on=on, payload=data)


def deciding(world: World, proposal: Proposal, on: datetime.date, chief: str = "chief") -> dict:
    return order(world, "decide", f"centre {chief}", on, proposal=proposal.pk)


def renewal_of(world: World, on: datetime.date) -> Application:
    return assessed(world, following(world, "renewal", on, who=FIRST), on)


def change_of(world: World, on: datetime.date) -> Application:
    def edit(draft: Application) -> None:
        draft.scope.update(levels=LEVELS)

    fields = {"name": NEW_NAME, "changed_on": on}
    return assessed(world, following(world, "change", on, edit=edit, who=FIRST, **fields), on)


def counts_now(filing: Filing) -> list[Receipt]:
    """The receipts that nothing has superseded, by their terms."""
    return list(filing.receipts.filter(superseded_on__isnull=True).order_by("valid_from").select_related("document"))


def test_a_change_against_the_renewal_of_the_same_filing(city, racers, race_rounds):
    """Both are done, whoever comes first: the new term says what the change brought, and so does its receipt."""
    filing = filed(city, 0)
    renewal, change = renewal_of(city, TIMELY), change_of(city, TIMELY)
    start = Start.taken()
    for number in range(race_rounds):
        on = (AHEAD, AFTER)[number % 2]
        one = proposed(city, renewal, on, CITY)
        other = proposed(city, change, on, ["name", f"occupation:{OCCUPATION}"])
        answers = racers.race(deciding(city, one, on), deciding(city, other, on, "second chief"))
        assert [answer.outcome for answer in answers] == ["done", "done"]
        filing.refresh_from_db()
        assert (filing.name, filing.valid_until, filing.held_open) == (NEW_NAME, NEW_END, False)
        assert filing.term_from == max(on, END + ONE_DAY)
        for day in (on, filing.term_from, NEW_END):
            assert [row.levels for row in filing.scope.filter(standing(day))] == [LEVELS]
        newest = filing.receipts.filter(valid_from=filing.term_from).latest("id")
        assert newest.superseded_on is None
        assert newest.document.content["agency"] == NEW_NAME
        assert newest.document.content["scope"][0]["levels"] == LEVELS
        until = [END, NEW_END] if on == AHEAD else [NEW_END]
        in_use = filing.receipts.filter(Q(superseded_on__isnull=True) | Q(superseded_on__gt=on)).order_by("valid_from")
        assert list(in_use.values_list("valid_until", flat=True)) == until
        assert Clock.objects.get(kind="validity", state=ClockState.RUNNING).due_on == NEW_END
        start.restore()


@pytest.mark.parametrize("asked", ["in time", "late"])
def test_a_renewal_approved_against_the_end(asked, city, racers, race_rounds):
    """In time: it holds the filing open, and the sweep of the next day ends nothing. Late: approved on the last day, or
    the filing has ended and the application goes on as an initial one; never both, never neither."""
    filing = filed(city, 0)
    day = TIMELY if asked == "in time" else TIMELY + ONE_DAY
    renewal = renewal_of(city, day)
    start = Start.taken()
    for _ in range(race_rounds):
        proposal = proposed(city, renewal, END, CITY)
        answer, swept = racers.race(deciding(city, proposal, END), {"act": "sweep", "on": END + ONE_DAY})
        filing.refresh_from_db()
        renewal.refresh_from_db()
        assert swept.outcome.startswith("swept")
        if asked == "in time" or answer.outcome == "done":
            assert answer.outcome == "done"
            assert (filing.state, filing.valid_until, filing.term_from) == ("active", NEW_END, END + ONE_DAY)
            assert (renewal.state, renewal.kind) == ("approved", "renewal")
            assert [receipt.valid_until for receipt in counts_now(filing)] == [NEW_END]
        else:
            assert answer.codes <= {"proposal_closed", "content_changed", "state"}, answer
            assert (filing.state, filing.ended_on, filing.valid_until) == ("expired", END, END)
            assert (renewal.state, renewal.kind) == ("assessing", "initial")
            assert filing.receipts.count() == 1
        assert Filing.objects.filter(in_force(END + ONE_DAY)).exists() is (filing.state == FilingState.ACTIVE)
        start.restore()


@pytest.mark.parametrize("cap", ["the city's", "the occupation's", "the occupation's, no year set"])
def test_two_approvals_for_the_last_place(cap, city, racers, race_rounds):
    """The last place is never given twice; the other is told which cap is reached, and stays in assessment."""
    if cap == "the city's":
        QuotaYear.objects.update(places=1)
    else:
        Setting.objects.create(key="cap_urban", value=1, effective_from=datetime.date(2026, 1, 1), note="样例")
    if "no year" in cap:
        QuotaYear.objects.all().delete()
    rivals = [quick_assessing(city, another_agency(city, number)) for number in (0, 1)]
    orders = [
        deciding(city, proposed(city, rival, DAY, CITY), DAY, chief)
        for rival, chief in zip(rivals, ("chief", "second chief"), strict=True)
    ]
    start, codes, wins = Start.taken(), [], [0, 0]
    for _ in range(race_rounds):
        winner = won(racers.race(*orders), refused={"cap_reached"})
        wins[winner] += 1
        codes.append(Filing.objects.get().code)
        for one, rival in enumerate(rivals):
            rival.refresh_from_db()
            assert rival.state == ("approved" if one == winner else "assessing")
            # The county's recommendation was decided before.
            assert proposal_states(rival) == Counter(["decided", "decided" if one == winner else "open"])
        start.restore()
    for rival, times in zip(rivals, wins, strict=True):
        assert left_behind(rival) == asked_for(*TO_ASSESSING, *("approve",) * times)
    taken = [number for block in SerialBlock.objects.order_by("first") for number in range(block.first, block.next)]
    assert [int(code[-6:]) for code in codes] == taken, "a filing code was given twice, or lost with a refusal"


def test_a_move_against_a_first_filing_for_the_last_place(city, racers, race_rounds):
    """A filing's new site and a first filing want the same last place of a county."""
    Setting.objects.create(key="cap_county", value=1, effective_from=datetime.date(2026, 1, 1), note="样例")
    filed(city, 0)

    def edit(draft: Application) -> None:
        site = draft.sites.get()
        site.pk, site.filing_site, site.name, site.area_id = None, None, "汤阴分校", "410523"
        site.other_area_reason = "就近考评"
        site.save(force_insert=True)
        for item in draft.scope.all():
            item.sites.add(site)

    change = assessed(city, following(city, "change", DAY, edit=edit, who=FIRST), DAY)
    first = quick_assessing(city, another_agency(city, 1))
    first.sites.update(area_id="410523", other_area_reason="就近考评")
    items = list(change.change_items.values_list("key", flat=True))
    orders = [
        deciding(city, proposed(city, change, DAY, items), DAY),
        deciding(city, proposed(city, first, DAY, CITY), DAY, "second chief"),
    ]
    start = Start.taken()
    for _ in range(race_rounds):
        winner = won(racers.race(*orders), refused={"cap_reached"})
        assert quota.places(OCCUPATION, "汤阴县", DAY).taken == 1
        states = [Application.objects.get(pk=one.pk).state for one in (change, first)]
        assert states == ["approved" if one == winner else "assessing" for one in (0, 1)]
        start.restore()


def test_an_approval_while_the_number_is_lowered(city, racers, race_rounds):
    """Given before, it stays; lowered before, the approval is told so and waits. Nobody is caught between."""
    QuotaYear.objects.update(places=2)
    filed(city, 0)
    rival = quick_assessing(city, another_agency(city, 1))
    approval = deciding(city, proposed(city, rival, DAY, CITY), DAY)
    bureau = city.actor("bureau handler")
    fewer = propose_quota(actor=bureau, on=DAY, year=DAY.year, places=1, source="年度名额文件")
    lowering = order(city, "decide", "bureau chief", DAY, proposal=fewer.pk)
    start = Start.taken()
    for _ in range(race_rounds):
        approved, lowered = racers.race(approval, lowering)
        assert lowered.outcome == "done"
        assert QuotaYear.objects.get(year=DAY.year).places == 1
        rival.refresh_from_db()
        if approved.outcome == "done":
            assert (rival.state, Filing.objects.count()) == ("approved", 2)
            given = Event.objects.filter(verb="filings.application.approve", matter_id=str(rival.pk)).latest("id")
            set_down = Event.objects.filter(verb="filings.quotadecision.set_quota").latest("id")
            assert given.pk < set_down.pk, "approved by a number that no longer held"
        else:
            assert (approved.outcome, approved.codes) == ("Refused", {"cap_reached"})
            assert (rival.state, Filing.objects.count()) == ("assessing", 1)
        start.restore()
