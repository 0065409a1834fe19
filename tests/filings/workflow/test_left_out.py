"""Approval in part (M11): whole occupations, single levels, single sites, each with its reason and its basis."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.db import transaction as database

from core.audit.models import Event
from core.documents.models import OfficialDocument
from core.publications.models import Publication
from core.refusals import Refused
from core.workflow import proposals
from filings.models import Application, LeftOut, Score
from tests.world import BOTH, DAY, SITE, World, assessing, decide, make_world

pytestmark = pytest.mark.django_db
WELDER, ELECTRICIAN = BOTH


def left(occupation: str, *, level: int | None = None, site: int | None = None, **more: str) -> dict[str, Any]:
    """A part left out."""
    return {"occupation": occupation, "level": level, "site": site, "reason": "工位不足", "basis": "M7(2)", **more}


def against(world: World, application: Application, granted: list[str], *parts: dict[str, Any]) -> list[str]:
    """The codes of what stands against proposing this approval."""
    payload = {"granted": granted, "left_out": list(parts), "relaxed": {}}
    handler = world.actor("centre handler")
    try:
        with database.atomic():
            proposals.propose(application, "approve", actor=handler, on=DAY, payload=payload)
            database.set_rollback(True)
    except Refused as refusal:
        return [reason.code for reason in refusal.reasons]
    return []


def with_two_sites(world: World, **more: Any) -> tuple[Application, int, int]:
    """An application whose welders are examined at two sites; return both sites' ids."""
    application = assessing(world)
    second = application.sites.create(**{"area_id": "410502", **SITE, "name": "二分校", **more})
    application.scope.get(occupation_id=WELDER).sites.add(second)
    return application, application.sites.first().pk, second.pk


def test_what_is_not_granted_needs_reason_and_basis():
    world = make_world()
    application = assessing(world)
    assert against(world, application, [WELDER]) == ["left_out_reason"]
    assert against(world, application, [WELDER], left(ELECTRICIAN, reason=" ")) == ["left_out_reason"]
    for basis in ("", "M7", "M15", "M10", "制度"):
        assert against(world, application, [WELDER], left(ELECTRICIAN, basis=basis)) == ["basis_missing"]
    for basis in ("M7(1)", "M7(7)", "M37", "M11"):
        assert against(world, application, [WELDER], left(ELECTRICIAN, basis=basis)) == []
    assert against(world, application, []) == ["nothing_granted", "left_out_reason", "left_out_reason"]


def test_selection_on_merit_needs_an_experts_marks():
    world = make_world()
    application = assessing(world)
    Score.objects.all().delete()
    assert against(world, application, [WELDER], left(ELECTRICIAN, basis="M11")) == ["nothing_scored"]
    assert against(world, application, [WELDER], left(ELECTRICIAN, basis="M37")) == []


def test_of_an_occupation_granted_a_level_and_a_site_remain():
    world = make_world()
    application, first, second = with_two_sites(world)
    every = [left(WELDER, level=level) for level in (5, 4, 3)]
    assert against(world, application, [*BOTH], *every[:2]) == []
    assert against(world, application, [*BOTH], *every) == ["nothing_left"]
    assert against(world, application, [*BOTH], left(WELDER, site=first)) == []
    assert against(world, application, [*BOTH], left(WELDER, site=first), left(WELDER, site=second)) == ["nothing_left"]


def test_a_part_is_named_once_and_was_applied_for():
    world = make_world()
    application, _, second = with_two_sites(world)
    one = left(WELDER, level=3)
    assert against(world, application, [*BOTH], one, one) == ["part_twice"]
    assert against(world, application, [*BOTH], left(WELDER, level=1)) == ["not_applied_for"]
    assert against(world, application, [*BOTH], left(ELECTRICIAN, site=second)) == ["not_applied_for"]
    assert against(world, application, [*BOTH], left("9-99-99-99")) == ["not_applied_for"]
    assert against(world, application, [*BOTH], left(WELDER, level=3, site=second)) == ["part_unclear"]
    assert against(world, application, [*BOTH], left(WELDER)) == ["part_contradicts"]
    whole = left(ELECTRICIAN)
    assert against(world, application, [WELDER], whole, left(ELECTRICIAN, level=3)) == ["part_contradicts"]


def test_filing_receipt_and_publication_hold_what_is_granted_alone():
    world = make_world()
    application, _, second = with_two_sites(world)
    parts = [
        left(WELDER, site=second, reason="消防不合格"),
        left(WELDER, level=3, reason="考评人员不足", basis="M7(3)"),
        left(ELECTRICIAN, basis="M37", reason="名额已满"),
    ]
    decide(world, application, "approve", "centre", DAY, granted=[WELDER], left_out=parts, relaxed={})
    scope = application.granted_filing.scope.get()
    assert (scope.occupation_id, scope.levels) == (WELDER, [5, 4])
    assert [site.name for site in application.granted_filing.sites.all()] == ["校本部"]
    receipt = OfficialDocument.objects.get(series="receipt")
    assert [(row["levels"], row["sites"]) for row in receipt.content["scope"]] == [([5, 4], ["校本部"])]
    assert [site["name"] for site in receipt.content["sites"]] == ["校本部"]
    published = Publication.objects.get(kind="filing").content
    assert (published["scope"][0]["levels"], len(published["sites"])) == ([5, 4], 1)
    paper = OfficialDocument.objects.get(series="partial_refusal")
    assert [(part["what"], part["reason"], part["basis"]) for part in paper.content["left_out"]] == [
        ("焊工（6-18-02-04）三级（高级工）", "考评人员不足", "M7(3)"),
        ("焊工（6-18-02-04）考评场地“二分校”", "消防不合格", "M7(2)"),
        ("电工（6-31-01-03）", "名额已满", "M37"),
    ]
    assert paper.content["remedies"]
    frozen = Event.objects.filter(verb="filings.application.approve").latest("id").frozen["scope"]
    assert [part["level"] for part in frozen[0]["left_out"]] == [3, None]
    assert frozen[1]["left_out"][0]["basis"] == "M37"


def test_a_site_left_out_counts_neither_for_conditions_nor_for_places():
    world = make_world()
    application, _, second = with_two_sites(world, area_id="410523", surveillance=False, other_area_reason="")
    assert sorted(against(world, application, [*BOTH])) == ["m7_same_area", "m7_surveillance"]
    assert against(world, application, [*BOTH], left(WELDER, site=second)) == []


def test_the_database_holds_each_part_once():
    world = make_world()
    application, _, second = with_two_sites(world)
    item = application.scope.get(occupation_id=WELDER)
    for part in ({"level": 3}, {"site_id": second}, {}):
        LeftOut.objects.create(item=item, reason="理由", basis="M11", **part)
        with pytest.raises(IntegrityError), database.atomic():
            LeftOut.objects.create(item=item, reason="理由", basis="M11", **part)
    with pytest.raises(IntegrityError), database.atomic():
        LeftOut.objects.create(item=item, reason="理由", basis="M11", level=5, site_id=second)


def test_the_whole_is_granted_where_nothing_is_left_out():
    world = make_world()
    application = assessing(world)
    decide(world, application, "approve", "centre", DAY, granted=[*BOTH])
    assert not OfficialDocument.objects.filter(series="partial_refusal").exists()
    assert [row.levels for row in application.granted_filing.scope.all()] == [[5, 4, 3], [5, 4, 3]]
