"""The state table of a filing: the clock holds it and lets it expire, two at the centre deregister it, nobody else."""

import datetime

import pytest
from django.db import transaction as database

from core.accounts.actors import system
from core.deadlines.models import Clock
from core.refusals import NotAllowed, NotPossible, Refused
from core.workflow import proposals
from core.workflow.fsm import may
from core.workflow.spec import spec_for
from filings import workflow
from filings.enums import FilingState
from filings.models import Filing
from filings.workflow import life
from tests.filings.test_state_table import ROLES, Rollback
from tests.world import World, confirm_years, file, filed, make_world

pytestmark = pytest.mark.django_db

DAY = datetime.date(2029, 9, 1)
END = datetime.date(2029, 9, 18)

# (state, transition) -> (who acts or proposes, who decides, the state after). What is not listed is refused.
TABLE: dict[tuple[str, str], tuple[set[str], set[str], str]] = {
    ("active", "hold"): ({"clock"}, set(), "active"),
    ("active", "expire"): ({"clock"}, set(), "expired"),
    ("active", "deregister"): ({"centre handler"}, {"centre chief"}, "deregistered"),
}
# Parts of a setting aside (M40), done by the clock alone in its transaction: `test_parts_of_a_setting_aside`.
COMPOSED = {"revoke": "active", "restore": "expired"}
# What changes no state: (state, deed) -> who does it.
DEEDS: dict[tuple[str, str], set[str]] = {
    ("active", "ask"): {"agency admin"},
    ("active", "record_ceased"): {"centre handler"},
    ("active", "take_back_asked"): {"agency admin"},
    ("active", "take_back_ceased"): {"centre handler"},
}
ASKED = {"reason": "不再开展评价。"}
CEASED = {"reason": "登记机关已准予注销登记。", "ceased_on": DAY}


@pytest.fixture
def world(db) -> World:
    confirm_years(2027, 2030)
    return make_world()


def build(world: World, state: str) -> Filing:
    """Return a filing in that state; how it came to be terminated or revoked is for upper apps."""
    filing = filed(world)
    if state != "active":
        Filing.objects.filter(pk=filing.pk).update(state=state, ended_on=DAY)
        Clock.objects.filter(kind="validity").update(state="ended", ended_on=DAY)
    filing.refresh_from_db()
    return filing


def asked(world: World, filing: Filing):
    return workflow.ask_deregistration(filing, actor=world.actor("agency admin", DAY), on=DAY, **ASKED)


def ceased(world: World, filing: Filing, role: str = "centre handler"):
    return workflow.record_ceased(filing, actor=world.actor(role, DAY), on=DAY, proof=file(), **CEASED)


def attempt(act) -> str:
    """Return the state after the act, or the name of the refusal; the database is as before."""
    try:
        with database.atomic():
            after = act()
            raise Rollback
    except Rollback:
        return after
    except Refused as refusal:
        return type(refusal).__name__


def transit(world: World, filing: Filing, name: str, role: str, decider: str) -> str:
    if name == "deregister":
        waiting = filing.state == "active" and asked(world, filing)
        payload = {"deregistration": waiting.pk if waiting else 0}
        if role == "clock":
            rule = spec_for("filings.filing").transitions[name]
            rule.execute(filing, actor=system("期限时钟", DAY), on=DAY, proposal=None, **payload)
        else:
            proposal = proposals.propose(filing, name, actor=world.actor(role, DAY), on=DAY, payload=payload)
            proposals.decide(proposal, actor=world.actor(decider, DAY), on=DAY)
    else:
        actor = system("期限时钟", END) if role == "clock" else world.actor(role, DAY)
        if name == "hold":
            Filing.objects.update(held_open=filing.state == "active")
            filing.refresh_from_db()
            clock = Clock(matter_type="filings.filing", matter_id=str(filing.pk), kind="validity", due_on=END)
            life.end_of_validity(filing, clock, actor)
        else:
            life.expire(filing, actor=actor, on=actor.on)
    filing.refresh_from_db()
    return filing.state


@pytest.mark.parametrize("state", FilingState.values)
def test_every_transition_for_every_role(world, state):
    filing = build(world, state)
    wrong = []
    for name in spec_for("filings.filing").transitions.keys() - COMPOSED:
        acts, decides, target = TABLE.get((state, name), (set(), set(), ""))
        chief = next(iter(decides), "centre chief")
        for role in ROLES:
            found = attempt(lambda name=name, role=role, chief=chief: transit(world, filing, name, role, chief))
            filing.refresh_from_db()
            if found != target if role in acts else found not in {NotPossible.__name__, NotAllowed.__name__}:
                wrong.append((name, role, found))
        for role in ROLES[:-1] if decides else ():
            who = next(iter(acts))
            found = attempt(lambda name=name, who=who, role=role: transit(world, filing, name, who, role))
            filing.refresh_from_db()
            if found != (target if role in decides else "NotAllowed"):
                wrong.append((name, "decided by " + role, found))
    assert wrong == []


def do(world: World, filing: Filing, deed: str, role: str) -> str:
    actor = world.actor(role, DAY)
    match deed:
        case "ask":
            workflow.ask_deregistration(filing, actor=actor, on=DAY, **ASKED)
        case "record_ceased":
            ceased(world, filing, role)
        case _:
            row = asked(world, filing) if deed == "take_back_asked" else ceased(world, filing)
            workflow.take_back_deregistration(filing, row, actor=actor, on=DAY)
    return "done"


@pytest.mark.parametrize("state", FilingState.values)
def test_every_deed_for_every_role(world, state):
    filing = build(world, state)
    wrong = []
    for deed in ("ask", "record_ceased", "take_back_asked", "take_back_ceased"):
        for role in ROLES[:-1]:
            found = attempt(lambda deed=deed, role=role: do(world, filing, deed, role))
            may = role in DEEDS.get((state, deed), set())
            if found != "done" if may else found not in {NotPossible.__name__, NotAllowed.__name__}:
                wrong.append((deed, role, found))
    assert wrong == []


def test_the_table_names_only_what_exists():
    assert {name for _, name in TABLE} | set(COMPOSED) == set(spec_for("filings.filing").transitions)


@pytest.mark.parametrize(("name", "state"), COMPOSED.items())
def test_parts_of_a_setting_aside(world, name, state):
    filing = build(world, state)
    assert may(getattr(filing, name), system("期限时钟", DAY))
    for role in ROLES[:-1]:
        assert not may(getattr(filing, name), world.actor(role, DAY)), role
