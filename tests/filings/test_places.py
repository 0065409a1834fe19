"""Places (M37) on the exact days: caps and the year's number from the day they hold, lowered or raised; who is counted
where; the board against the rule; urgent occupations first."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.reference import settings
from core.reference.models import Area, Occupation
from core.refusals import Refused
from core.workflow import proposals
from filings import board, changes, holders, quota
from filings.enums import FilingState
from filings.models import Filing, FilingScope, QuotaYear, UrgentOccupation
from filings.workflow import places
from tests.filings.factories import another_agency, quick_assessing, quick_assessing_at
from tests.world import DAY, SITE, World, approved, assessed, assessing, decide, filed, following, make_world

pytestmark = pytest.mark.django_db

WELDER, ELECTRICIAN = BOTH = ("6-18-02-04", "6-31-01-03")
THERE = "汤阴县"
LATER = datetime.date(2026, 10, 19)
ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world()


def cap(world: World, key: str, value: int, since: datetime.date) -> None:
    administrator = world.actor("operator administrator")
    settings.set_value(key, value, effective_from=since, note="测试", actor=administrator, on=DAY)


def set_quota(world: World, year: int, number: int, on: datetime.date) -> None:
    handler, chief = world.actor("bureau handler", on), world.actor("bureau chief", on)
    proposal = places.propose_quota(actor=handler, on=on, year=year, places=number, source="会议纪要")
    proposals.decide(proposal, actor=chief, on=on)


def approve(world: World, application, on: datetime.date) -> Filing:
    codes = [item.occupation_id for item in application.scope.all()]
    decide(world, application, "approve", "centre", on, granted=codes, left_out=[], relaxed={})
    return Filing.objects.get(application=application)


def full(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.field for reason in refusal.value.reasons if reason.code == "cap_reached"]


# -- the exact days -----------------------------------------------------------------------------------------------


def test_a_cap_for_one_occupation_holds_from_its_day(world):
    filed(world)
    cap(world, "cap_urban", 1, LATER)
    assert [quota.places(WELDER, "市区", day).free for day in (LATER - ONE_DAY, LATER)] == [2, 0]
    on = LATER - ONE_DAY
    application = quick_assessing(world, "rival admin", on)
    payload = {"granted": [WELDER], "left_out": [], "relaxed": {}}
    proposal = proposals.propose(
        application, "approve", actor=world.actor("centre handler", on), on=on, payload=payload
    )
    with pytest.raises(Refused) as refusal:
        proposals.decide(proposal, actor=world.actor("centre chief", LATER), on=LATER)
    assert full(refusal) == [f"cap:市区:{WELDER}"]
    proposals.decide(proposal, actor=world.actor("centre chief", on), on=on)
    assert quota.places(WELDER, "市区", LATER).over == 1  # a lowered cap ends nothing


def test_a_countys_cap_is_its_own(world):
    cap(world, "cap_county", 1, DAY)
    approve(world, quick_assessing_at(world, "agency admin", "410523"), DAY)
    urban, county = (quota.places(WELDER, area, DAY) for area in ("市区", THERE))
    assert ((urban.taken, urban.cap), (county.taken, county.cap)) == ((1, 3), (1, 1))
    with pytest.raises(Refused) as refusal:
        approve(world, quick_assessing_at(world, "rival admin", "410523"), DAY)
    assert full(refusal) == [f"cap:{THERE}:{WELDER}"]


def test_next_years_number_set_ahead_counts_from_the_first_of_january(world):
    december = datetime.date(2026, 12, 31)
    set_quota(world, 2027, 1, december)
    assert [quota.city(day).cap for day in (december, december + ONE_DAY)] == [40, 1]
    assert quota.city(datetime.date(2029, 6, 1)).cap == 1  # holds until replaced
    assert quota.lock_year(december).year == 2026
    assert quota.lock_year(december + ONE_DAY).year == 2027


def test_a_lowered_number_ends_nothing_and_stops_new_places_until_numbers_fall(world):
    first, second = filed(world), approve(world, quick_assessing(world, "rival admin"), DAY)
    set_quota(world, 2026, 1, LATER)
    assert [first.in_force(LATER), second.in_force(LATER)] == [True, True]
    city = quota.city(LATER)
    assert (city.taken, city.cap, city.free, city.over) == (2, 1, 0, 1)
    waiting = quick_assessing(world, another_agency(world, 1), LATER)
    with pytest.raises(Refused) as refusal:
        approve(world, waiting, LATER)
    assert full(refusal) == ["cap:city"]
    for filing in (first, second):
        Filing.objects.filter(pk=filing.pk).update(state=FilingState.TERMINATED, ended_on=LATER)
    approve(world, waiting, LATER)
    assert [row.places for row in QuotaYear.history.order_by("history_id")] == [40, 1]


# -- who is counted where -----------------------------------------------------------------------------------------


def test_once_in_every_area_of_seat_and_sites_whatever_the_levels(world):
    filing = approve(world, quick_assessing_at(world, "agency admin", "410523"), DAY)
    another = filing.sites.create(name="三分校", area_id="410523", address="某路", since=DAY)
    another.scope.add(filing.scope.get())
    assert holders.taken(DAY) == {(WELDER, "市区"): 1, (WELDER, THERE): 1}
    for area in ("市区", THERE):
        assert list(holders.holders(WELDER, area, DAY)) == [filing]


def test_the_high_tech_zone_and_the_districts_are_one_area(world):
    Area.objects.create(code="410571", name="高新区", kind="功能区", quota_area="市区")
    filing = approve(world, quick_assessing_at(world, "agency admin", "410571"), DAY)
    assert holders.taken(DAY) == {(WELDER, "市区"): 1}
    filing.refresh_from_db()
    assert filing.sites.count() == 2


def test_what_no_longer_stands_is_not_counted(world):
    filing = approve(world, quick_assessing_at(world, "agency admin", "410523"), DAY)
    filing.sites.filter(area_id="410523").update(until=LATER)
    assert [set(holders.taken(day)) for day in (LATER - ONE_DAY, LATER)] == [
        {(WELDER, "市区"), (WELDER, THERE)}, {(WELDER, "市区")},
    ]  # fmt: skip
    FilingScope.objects.filter(filing=filing).update(until=LATER + ONE_DAY)
    assert [len(holders.taken(day)) for day in (LATER, LATER + ONE_DAY)] == [1, 0]


@pytest.mark.parametrize("state", [FilingState.TERMINATED, FilingState.DEREGISTERED, FilingState.REVOKED])
def test_an_end_by_decision_frees_the_place_on_its_day(world, state):
    filing = filed(world)
    Filing.objects.filter(pk=filing.pk).update(state=state, ended_on=LATER)
    assert [bool(holders.taken(day)) for day in (LATER - ONE_DAY, LATER)] == [True, False]


@pytest.mark.parametrize("asked", ["initial", "scope", "move", "site"])
def test_a_full_area_stops_an_initial_filing_a_new_occupation_a_move_and_a_new_site(world, asked):
    """Each is checked where it newly takes a place; the full area is the county's."""
    local = approve(world, quick_assessing_at(world, "rival admin", "410523"), DAY)
    cap(world, "cap_county", 1, DAY)
    if asked == "initial":
        wanted = quick_assessing_at(world, "agency admin", "410523", LATER)
        with pytest.raises(Refused) as refusal:
            approve(world, wanted, LATER)
        assert full(refusal) == [f"cap:{THERE}:{WELDER}"]
        return
    filing = filed(world)
    if asked == "scope":  # it evaluates electricians at a site there, and asks for welders at it too
        there = filing.sites.create(name="分校", area_id="410523", address="某路", since=DAY)
        there.scope.set(filing.scope.filter(occupation_id=ELECTRICIAN))
        filing.scope.filter(occupation_id=WELDER).update(until=DAY)
    assert local.pk != filing.pk

    def edit(draft):
        draft.sites.update(
            other_area_reason="当地没有场地",
            surveillance=True,
            environment_ok=True,
            safety_ok=True,
            fire_ok=True,
            square_metres=600,
            places=30,
        )
        if asked == "site":
            new = draft.sites.create(area_id="410523", **{**SITE, "name": "分校", "other_area_reason": "扩大"})
            draft.scope.get(occupation_id=WELDER).sites.add(new)
        if asked == "scope":
            item = draft.scope.create(occupation_id=WELDER, levels=[5], question_bank="国家题库")
            item.sites.set(draft.sites.all())
            for back in (3, 2, 1):
                end = LATER - datetime.timedelta(days=365 * (back - 1) + 1)
                since = end - datetime.timedelta(days=360)
                draft.records.create(occupation_id=WELDER, since=since, until=end, person_times=700)

    fields = {"area_id": "410523", "address": "某路9号", "changed_on": LATER} if asked == "move" else {}
    change = assessed(world, following(world, "change", LATER, edit=edit, **fields), LATER)
    items = [item.key for item in change.change_items.all()]
    with pytest.raises(Refused) as refusal:
        decide(world, change, "approve", "centre", LATER, granted=items, left_out=[], relaxed={})
    assert full(refusal) == [f"cap:{THERE}:{WELDER}"]


