"""Selection on merit (择优, M11): who stands beside whom, whom an approval passes over, what the loser is told."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db import transaction as database
from django.test.utils import CaptureQueriesContext

from core.audit.models import Event
from core.documents.models import OfficialDocument
from core.reference import settings
from core.refusals import Refused
from core.workflow import proposals
from core.workflow.models import Proposal
from filings import board, contenders, merit, quota, workflow
from filings.models import Application, CapOverride, Criterion, PassedOver, PlaceGiven, QuotaYear, UrgentOccupation
from tests.filings.factories import (
    OCCUPATION,
    another_agency,
    last_places,
    quick_accepted,
    quick_assessing,
    quick_scored,
    scored,
)
from tests.world import DAY, SITE, World, approved, assessed, decide, following, make_world

pytestmark = pytest.mark.django_db

URBAN, TANGYIN = f"市区:{OCCUPATION}", f"汤阴县:{OCCUPATION}"
REASON = "排在前面的机构场地与本区已有机构重复，本区南部还没有评价机构。"


@pytest.fixture
def world() -> World:
    return make_world()


def payload(**more: Any) -> dict[str, Any]:
    return {"granted": [OCCUPATION], "left_out": [], "relaxed": {}, **more}


def passing_over(*rivals: Application, cap: str = URBAN, reason: str = REASON) -> dict[str, Any]:
    return payload(passed_over={cap: {"reason": reason, "rivals": [one.pk for one in rivals]}})


def propose(world: World, application: Application, said: dict[str, Any] | None = None) -> Proposal:
    handler = world.actor("centre handler")
    return proposals.propose(application, "approve", actor=handler, on=DAY, payload=said or payload())


def against(world: World, application: Application, said: dict[str, Any] | None = None) -> dict[str, str]:
    """{field: code} of what stands against proposing this; nothing is proposed."""
    try:
        with database.atomic():
            propose(world, application, said)
            database.set_rollback(True)
    except Refused as refusal:
        return {reason.field: reason.code for reason in refusal.reasons}
    return {}


def decided(world: World, proposal: Proposal) -> list[str]:
    """The codes of what stands against deciding it; none: it is decided."""
    try:
        proposals.decide(proposal, actor=world.actor("centre chief"), on=DAY)
    except Refused as refusal:
        return [reason.code for reason in refusal.reasons]
    return []


# -- who stands beside whom --------------------------------------------------------------------------------------


def test_candidates_are_those_in_assessment_for_the_place_the_best_first(world):
    second, best = quick_scored(world, 1, 80, 70), quick_scored(world, 2, 90, 91, 91)
    unscored = quick_assessing(world, another_agency(world, 3))
    quick_accepted(world, another_agency(world, 4))
    found = merit.standings([URBAN, TANGYIN], DAY)
    assert [(one.application, one.score, one.sheets, one.rank) for one in found[URBAN]] == [
        (best, merit.Decimal("90.67"), 3, 1),
        (second, merit.Decimal("75.00"), 2, 2),
        (unscored, None, 0, None),
    ]
    assert found[TANGYIN] == []


def test_the_same_score_is_the_same_rank(world):
    for number, total in enumerate((80, 80, 79)):
        quick_scored(world, number, total)
    assert [one.rank for one in merit.standings([URBAN], DAY)[URBAN]] == [1, 1, 3]


def test_scores_on_other_criteria_compare_by_their_share_of_the_full_marks(world):
    first = quick_scored(world, 1, 80)
    Criterion.objects.exclude(key="venue").update(until=DAY)
    later = datetime.date(2026, 9, 21)
    second = quick_assessing(world, another_agency(world, 2), later)
    centre = world.actor("centre handler", later)
    task = workflow.assign_expert(second, world.people["expert 1"], actor=centre, on=later)
    marks = {"venue": {"marks": 33, "reason": "设备新"}}
    said = {"marks": marks, "positive": True, "opinion": "符合"}
    workflow.submit_sheet(task, actor=world.actor("expert 1", later), on=later, **said)
    found = merit.standings([URBAN], later)[URBAN]
    assert [(one.application, str(one.score)) for one in found] == [(second, "82.50"), (first, "80.00")]


def test_a_fixed_number_of_queries_however_many_compete(world):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            merit.standings([URBAN, quota.CITY], DAY)
        return len(queries)

    quick_scored(world, 1, 80)
    one = asked()
    quick_scored(world, 2, 90, 80)
    quick_scored(world, 3)
    assert asked() == one <= 12


def into_tangyin(draft: Application) -> None:
    """What an agency does to a draft of a change: welders are examined at a further site in 汤阴县."""
    more = {"name": "汤阴考点", "other_area_reason": "本县没有考点"}
    site = draft.sites.create(**{"area_id": "410523", **SITE, **more})
    draft.scope.get(occupation_id=OCCUPATION).sites.add(site)


def change_into_tangyin(world: World, who: str = "agency admin", *totals: int, **fields: Any) -> Application:
    """Return such a change in assessment, marked by experts."""
    change = following(world, "change", DAY, edit=into_tangyin, who=who, **fields)
    return scored(world, assessed(world, change, DAY), *totals)


def test_a_change_stands_for_what_it_adds_a_renewal_for_nothing(world):
    approved(world)
    change = change_into_tangyin(world)
    assert contenders.wanted(DAY) == {change.pk: {TANGYIN}}
    found = board.board(DAY)
    waiting = {(row.occupation.pk, cell.area): cell.waiting for row in found["rows"] for cell in row.cells}
    assert {key for key, count in waiting.items() if count} == {(OCCUPATION, "汤阴县")}
    Application.objects.filter(pk=change.pk).update(kind="renewal")
    assert contenders.wanted(DAY) == {}


# -- passing over ------------------------------------------------------------------------------------------------


def test_the_last_place_goes_to_a_worse_one_only_with_a_reason(world):
    last_places(world)
    better, worse = quick_scored(world, 1, 92, 90), quick_scored(world, 2, 80, 82)
    assert against(world, better) == {}
    with pytest.raises(Refused) as refusal:
        propose(world, worse)
    (reason,) = refusal.value.reasons
    assert (reason.code, reason.field, reason.citation) == ("passed_over", f"passed-over-{URBAN}", "M11")
    assert reason.text == (
        f"市区“焊工”还有 1 个名额，本件 81.0 分；有 1 件在评估的申请排在前面而会得不到名额：{better.name}（91.0 分）。"
        "同意本件的，请写明越过的理由。"
    )
    assert against(world, worse, passing_over(better, reason=" ")) == {f"passed-over-{URBAN}": "passed_over"}
    assert decided(world, propose(world, worse, passing_over(better))) == []
    place = PlaceGiven.objects.get(application=worse, cap=URBAN)
    assert (str(place.score), place.free, place.given_on) == ("81.00", 1, DAY)
    row = PassedOver.objects.get()
    assert (row.place, row.rival, str(row.score), row.reason) == (place, better, "91.00", REASON)
    event = Event.objects.filter(verb="filings.application.approve", matter_id=str(worse.pk)).get()
    assert event.payload["passed_over"][URBAN]["reason"] == REASON


def test_the_better_one_is_approved_without_a_word_and_takes_its_place_once(world):
    last_places(world)
    better, worse = quick_scored(world, 1, 92), quick_scored(world, 2, 80)
    assert decided(world, propose(world, better)) == []
    assert {row.cap: row.free for row in better.places_given.all()} == {"city": 38, URBAN: 1}
    assert not PassedOver.objects.exists()
    assert against(world, worse) == {f"cap:{URBAN}": "cap_reached"}


def test_with_places_for_all_the_better_ones_nobody_is_passed_over(world):
    last_places(world, free=2)
    quick_scored(world, 1, 92)
    worse = quick_scored(world, 2, 80)
    assert against(world, worse) == {}
    third = quick_scored(world, 3, 85)
    assert against(world, worse, passing_over(third)) == {}
    assert against(world, worse) == {f"passed-over-{URBAN}": "passed_over"}


def test_of_equals_that_share_what_is_left_each_is_passed_over(world):
    last_places(world, free=2)
    first, second, worse = quick_scored(world, 1, 90), quick_scored(world, 2, 90), quick_scored(world, 3, 80)
    (choice,) = merit.choices(worse, [quota.of_key(URBAN, DAY)], [OCCUPATION], DAY)
    assert {one.application for one in choice.passed} == {first, second}
    (equal,) = merit.choices(first, [quota.of_key(URBAN, DAY)], [OCCUPATION], DAY)
    assert equal.better == []


def test_none_waits_for_a_later_or_an_unmarked_rival(world):
    last_places(world)
    mine = quick_scored(world, 1, 60)
    quick_assessing(world, another_agency(world, 2))
    quick_accepted(world, another_agency(world, 3))
    assert decided(world, propose(world, mine)) == []


def test_the_marked_go_before_one_that_no_expert_marked(world):
    last_places(world)
    marked, unmarked = quick_scored(world, 1, 60), quick_assessing(world, another_agency(world, 2))
    with pytest.raises(Refused, match="本件没有专家评分"):
        propose(world, unmarked)
    assert decided(world, propose(world, unmarked, passing_over(marked))) == []
    assert PlaceGiven.objects.get(application=unmarked, cap=URBAN).score is None


def test_what_is_left_out_takes_no_place_and_passes_over_nobody(world):
    """An occupation not granted is no part of the comparison."""
    last_places(world)
    quick_scored(world, 1, 92)
    worse = quick_scored(world, 2, 80)
    worse.scope.create(occupation_id="6-31-01-03", levels=[5], question_bank="国家题库").sites.set(worse.sites.all())
    left = {"occupation": OCCUPATION, "level": None, "site": None, "reason": "名额给予评分更高的机构", "basis": "M11"}
    said = payload(granted=["6-31-01-03"], left_out=[left])
    assert f"passed-over-{URBAN}" not in against(world, worse, said)


def test_a_rival_let_over_the_cap_loses_nothing(world):
    last_places(world)
    better, worse = quick_scored(world, 1, 92), quick_scored(world, 2, 80)
    bureau = world.people["bureau chief"]
    CapOverride.objects.create(
        application=better, cap=URBAN, request="急需", asked_by=world.people["centre handler"], asked_on=DAY,
        granted=True, reason="同意", decided_by=bureau, decided_on=DAY,
    )  # fmt: skip
    assert against(world, worse) == {}


def test_over_a_full_cap_a_better_one_is_passed_over_too(world):
    last_places(world, free=0)
    better, worse = quick_scored(world, 1, 92), quick_scored(world, 2, 80)
    handler = world.actor("centre handler")
    workflow.request_override(worse, actor=handler, on=DAY, cap=URBAN, reason="南部没有机构")
    decide(world, worse, "override_cap", "bureau", DAY, cap=URBAN, granted=True, reason="同意")
    assert against(world, worse) == {f"passed-over-{URBAN}": "passed_over"}
    assert decided(world, propose(world, worse, passing_over(better))) == []
    assert PassedOver.objects.get().place.free == 0


def test_for_the_citys_places_urgent_occupations_come_first(world):
    QuotaYear.objects.update(places=1)
    plain, urgent = quick_scored(world, 1, 95), quick_scored(world, 2, 70)
    urgent.scope.create(occupation_id="6-31-01-03", levels=[5], question_bank="国家题库").sites.set(urgent.sites.all())
    UrgentOccupation.objects.create(occupation_id="6-31-01-03", since=DAY, source="目录")
    assert [one.application for one in merit.standings(["city"], DAY)["city"]] == [urgent, plain]
    assert against(world, plain) == {"passed-over-city": "passed_over"}
    said = passing_over(urgent, cap="city")
    assert decided(world, propose(world, plain, said)) == []
    row = PassedOver.objects.get()
    assert (row.urgent, row.place.urgent, row.place.cap) == (True, False, "city")


def test_left_without_its_urgent_occupation_an_application_is_not_urgent(world):
    QuotaYear.objects.update(places=1)
    quick_scored(world, 1, 95)
    urgent = quick_scored(world, 2, 70)
    UrgentOccupation.objects.create(occupation_id="6-31-01-03", since=DAY, source="目录")
    urgent.scope.create(occupation_id="6-31-01-03", levels=[5], question_bank="国家题库").sites.set(urgent.sites.all())
    left = {"occupation": "6-31-01-03", "level": None, "site": None, "reason": "没有设备", "basis": "M7(2)"}
    assert against(world, urgent, payload(left_out=[left])) == {"passed-over-city": "passed_over"}


# -- the chief decides on what the handler saw -------------------------------------------------------------------


def test_a_better_one_that_appears_after_the_proposal_stops_the_decision(world):
    last_places(world)
    mine = quick_scored(world, 1, 80)
    proposal = propose(world, mine)
    quick_scored(world, 2, 90)
    assert decided(world, proposal) == ["passed_over"]
    mine.refresh_from_db()
    assert mine.state == "assessing"
    assert not PlaceGiven.objects.filter(application=mine).exists()


def test_a_rival_that_appears_but_is_worse_or_unmarked_stops_nothing(world):
    last_places(world)
    mine = quick_scored(world, 1, 80)
    proposal = propose(world, mine)
    quick_scored(world, 2, 79)
    quick_assessing(world, another_agency(world, 3))
    assert decided(world, proposal) == []


def test_a_further_better_one_is_not_passed_over_by_the_old_reason(world):
    last_places(world)
    better, mine = quick_scored(world, 1, 90), quick_scored(world, 2, 80)
    proposal = propose(world, mine, passing_over(better))
    further = quick_scored(world, 3, 85)
    assert decided(world, proposal) == ["rivals_changed"]
    proposals.take_back(proposal, actor=world.actor("centre handler"), on=DAY)
    assert decided(world, propose(world, mine, passing_over(better, further))) == []
    assert set(PassedOver.objects.values_list("rival_id", flat=True)) == {better.pk, further.pk}


def test_where_the_better_one_is_gone_the_reason_for_passing_it_over_falls(world):
    last_places(world)
    better, mine = quick_scored(world, 1, 90), quick_scored(world, 2, 80)
    proposal = propose(world, mine, passing_over(better))
    workflow.withdraw(better, actor=world.actor("agency 1 admin"), on=DAY)
    assert decided(world, proposal) == ["nobody_passed_over"]
    proposals.take_back(proposal, actor=world.actor("centre handler"), on=DAY)
    assert against(world, mine, passing_over(better)) == {f"passed-over-{URBAN}": "nobody_passed_over"}
    assert against(world, mine) == {}


def test_the_database_keeps_no_passing_over_without_a_reason(world):
    last_places(world)
    better, mine = quick_scored(world, 1, 90), quick_scored(world, 2, 80)
    decide(world, mine, "approve", "centre", DAY, **passing_over(better))
    row = PassedOver.objects.get()
    row.reason = ""
    with pytest.raises(IntegrityError), database.atomic():
        row.save()


# -- what the loser is told --------------------------------------------------------------------------------------


def refused(world: World, application: Application, basis: str = "M11") -> dict[str, Any]:
    grounds = [{"basis": basis, "reason": "名额有限，择优遴选。"}]
    decide(world, application, "refuse", "centre", DAY, grounds=grounds)
    return OfficialDocument.objects.get(series="refusal").content


def test_the_loser_sees_its_own_score_the_criteria_and_that_a_better_one_has_the_place(world):
    last_places(world)
    better, worse = quick_scored(world, 1, 92), quick_scored(world, 2, 80, 83)
    decide(world, better, "approve", "centre", DAY, **payload())
    content = refused(world, worse)
    assert (content["score"], content["criteria"]) == ("81.5", "满分100分，2位专家评分的平均")
    assert [(one["label"], one["full"], one["marks"], str(one["since"])) for one in content["scores"]] == [
        ("场地设备", 40, "40.0", "2020-01-01"),
        ("人员配备", 30, "30.0", "2020-01-01"),
        ("培训评价业绩", 30, "11.5", "2020-01-01"),
    ]
    assert content["merit"] == ["市区“焊工”的名额已给予评分更高的申请。"]
    assert better.name not in str(content)
    assert "92" not in str(content["merit"])


def test_one_passed_over_is_not_told_that_a_better_one_has_it(world):
    last_places(world)
    better, worse = quick_scored(world, 1, 92), quick_scored(world, 2, 80)
    decide(world, worse, "approve", "centre", DAY, **passing_over(better))
    assert refused(world, better)["merit"] == ["市区“焊工”的名额给予了其他申请，理由已记录在案。"]


@pytest.mark.parametrize("basis", ["M7(2)", "M37"])
def test_a_refusal_on_other_grounds_says_nothing_of_places(world, basis):
    last_places(world)
    better, worse = quick_scored(world, 1, 92), quick_scored(world, 2, 80)
    decide(world, better, "approve", "centre", DAY, **payload())
    content = refused(world, worse, basis)
    assert "merit" not in content
    assert content["score"] == "80.0"


def test_while_the_place_is_free_or_went_earlier_nothing_is_said_of_it(world):
    later = datetime.date(2026, 9, 21)
    last_places(world)
    worse = quick_scored(world, 2, 80)
    assert merit.lost(worse, quota.as_applied_for(worse, DAY), DAY) == []
    decide(world, quick_scored(world, 1, 92), "approve", "centre", DAY, **payload())
    after = quick_scored(world, 3, 70, on=later)
    assert merit.lost(after, quota.as_applied_for(after, later), later) == []


def test_a_part_left_out_on_merit_says_the_same(world):
    last_places(world)
    better, worse = quick_scored(world, 1, 92), quick_scored(world, 2, 80)
    worse.scope.create(occupation_id="6-31-01-03", levels=[5], question_bank="国家题库").sites.set(worse.sites.all())
    for year in (2023, 2024, 2025):
        since, until = datetime.date(year, 10, 1), datetime.date(year + 1, 8, 31)
        worse.records.create(occupation_id="6-31-01-03", since=since, until=until, person_times=900)
    decide(world, better, "approve", "centre", DAY, **payload())
    left = {"occupation": OCCUPATION, "level": None, "site": None, "reason": "名额给予评分更高的机构", "basis": "M11"}
    decide(world, worse, "approve", "centre", DAY, granted=["6-31-01-03"], left_out=[left], relaxed={})
    content = OfficialDocument.objects.get(series="partial_refusal").content
    assert (content["score"], content["merit"]) == ("80.0", ["市区“焊工”的名额已给予评分更高的申请。"])


def test_an_item_of_a_change_left_out_on_merit_says_the_same(world):
    """Two filed agencies ask for a site in the county, which has one place left for an occupation."""
    last_places(world)
    operator = world.actor("operator administrator")
    settings.set_value("cap_county", 1, effective_from=DAY, note="局文件", actor=operator, on=DAY)
    worse = change_into_tangyin(world, "agency 90 admin", 70, person_in_charge="负责人乙")
    better = change_into_tangyin(world, "agency 91 admin", 80)
    keys = sorted(item.key for item in worse.change_items.all())
    assert against(world, worse, {"granted": keys, "left_out": []}) == {f"passed-over-{TANGYIN}": "passed_over"}
    granted = [item.key for item in better.change_items.all()]
    decide(world, better, "approve", "centre", DAY, granted=granted, left_out=[])
    assert better.places_given.get().cap == TANGYIN
    reason = {"reason": "名额给予评分更高的机构", "basis": "M11"}
    left = [{"item": key, **reason} for key in keys if key != "person_in_charge"]
    decide(world, worse, "approve", "centre", DAY, granted=["person_in_charge"], left_out=left)
    content = OfficialDocument.objects.get(series="partial_refusal").content
    assert (content["score"], content["merit"]) == ("70.0", ["汤阴县“焊工”的名额已给予评分更高的申请。"])
    assert not worse.places_given.exists()


def test_one_approved_anew_after_its_approval_was_set_aside_takes_its_places_anew(world):
    mine = quick_scored(world, 1, 80)
    (choice,) = merit.choices(mine, [quota.of_key(URBAN, DAY)], [OCCUPATION], DAY)
    for run in (7, 9):
        merit.record([choice], {}, run=run, on=DAY)
    with pytest.raises(IntegrityError), database.atomic():
        merit.record([choice], {}, run=9, on=DAY)
    assert mine.places_given.count() == 2
