"""On what a decline (M10) and a refusal (M11) may rest."""

from typing import Any

import pytest

from core.refusals import Refused
from core.workflow import proposals
from filings import workflow
from filings.enums import Requester
from filings.models import Application
from regulation.bases import UNMENDABLE
from regulation.citations import LAST_ARTICLE, cite
from tests.filings.factories import another_agency, quick_assessing
from tests.world import DAY, World, assessing, make_world, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def against(application: Application, name: str, actor: Any, **ground: Any) -> list[str]:
    """The codes that stand against proposing this on one ground; none where it was proposed (and is taken back)."""
    payload = {"grounds": [{"reason": "理由", **ground}]}
    try:
        made = proposals.propose(application, name, actor=actor, on=DAY, payload=payload)
    except Refused as refused:
        return [reason.code for reason in refused.reasons]
    proposals.take_back(made, actor=actor, on=DAY)
    return []


def test_what_cannot_be_mended_is_a_stated_set_of_articles(world):
    application, county = submitted(world), world.actor("county handler")
    for code in UNMENDABLE:
        assert against(application, "decline", county, basis=code, unmendable=True) == [], code
    others = [f"M{n}" for n in range(1, LAST_ARTICLE + 1) if f"M{n}" not in UNMENDABLE] + ["M7(2)", "M7(5)", "M8(3)"]
    for code in others:
        assert against(application, "decline", county, basis=code, unmendable=True) == ["basis_mendable"], code


def test_every_such_article_is_of_the_measure_and_on_the_form(world):
    from filings.forms.officers import DECLINE_BASES

    offered = [code for _, group in DECLINE_BASES[1:] for code, _ in group]
    assert [cite(code).code for code in UNMENDABLE] == offered[: len(UNMENDABLE)]
    assert len(offered) == len(set(offered))


def test_merit_needs_scores(world):
    centre = world.actor("centre handler")
    assert against(assessing(world), "refuse", centre, basis="M11") == []
    unscored = quick_assessing(world, another_agency(world, 1))
    assert against(unscored, "refuse", centre, basis="M11") == ["nothing_scored"]


def invited(world: World, application: Application) -> Application:
    items = [{"material": key, "what": "请补充"} for key in ("venue", "record")]
    return workflow.invite_supplements(application, actor=world.actor("centre handler"), on=DAY, items=items)


def supplied(world: World, application: Application, *keys: str) -> None:
    agency = world.actor("agency admin")
    for key in keys:
        workflow.answer_item(application, key, actor=agency, on=DAY, answer="见说明")
    workflow.supply_supplements(application, actor=agency, on=DAY)


def test_what_was_asked_for_needs_a_request_left_unanswered_in_whole_or_part(world):
    application, centre = assessing(world), world.actor("centre handler")
    assert against(application, "refuse", centre, basis="M10") == ["nothing_asked"]
    invited(world, application)
    assert against(application, "refuse", centre, basis="M10") == []
    supplied(world, application, "venue")  # in part
    assert against(application, "refuse", centre, basis="M10") == []


def test_what_was_supplied_whole_is_no_ground(world):
    application = invited(world, assessing(world))
    supplied(world, application, "venue", "record")
    assert against(application, "refuse", world.actor("centre handler"), basis="M10") == ["nothing_asked"]


def test_a_request_that_was_not_served_binds_nobody():
    world = make_world(consent=False)
    application = invited(world, assessing(world))
    assert application.requests.get(kind=Requester.SUPPLEMENT).served_on is None
    assert against(application, "refuse", world.actor("centre handler"), basis="M10") == ["nothing_asked"]
