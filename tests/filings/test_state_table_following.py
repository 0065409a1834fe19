"""DOMAIN.md's state table of changes and renewals: the centre does the county's steps itself (M13, M14)."""

import datetime
from functools import partial

import pytest

from core.accounts.actors import system
from core.deadlines import lapses
from core.deadlines.models import Clock
from core.workflow import proposals
from core.workflow.offers import offers
from core.workflow.spec import spec_for
from filings import workflow
from filings.enums import ApplicationState
from filings.models import Application, Filing
from filings.workflow import life
from tests.filings.test_state_table import BOTH, DATA, ROLES, actor_named, attempt, undone
from tests.world import World, assessed, confirm_years, decide, file, filed, following, make_world, mark_each

pytestmark = pytest.mark.django_db

DAY = datetime.date(2029, 8, 1)  # inside the renewal's window, in time
CENTRE = ({"centre handler"}, {"centre chief"})
FALLBACK = ("centre chief",)  # decides where the table names nobody

# As in test_state_table.TABLE. A county has no part in it unless it is asked for its opinion.
TABLE: dict[tuple[str, str], tuple[set[str], set[str], str]] = {
    ("draft", "submit"): ({"agency admin"}, set(), "submitted"),
    ("submitted", "request_correction"): ({"centre handler"}, set(), "correcting"),
    ("submitted", "decline"): (*CENTRE, "declined"),
    ("submitted", "accept"): ({"centre handler"}, set(), "accepted"),
    ("submitted", "deem_accepted"): ({"clock"}, set(), "accepted"),
    ("correcting", "resubmit"): ({"agency admin"}, set(), "submitted"),
    ("correcting", "extend_correction"): ({"centre handler"}, set(), "correcting"),
    ("correcting", "abandon"): ({"clock"}, set(), "abandoned"),
    ("accepted", "start_assessment"): ({"centre handler"}, set(), "assessing"),
    ("accepted", "request_opinion"): ({"centre handler"}, set(), "accepted"),
    ("assessing", "request_opinion"): ({"centre handler"}, set(), "assessing"),
    ("accepted", "give_opinion"): ({"county handler"}, {"county chief"}, "accepted"),
    ("assessing", "give_opinion"): ({"county handler"}, {"county chief"}, "assessing"),
    ("assessing", "invite_supplements"): ({"centre handler"}, set(), "assessing"),
    ("assessing", "supply_supplements"): ({"agency admin", "agency staff"}, set(), "assessing"),
    ("assessing", "approve"): (*CENTRE, "approved"),
    ("assessing", "refuse"): (*CENTRE, "refused"),
    **{
        (state, "set_aside"): (*CENTRE, target)
        for state, target in (
            ("declined", "submitted"),
            ("abandoned", "correcting"),
            ("refused", "assessing"),
            ("approved", "assessing"),
            ("closed", "submitted"),
        )
    },
    **{
        (state, name): (who, set(), target)
        for state in ("draft", "submitted", "correcting", "accepted", "assessing")
        for name, who, target in (("withdraw", {"agency admin"}, "withdrawn"), ("close", {"clock"}, "closed"))
    },
}
OF_CHANGE = {("assessing", "confirm_items"): ({"agency admin", "agency staff"}, set(), "assessing")}
OF_RENEWAL = {
    (state, "become_initial"): ({"clock"}, set(), state)
    for state in ("submitted", "correcting", "accepted", "assessing")
}
# Refused by a condition, whoever asks: there is no full cap that it would pass.
NEVER = {"request_override", "override_cap"}
KINDS = {"change": TABLE | OF_CHANGE, "renewal": TABLE | OF_RENEWAL}


def handed_in(world: World, kind: str) -> Application:
    fields = {"name": "文峰区新甲职业培训学校", "changed_on": DAY} if kind == "change" else {}
    return following(world, kind, DAY, **fields)


def build(world: World, kind: str, state: str) -> Application:
    """Return a change or renewal in that state, on DAY."""
    handler = world.actor("centre handler", DAY)
    if state == "draft":
        return workflow.create_application(actor=world.actor("agency admin", DAY), on=DAY, kind=kind)
    application = handed_in(world, kind)
    match state:
        case "correcting" | "abandoned":
            mark(world, application, bad=("venue",))
            workflow.request_correction(application, actor=handler, on=DAY, days=15)
            if state == "abandoned":
                lapses.settle("filings.application", str(application.pk), datetime.date(2029, 9, 1))
        case "declined":
            decide(world, application, "decline", "centre", DAY, **DATA["decline"])
        case "accepted":
            mark(world, application)
            workflow.accept(application, actor=handler, on=DAY)
        case "withdrawn":
            workflow.withdraw(application, actor=world.actor("agency admin", DAY), on=DAY)
        case "closed":
            Filing.objects.update(held_open=False)
            life.close(application, actor=system("期限时钟", DAY), on=DAY)
        case "assessing" | "approved" | "refused":
            assessed(world, application, DAY)
            if state == "approved":
                decide(world, application, "approve", "centre", DAY, **data(application, "approve"))
            if state == "refused":
                decide(world, application, "refuse", "centre", DAY, **DATA["refuse"])
    application.refresh_from_db()
    return application


