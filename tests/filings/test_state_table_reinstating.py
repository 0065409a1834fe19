"""The state table of a grant that a ruling has set aside, and that a later one lets stand again: two at the centre."""

import datetime

import pytest
from django.db import transaction as database

from core.refusals import NotAllowed, NotPossible
from core.workflow import proposals
from core.workflow.offers import offers
from filings import workflow
from filings.models import Application
from tests.filings.test_state_table import BUILD, DATA, ROLES, Rollback
from tests.filings.workflow.test_setting_aside import REFUSAL, ruled, set_aside
from tests.world import World, decide, file, filed, make_world

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 2)
# Where the matter is when the later ruling comes; from "approved" it has been granted anew.
FROM = {"assessing", "refused", "withdrawn"}


def build(world: World, state: str) -> Application:
    """Return an application whose grant was set aside, in that state."""
    application = filed(world).application
    set_aside(world, application, DAY)
    if state == "withdrawn":
        workflow.withdraw(application, actor=world.actor("agency admin", DAY), on=DAY)
    elif state == "refused":
        decide(world, application, "refuse", "centre", DAY, **REFUSAL)
    elif state == "approved":
        for material in application.materials.all():
            workflow.mark_material(
                application, material.key, complete=True, compliant=True, remark="", on=DAY,
                actor=world.actor("centre handler", DAY),
            )  # fmt: skip
        decide(world, application, "approve", "centre", DAY, **DATA["approve"])
    return application


def attempt(world: World, application: Application, role: str, decider: str) -> str:
    """Return the state after, or the name of the refusal; the database is as before."""
    try:
        with database.atomic():
            actor = world.actor(role, DAY)
            fresh = Application.objects.get(pk=application.pk)
            proposal = proposals.propose(fresh, "reinstate", actor=actor, on=DAY, payload=ruled(DAY))
            proposals.decide(proposal, actor=world.actor(decider, DAY), on=DAY)
            fresh.refresh_from_db()
            raise Rollback
    except Rollback:
        return fresh.state
    except (NotPossible, NotAllowed) as refusal:
        return type(refusal).__name__


@pytest.mark.parametrize("state", sorted(FROM | {"approved"}))
def test_every_role(state):
    world = make_world()
    application = build(world, state)
    assert application.state == state
    workflow.upload_ruling(application, file("判决书.pdf"), actor=world.actor("centre handler", DAY), on=DAY)
    closed = {"NotPossible", "NotAllowed"}
    for role in ROLES[:-1]:
        proposed = attempt(world, application, role, "centre chief")
        assert proposed == "approved" if state in FROM and role == "centre handler" else proposed in closed, role
        decided = attempt(world, application, "centre handler", role)
        assert decided == "approved" if state in FROM and role == "centre chief" else decided in closed, role
        shown = {offer.name for offer in offers(application, world.actor(role, DAY), DAY) if offer.concerns}
        assert ("reinstate" in shown) is (state in FROM and role == "centre handler"), role


@pytest.mark.parametrize("state", sorted(FROM))
def test_never_without_a_grant_set_aside(state):
    world = make_world()
    assert attempt(world, BUILD[state](world), "centre handler", "centre chief") == "NotAllowed"
