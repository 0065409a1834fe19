"""DOMAIN.md's state table of an initial application: every (state, transition, role), and nothing besides.

What the table does not list must be refused: by the FSM (NotPossible) or by permission (NotAllowed).
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import transaction as database

from core.accounts.actors import system
from core.deadlines import lapses
from core.deadlines.models import Clock
from core.refusals import Refused
from core.workflow import proposals
from core.workflow.offers import offers
from core.workflow.spec import spec_for
from filings import workflow
from filings.enums import ApplicationState
from filings.models import Application, QuotaYear
from tests.world import DAY, World, accepted, assessing, decide, file, filled_draft, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db

ROLES = (
    "agency admin", "agency staff", "rival admin", "county handler", "county chief", "other county handler",
    "other county chief", "centre handler", "centre chief", "centre inspector", "bureau handler", "bureau chief",
    "experts expert", "operator administrator", "clock",
)  # fmt: skip
BOTH = ["6-18-02-04", "6-31-01-03"]
NEXT = datetime.date(2026, 9, 21)

# (state, transition): (who acts or proposes, who decides, the state after). One person: who decides is empty.
TABLE: dict[tuple[str, str], tuple[set[str], set[str], str]] = {
    ("draft", "submit"): ({"agency admin"}, set(), "submitted"),
    ("submitted", "request_correction"): ({"county handler"}, set(), "correcting"),
    ("submitted", "decline"): ({"county handler"}, {"county chief"}, "declined"),
    ("submitted", "accept"): ({"county handler"}, set(), "accepted"),
    ("submitted", "deem_accepted"): ({"clock"}, set(), "accepted"),
    ("correcting", "resubmit"): ({"agency admin"}, set(), "submitted"),
    ("correcting", "extend_correction"): ({"county handler"}, set(), "correcting"),
    ("correcting", "abandon"): ({"clock"}, set(), "abandoned"),
    ("accepted", "recommend"): ({"county handler"}, {"county chief"}, "recommended"),
    ("accepted", "start_assessment"): ({"centre handler"}, set(), "assessing"),
    ("accepted", "give_late_opinion"): ({"county handler"}, {"county chief"}, "accepted"),
    ("recommended", "start_assessment"): ({"centre handler"}, set(), "assessing"),
    ("assessing", "give_late_opinion"): ({"county handler"}, {"county chief"}, "assessing"),
    ("assessing", "invite_supplements"): ({"centre handler"}, set(), "assessing"),
    ("assessing", "supply_supplements"): ({"agency admin", "agency staff"}, set(), "assessing"),
    ("assessing", "request_override"): ({"centre handler"}, set(), "assessing"),
    ("assessing", "override_cap"): ({"bureau handler"}, {"bureau chief"}, "assessing"),
    ("assessing", "approve"): ({"centre handler"}, {"centre chief"}, "approved"),
    ("assessing", "refuse"): ({"centre handler"}, {"centre chief"}, "refused"),
    ("declined", "set_aside"): ({"county handler"}, {"county chief"}, "submitted"),
    ("abandoned", "set_aside"): ({"county handler"}, {"county chief"}, "correcting"),
    ("refused", "set_aside"): ({"centre handler"}, {"centre chief"}, "assessing"),
    ("approved", "set_aside"): ({"centre handler"}, {"centre chief"}, "assessing"),
    **{
        (state, "withdraw"): ({"agency admin"}, set(), "withdrawn")
        for state in ("draft", "submitted", "correcting", "accepted", "recommended", "assessing")
    },
}

DATA: dict[str, dict[str, Any]] = {
    "request_correction": {"days": 15},
    "extend_correction": {"days": 30, "reason": "换证需要时间"},
    "decline": {"grounds": [{"basis": "M7(1)", "reason": "不在本市登记", "unmendable": True}]},
    "recommend": {"positive": True, "text": "同意推荐"},
    "give_late_opinion": {"positive": False, "text": "补充说明"},
    "start_assessment": {"methods": ["material"]},
    "invite_supplements": {"items": [{"material": "venue", "what": "补平面图"}, {"part": "sites", "what": "补监控"}]},
    "request_override": {"cap": "city", "reason": "当地没有一家"},
    "override_cap": {"cap": "city", "granted": True, "reason": "产业急需"},
    "approve": {"granted": BOTH, "left_out": [], "relaxed": {}},
    "refuse": {"grounds": [{"basis": "M7(2)", "reason": "场地不符合"}]},
    "confirm_items": {"items": ["name"]},
    "set_aside": {
        "authority": "court",
        "number": "（2026）豫05行终1号",
        "orders": "撤销原决定，责令重新作出处理。",
    },
}


def correcting(world: World) -> Application:
    application = submitted(world)
    mark_all(world, application, bad=("venue",))
    return workflow.request_correction(application, actor=world.actor("county handler"), on=DAY, days=15)


def declined(world: World) -> Application:
    application = submitted(world)
    decide(world, application, "decline", "county", DAY, **DATA["decline"])
    return application


def recommended(world: World) -> Application:
    application = accepted(world)
    decide(world, application, "recommend", "county", DAY, **DATA["recommend"])
    return application


def ended(name: str) -> Callable[[World], Application]:
    def build(world: World) -> Application:
        application = assessing(world)
        decide(world, application, name, "centre", DAY, **DATA[name])
        return application

    return build


def abandoned(world: World) -> Application:
    application = correcting(world)
    lapses.settle("filings.application", str(application.pk), datetime.date(2026, 12, 1))
    application.refresh_from_db()
    return application


def withdrawn(world: World) -> Application:
    application = submitted(world)
    return workflow.withdraw(application, actor=world.actor("agency admin"), on=DAY)


BUILD: dict[str, Callable[[World], Application]] = {
    "draft": filled_draft,
    "submitted": submitted,
    "correcting": correcting,
    "abandoned": abandoned,
    "declined": declined,
    "accepted": accepted,
    "recommended": recommended,
    "assessing": assessing,
    "approved": ended("approve"),
    "refused": ended("refuse"),
    "withdrawn": withdrawn,
}

RAN_OUT = datetime.date(2026, 10, 8)
LATE = datetime.date(2026, 10, 12)  # the county's period ended on 2026-10-08; the decision's ends on 2026-10-15


def prepare(world: World, application: Application, name: str) -> datetime.date:
    """Make the conditions of a transition true that the state alone does not; return the day to act on."""
    match application.state, name:
        case "submitted", "accept" | "decline":
            mark_all(world, application)
        case "submitted", "request_correction":
            mark_all(world, application, bad=("venue",))
        case "correcting", "resubmit":
            agency = world.actor("agency admin")
            workflow.answer_item(application, "venue", actor=agency, on=DAY, file=file("平面图.pdf"))
        case "correcting", "extend_correction":
            workflow.ask_extension(application, actor=world.actor("agency admin"), on=DAY, reason="换证")
        case "assessing", "supply_supplements":
            workflow.invite_supplements(
                application, actor=world.actor("centre handler"), on=DAY, **DATA["invite_supplements"]
            )
            workflow.answer_item(application, "venue", actor=world.actor("agency admin"), on=DAY, answer="见附件")
        case "assessing", "request_override" | "override_cap":
            QuotaYear.objects.update(places=0)
            if name == "override_cap":
                centre = world.actor("centre handler")
                workflow.request_override(application, actor=centre, on=DAY, **DATA["request_override"])
        case "declined" | "abandoned" | "refused" | "approved", "set_aside":
            office = "county" if application.state in ("declined", "abandoned") else "centre"
            on = max(DAY, application.decided_on)
            handler = world.actor(f"{office} handler", on)
            workflow.upload_ruling(application, file("判决书.pdf"), actor=handler, on=on)
            return on
        case "accepted", "give_late_opinion" | "start_assessment":
            return LATE
        case "assessing", "give_late_opinion":  # without a recommendation: the county's period ran out before
            Clock.objects.filter(kind="county_recommendation").update(state="lapsed", ended_on=RAN_OUT)
            return LATE
    return DAY


def actor_named(world: World, role: str, on: datetime.date):
    return system("期限时钟", on) if role == "clock" else world.same_actor(role, on)


def run(world: World, application: Application, name: str, role: str, on: datetime.date, decider: str) -> None:
    """Attempt the transition as `role` (two people: `role` proposes, `decider` decides)."""
    rule = spec_for("filings.application").transitions[name]
    actor = actor_named(world, role, on)
    payload = DATA.get(name, DATA["recommend"]) | ({"ruled_on": on.isoformat()} if name == "set_aside" else {})
    if name in ("deem_accepted", "abandon"):
        rule.execute(application, application_clock(application, name), actor=actor)
    elif rule.takes_two:
        proposal = proposals.propose(application, name, actor=actor, on=on, payload=payload)
        proposals.decide(proposal, actor=actor_named(world, decider, on), on=on)
    else:
        rule.execute(application, actor=actor, on=on, **DATA.get(name, {}))


def application_clock(application: Application, name: str):
    kind = {"deem_accepted": "completeness", "abandon": "correction"}[name]
    return Clock(matter_type="filings.application", matter_id=str(application.pk), kind=kind, due_on=DAY)


class Rollback(Exception):
    """Undoes an attempt that succeeded."""


@contextmanager
def undone(application: Application) -> Iterator[None]:
    """Whatever is written within is taken back at the end, and the application as it was. (A refusal has changed
    nothing of it: workflow acts on rows of its own.)"""
    try:
        with database.atomic():
            yield
            raise Rollback
    except Rollback:
        application.refresh_from_db()


def attempt(application: Application, act: Callable[[], object]) -> str:
    """Return the state after an act, or the name of the refusal; the database is as before."""
    after = ""
    try:
        with undone(application):
            act()
            application.refresh_from_db()
            after = application.state
    except Refused as refusal:
        after = type(refusal).__name__
    return after


FALLBACK = ("county chief",)  # decides where the table names nobody
# What only a change or a renewal knows: test_state_table_following.py.
FOLLOWING = {"close", "become_initial", "request_opinion", "give_opinion", "confirm_items"}
# What only a grant knows that a ruling has set aside: test_state_table_reinstating.py.
FOLLOWING |= {"reinstate"}
TRANSITIONS = tuple(spec_for("filings.application").transitions)


@pytest.mark.parametrize("state", BUILD)
def test_every_transition_for_every_role(state: str):
    world = make_world()
    application = BUILD[state](world)
    assert application.state == state
    wrong = []
    for name in TRANSITIONS:
        acts, decides, target = TABLE.get((state, name), (set(), set(), ""))
        with undone(application):
            on = prepare(world, application, name)
            for role in ROLES:
                found = attempt(application, partial(run, world, application, name, role, on, *(decides or FALLBACK)))
                expected = target if role in acts else None
                if (expected is None and found not in {"NotPossible", "NotAllowed"}) or (
                    expected and found != expected
                ):
                    wrong.append((name, role, found, expected))
            for role in ROLES if decides else ():
                found = attempt(application, partial(run, world, application, name, *acts, on, role))
                if found != (target if role in decides else "NotAllowed"):
                    wrong.append((name, "decided by " + role, found))
    assert wrong == []


def test_the_table_names_only_what_exists():
    assert {name for _, name in TABLE} == set(TRANSITIONS) - FOLLOWING
    assert {state for state, _ in TABLE} <= set(ApplicationState.values)


@pytest.mark.parametrize("state", BUILD)
def test_offers_agree_with_the_table(state: str):
    """What buttons and API list as this role's concern is what the table lists for it."""
    world = make_world()
    application = BUILD[state](world)
    for role in ROLES[:-1]:
        concerns = {offer.name for offer in offers(application, world.actor(role), DAY) if offer.concerns}
        assert concerns == {name for (at, name), (acts, _, _) in TABLE.items() if at == state and role in acts}, role
