"""Two people for what binds, and earlier part in the matter (DOMAIN.md, Two people)."""

import pytest

from core.accounts.models import Position
from core.audit import trail
from core.refusals import NotAllowed
from core.workflow import proposals
from core.workflow.offers import offers
from filings import permissions, workflow
from filings.models import Application
from filings.workflow.places import propose_quota
from tests.world import DAY, SINCE, World, accepted, decide, make_world

pytestmark = pytest.mark.django_db
OPINION = {"positive": True, "text": "同意"}


@pytest.fixture
def world() -> World:
    return make_world()


def also(world: World, who: str, as_whom: str) -> str:
    """Give the person `who` a second position, the same as that of `as_whom`; return how it is called."""
    first, other = world.people[who], world.people[as_whom]
    name = f"{who} as {as_whom}"
    world.people[name] = Position.objects.create(
        user=first.user, organisation=other.organisation, role=other.role, since=SINCE
    )
    return name


def codes(refusal: pytest.ExceptionInfo[NotAllowed]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def propose(world: World, application: Application, who: str):
    return proposals.propose(application, "recommend", actor=world.actor(who), on=DAY, payload=OPINION)


def test_who_has_proposed_once_decides_nothing_in_the_matter_even_when_it_was_taken_back(world):
    both = also(world, "county handler", "county chief")
    world.add("county handler 2", world.organisation("county handler"), "handler")
    application = accepted(world)
    proposals.take_back(propose(world, application, "county handler"), actor=world.actor("county handler"), on=DAY)
    of_another = propose(world, application, "county handler 2")
    with pytest.raises(NotAllowed) as refusal:
        proposals.decide(of_another, actor=world.actor(both), on=DAY)
    assert codes(refusal) == ["own_proposal"]
    modes = {offer.name: offer.mode for offer in offers(application, world.actor(both), DAY)}
    assert modes["recommend"] == "propose"
    proposals.decide(of_another, actor=world.actor("county chief"), on=DAY)
    application.refresh_from_db()
    assert application.state == "recommended"


def test_who_has_decided_proposes_nothing_in_the_matter(world):
    as_handler = also(world, "county chief", "county handler")
    application = accepted(world)
    proposals.return_(
        propose(world, application, "county handler"), actor=world.actor("county chief"), on=DAY, answer="请写明依据"
    )
    with pytest.raises(NotAllowed) as refusal:
        propose(world, application, as_handler)
    assert codes(refusal) == ["decided_before"]
    offer = {offer.name: offer for offer in offers(application, world.actor(as_handler), DAY)}["recommend"]
    assert not offer.open


def test_part_at_the_county_rules_out_part_at_the_centre(world):
    at_centre = also(world, "county handler", "centre handler")
    application = accepted(world)  # marked and accepted by the county's handler
    decide(world, application, "recommend", "county", DAY, **OPINION)
    with pytest.raises(NotAllowed):
        workflow.start_assessment(application, actor=world.actor(at_centre), on=DAY, methods=["material"])
    workflow.start_assessment(application, actor=world.actor("centre handler"), on=DAY, methods=["material"])


def test_part_for_the_agency_rules_out_part_for_the_office(world):
    at_county = also(world, "agency admin", "county handler")
    application = accepted(world)  # handed in by the agency's admin
    assert not permissions.is_receiving_handler.test(world.actor(at_county), application)
    with pytest.raises(NotAllowed):
        propose(world, application, at_county)


def test_looking_at_a_matter_is_no_part_in_it(world):
    at_centre = also(world, "county chief", "centre chief")
    application = accepted(world)
    trail.record("document.view", actor=world.actor("county chief"), on=DAY, matter=application)
    assert permissions.is_centre_chief.test(world.actor(at_centre), application)


def test_one_who_set_a_number_may_set_the_next(world):
    """The rule binds within one matter; each year's number is a matter of its own."""
    for year in (2026, 2027):
        made = propose_quota(actor=world.actor("bureau handler"), on=DAY, year=year, places=41, source="文件")
        proposals.decide(made, actor=world.actor("bureau chief"), on=DAY)