# -- the board ----------------------------------------------------------------------------------------------------


def test_the_board_agrees_with_the_rule_of_a_change(world):
    """The set of places that a filing takes is told twice: by the database for the board, item by item for a change."""
    filing = approve(world, quick_assessing_at(world, "agency admin", "410523"), DAY)
    assert set(holders.taken(DAY)) == changes.takes(changes.of_filing(filing, DAY))


def test_who_waits_is_who_would_take_a_place(world):
    first = filed(world)
    assessing(world, who="rival admin")
    assert holders.waiting(DAY) == {(WELDER, "市区"): 1, (ELECTRICIAN, "市区"): 1}
    on = datetime.date(2029, 8, 1)
    renewal = assessed(world, following(world, "renewal", on), on)
    assert renewal.filing == first
    assert holders.waiting(on)[WELDER, "市区"] == 1  # a renewal takes no new place

    def new_site(draft):
        draft.sites.update(other_area_reason="原场地")
        new = draft.sites.create(area_id="410523", **{**SITE, "name": "分校", "other_area_reason": "扩大"})
        draft.scope.get(occupation_id=WELDER).sites.add(new)

    change = assessed(world, following(world, "change", on, edit=new_site), on)
    assert holders.waiting(on)[WELDER, THERE] == 1  # a change waits for what its filing does not hold
    assert holders.waiting(on)[WELDER, "市区"] == 1
    assert holders.waiting_for(WELDER, THERE, on) == [change]


