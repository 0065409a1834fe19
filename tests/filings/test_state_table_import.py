"""The state table of a register of paper filings: every (state, transition, role); what is not listed is refused."""

import pytest
from django.db import transaction as database

from core.accounts.actors import Actor, system
from core.refusals import NotAllowed, NotPossible, Refused
from core.workflow import proposals
from core.workflow.offers import offers
from core.workflow.spec import spec_for
from filings.enums import ImportState
from filings.models import FilingImport
from filings.workflow import importing
from tests.filings.registers import FIRST, proposed, uploaded
from tests.filings.test_state_table import ROLES, Rollback
from tests.world import DAY, World, make_world

pytestmark = pytest.mark.django_db
MATTER = "filings.filingimport"

# (state, transition) -> who acts or proposes, who decides, the state after.
TABLE: dict[tuple[str, str], tuple[set[str], set[str], str]] = {
    ("open", "load"): ({"centre handler"}, {"centre chief"}, "loaded"),
    ("open", "discard"): ({"centre handler"}, set(), "discarded"),
}
DATA = {"load": {"codes_confirmed": False}, "discard": {}}
TRIPLES = [(state, name) for state in ImportState.values for name in spec_for(MATTER).transitions]


def build(world: World, state: str) -> FilingImport:
    found = uploaded(world, FIRST)
    if state == ImportState.LOADED:
        proposals.decide(proposed(world, found), actor=world.actor("centre chief"), on=DAY)
    if state == ImportState.DISCARDED:
        importing.discard(found, actor=world.actor("centre handler"), on=DAY)
    found.refresh_from_db()
    return found


def acting_as(world: World, who: str) -> Actor:
    return system("期限时钟", DAY) if who == "clock" else world.actor(who)


def outcome(world: World, found: FilingImport, name: str, who: str) -> str:
    """What comes of one role's trying: the state after, "proposed", or which refusal."""
    actor = acting_as(world, who)
    rule = spec_for(MATTER).transitions[name]
    try:
        with database.atomic():
            if rule.takes_two:
                proposals.propose(found, name, actor=actor, on=DAY, payload=DATA[name])
                raise Rollback("proposed")
            rule.execute(found, actor=actor, on=DAY, **DATA[name])
            raise Rollback(FilingImport.objects.get(pk=found.pk).state)
    except Rollback as done:
        return str(done)
    except (NotPossible, NotAllowed, Refused) as refusal:
        return type(refusal).__name__


@pytest.mark.parametrize(("state", "name"), TRIPLES)
def test_what_the_table_lists_is_done_and_all_else_refused(state, name):
    world = make_world()
    found = build(world, state)
    acting, _, target = TABLE.get((state, name), (set(), set(), ""))
    takes_two = spec_for(MATTER).transitions[name].takes_two
    for who in ROLES:
        done = outcome(world, found, name, who)
        if who in acting:
            assert done == ("proposed" if takes_two else target), who
        else:
            assert done in {"NotPossible", "NotAllowed"}, who
        if not takes_two or who == "clock":
            continue
        offered = {offer.name: offer for offer in offers(found, world.actor(who), DAY)}
        assert offered[name].open == (who in acting), who


@pytest.mark.parametrize("who", ROLES)
def test_who_decides_what_is_proposed(who):
    world = make_world()
    found = build(world, ImportState.OPEN)
    proposal = proposed(world, found)
    decides = who in TABLE["open", "load"][1]
    try:
        proposals.decide(proposal, actor=acting_as(world, who), on=DAY)
    except NotAllowed:
        assert not decides
    else:
        assert decides
    found.refresh_from_db()
    assert found.state == (ImportState.LOADED if decides else ImportState.OPEN)
