"""The state table of an assignment from elsewhere (M37): every (state, transition, role), and nothing besides."""

import pytest
from django.db import transaction as database

from core.accounts.actors import system
from core.reference.models import Occupation
from core.refusals import NotAllowed, NotPossible
from core.workflow import proposals
from core.workflow.offers import offers
from core.workflow.spec import spec_for
from filings.enums import AssignmentState
from filings.models import Assignment
from filings.workflow import assignments
from tests.filings.test_state_table import ROLES, Rollback
from tests.world import DAY, World, decide, filed, make_world

pytestmark = pytest.mark.django_db

MATTER = assignments.MATTER
CENTRE = ({"centre handler"}, {"centre chief"})

# As in test_state_table.TABLE: (state, transition): (who acts or proposes, who decides, the state after).
TABLE: dict[tuple[str, str], tuple[set[str], set[str], str]] = {
    ("offered", "consent"): ({"agency admin"}, set(), "consented"),
    ("offered", "decline"): ({"agency admin"}, set(), "declined"),
    ("offered", "take_back"): ({"centre handler"}, set(), "withdrawn"),
    ("offered", "fall"): ({"clock"}, set(), "withdrawn"),
    ("consented", "make"): (*CENTRE, "in_force"),
    ("consented", "take_back"): ({"centre handler"}, set(), "withdrawn"),
    ("consented", "fall"): ({"clock"}, set(), "withdrawn"),
    ("in_force", "end"): (*CENTRE, "ended"),
    ("in_force", "give_way"): ({"clock"}, set(), "ended"),
}
DATA = {
    "take_back": {"reason": "不再需要"},
    "end": {"reason": "不再需要"},
    "fall": {"because": "当地已有机构"},
    "give_way": {"until": DAY, "because": "当地已有机构"},
}


def build(world: World, state: str) -> Assignment:
    """Return an assignment in that state."""
    agency, handler = world.actor("agency admin"), world.actor("centre handler")
    row = assignments.offer(
        filed(world), actor=handler, on=DAY, occupation=Occupation.objects.get(pk="6-18-02-04"), quota_area="汤阴县",
        levels=[5], site="汤阴县实训基地", reason="当地没有",
    )  # fmt: skip
    if state == "declined":
        assignments.decline(row, actor=agency, on=DAY)
    elif state == "withdrawn":
        assignments.take_back(row, actor=handler, on=DAY, reason="不再需要")
    elif state != "offered":
        assignments.consent(row, actor=agency, on=DAY)
    if state in ("in_force", "ended"):
        decide(world, row, "make", "centre", DAY)
    if state == "ended":
        decide(world, row, "end", "centre", DAY, reason="不再需要")
    return row


def attempt(world: World, row: Assignment, name: str, role: str, decider: str) -> str:
    """Return the state after, or the name of the refusal; the database is as before."""
    rule = spec_for(MATTER).transitions[name]
    actor = system("名额", DAY) if role == "clock" else world.actor(role)
    after = ""
    try:
        with database.atomic():
            fresh = Assignment.objects.get(pk=row.pk)
            if rule.takes_two:
                proposal = proposals.propose(fresh, name, actor=actor, on=DAY, payload=DATA.get(name, {}))
                proposals.decide(proposal, actor=world.actor(decider), on=DAY)
            else:
                rule.execute(fresh, actor=actor, on=DAY, **DATA.get(name, {}))
            fresh.refresh_from_db()
            after = fresh.state
            raise Rollback
    except Rollback:
        return after
    except (NotPossible, NotAllowed) as refused:
        return type(refused).__name__


@pytest.mark.parametrize("state", AssignmentState.values)
def test_every_transition_for_every_role(state):
    world = make_world()
    row = build(world, state)
    assert row.state == state
    wrong = []
    for name in spec_for(MATTER).transitions:
        acts, decides, target = TABLE.get((state, name), (set(), set(), ""))
        for role in ROLES:
            found = attempt(world, row, name, role, next(iter(decides), "centre chief"))
            if found != target if role in acts else found not in {"NotPossible", "NotAllowed"}:
                wrong.append((name, role, found))
        for role in ROLES[:-1] if decides else ():
            found = attempt(world, row, name, next(iter(acts)), role)
            if found != (target if role in decides else "NotAllowed"):
                wrong.append((name, "decided by " + role, found))
    assert wrong == []


@pytest.mark.parametrize("state", AssignmentState.values)
def test_what_a_role_is_offered_is_what_it_may_do(state):
    world = make_world()
    row = build(world, state)
    for role in ROLES[:-1]:
        shown = {offer.name for offer in offers(row, world.actor(role), DAY) if offer.concerns}
        assert shown == {name for (at, name), (acts, _, _) in TABLE.items() if at == state and role in acts}, role


def test_the_table_names_every_transition():
    assert {name for _, name in TABLE} == set(spec_for(MATTER).transitions)