def test_the_board_narrows_and_sorts(world):
    filed(world)
    assessing(world, who="rival admin")
    Occupation.objects.create(code="4-10-01-05", name="养老护理员")
    UrgentOccupation.objects.create(occupation_id="4-10-01-05", since=DAY, source="目录")

    def codes(**narrowed) -> list[str]:
        return [row.occupation.pk for row in board.board(DAY, **narrowed)["rows"]]

    every = ["4-10-01-05", WELDER, ELECTRICIAN]
    assert codes() == codes(show="all") == every
    assert codes(show="waiting") == [WELDER, ELECTRICIAN]
    assert codes(show="urgent") == ["4-10-01-05"]
    assert codes(show="full") == codes(show="contested") == []
    assert codes(show="vacant", area="市区") == ["4-10-01-05"]
    assert codes(sort="waiting") == [WELDER, ELECTRICIAN, "4-10-01-05"]
    assert codes(sort="urgent") == every
    assert codes(text="焊") == [WELDER]
    cap(world, "cap_urban", 1, DAY)
    assert codes(show="full") == codes(show="contested") == [WELDER, ELECTRICIAN]


def test_the_board_asks_as_much_for_one_filing_as_for_three(world):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            board.board(DAY)
        return len(asked)

    approved(world)
    one = queries()
    for number in (1, 2):
        approve(world, quick_assessing(world, another_agency(world, number)), DAY)
    assert queries() == one


# -- urgent occupations first -------------------------------------------------------------------------------------


def test_an_application_is_urgent_on_the_days_of_the_list(world):
    application = quick_assessing(world, "agency admin")
    UrgentOccupation.objects.create(occupation_id=WELDER, since=DAY, until=LATER, source="目录")
    days = (DAY - ONE_DAY, DAY, LATER, LATER + ONE_DAY)
    assert [quota.is_urgent(application, day) for day in days] == [False, True, True, False]
    assert [quota.rank(application, day) for day in (DAY, LATER + ONE_DAY)] == [0, 1]


def test_a_change_is_urgent_for_what_it_adds_alone(world):
    filed(world)
    UrgentOccupation.objects.create(occupation_id=WELDER, since=DAY, source="目录")
    change = following(world, "change", LATER, name="文峰区新甲职业培训学校", changed_on=LATER)
    assert not quota.is_urgent(change, LATER)
    Filing.objects.get().scope.filter(occupation_id=WELDER).update(until=LATER)
    changes.take_down(change, LATER)
    assert quota.is_urgent(change, LATER)


def test_among_those_who_wait_for_the_city_the_urgent_comes_first(world):
    Occupation.objects.create(code="4-10-01-05", name="养老护理员")
    first = quick_assessing(world, "agency admin")
    second = quick_assessing(world, "rival admin")
    second.scope.create(occupation_id="4-10-01-05", levels=[5])
    assert board.place(quota.CITY, DAY)["waiting"] == [first, second]
    UrgentOccupation.objects.create(occupation_id="4-10-01-05", since=DAY, source="目录")
    assert board.place(quota.CITY, DAY)["waiting"] == [second, first]