def mark(world: World, application: Application, *, bad: tuple[str, ...] = ()) -> None:
    mark_each(world, application, DAY, bad=bad, who="centre handler")


def data(application: Application, name: str) -> dict:
    if name == "approve":
        granted = BOTH if application.kind == "renewal" else ["name"]
        return {"granted": granted, "left_out": [], "relaxed": {}}
    if name == "confirm_items":
        return {"items": ["name"]}
    if name == "set_aside":
        return DATA[name] | {"ruled_on": max(DAY, application.decided_on or DAY).isoformat()}
    return DATA["give_late_opinion"] if name == "give_opinion" else DATA.get(name, {})


def prepare(world: World, application: Application, name: str) -> None:
    """Make true what the state alone does not."""
    agency, handler = world.actor("agency admin", DAY), world.actor("centre handler", DAY)
    match application.state, name:
        case "draft", "submit":
            fields = {"name": "文峰区新甲职业培训学校", "changed_on": DAY} if application.kind == "change" else {}
            workflow.save_draft(application, actor=agency, on=DAY, fields={"pledge_signed_on": DAY, **fields})
            workflow.upload_material(application, "pledge", file("承诺书.pdf"), actor=agency, on=DAY)
        case "submitted", "accept" | "decline":
            mark(world, application)
        case "submitted", "request_correction":
            mark(world, application, bad=("venue",))
        case "correcting", "resubmit":
            workflow.answer_item(application, "venue", actor=agency, on=DAY, file=file("平面图.pdf"))
        case "correcting", "extend_correction":
            workflow.ask_extension(application, actor=agency, on=DAY, reason="换证")
        case _, "set_aside":
            on = max(DAY, application.decided_on or DAY)
            handler = world.actor("centre handler", on)
            workflow.upload_ruling(application, file("判决书.pdf"), actor=handler, on=on)
        case _, "give_opinion":
            workflow.request_opinion(application, actor=handler, on=DAY)
        case "assessing", "confirm_items":
            Filing.objects.update(name="文峰区另一名称")
        case "assessing", "supply_supplements":
            workflow.invite_supplements(application, actor=handler, on=DAY, **DATA["invite_supplements"])
            workflow.answer_item(application, "venue", actor=agency, on=DAY, answer="见附件")


def run(world: World, application: Application, name: str, role: str, decider: str) -> None:
    """Attempt the transition as `role` (two people: `role` proposes, `decider` decides)."""
    rule = spec_for("filings.application").transitions[name]
    on = max(DAY, application.decided_on or DAY)
    actor, payload = actor_named(world, role, on), data(application, name)
    if name in ("deem_accepted", "abandon"):
        kind = {"deem_accepted": "completeness", "abandon": "correction"}[name]
        rule.execute(application, clock_of(application, kind), actor=actor)
    elif rule.takes_two:
        proposal = proposals.propose(application, name, actor=actor, on=on, payload=payload)
        proposals.decide(proposal, actor=actor_named(world, decider, on), on=on)
    else:
        rule.execute(application, actor=actor, on=on, **payload)


def clock_of(application: Application, kind: str):
    return Clock(matter_type="filings.application", matter_id=str(application.pk), kind=kind, due_on=DAY)


@pytest.fixture
def world(db) -> World:
    confirm_years(2027, 2030)
    return make_world()


STATES = sorted(set(ApplicationState.values) - {"recommended"})


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_transition_for_every_role(world, kind, state):
    filed(world)
    application = build(world, kind, state)
    assert (application.kind, application.state) == (kind, state)
    wrong = []
    for name in spec_for("filings.application").transitions:
        acts, decides, target = KINDS[kind].get((state, name), (set(), set(), ""))
        refused = {"NotPossible", "NotAllowed"} | ({"Refused"} if name in NEVER else set())
        with undone(application):
            if acts:
                prepare(world, application, name)
            for role in ROLES:
                found = attempt(application, partial(run, world, application, name, role, *(decides or FALLBACK)))
                if found != target if role in acts else found not in refused:
                    wrong.append((name, role, found))
            for role in ROLES[:-1] if decides else ():
                found = attempt(application, partial(run, world, application, name, *acts, role))
                if found != (target if role in decides else "NotAllowed"):
                    wrong.append((name, "decided by " + role, found))
    assert wrong == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_names_only_what_exists(kind):
    known = set(spec_for("filings.application").transitions)
    assert {name for _, name in KINDS[kind]} | NEVER <= known


def test_a_county_sees_it_once_it_is_asked(world):
    filed(world)
    application = build(world, "change", "accepted")
    county = world.actor("county handler", DAY)
    concerns = [offer.name for offer in offers(application, county, DAY) if offer.concerns]
    assert concerns == []
    assert not spec_for("filings.application").may_view(county, application)
    workflow.request_opinion(application, actor=world.actor("centre handler", DAY), on=DAY)
    assert spec_for("filings.application").may_view(county, application)
    decide(world, application, "give_opinion", "county", DAY, positive=True, text="同意变更")
    assert application.opinions.get().kind == "asked"
