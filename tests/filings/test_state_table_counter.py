"""The state table of an application that came over the counter: its receiving handler does what is its agency's to do.

Otherwise it is test_state_table.py's and test_state_table_following.py's; online no handler does any of it, which those
tables say for every role.
"""

import datetime
from functools import partial

import pytest
from django.db import transaction as database

from core.refusals import NotAllowed, NotPossible, Refused
from core.workflow.spec import spec_for
from filings import workflow
from filings.enums import ApplicationState
from filings.models import Application, Filing
from tests.filings import test_state_table as initial
from tests.filings.counters import HANDLER, entered, handed_over, scanned
from tests.filings.test_state_table import DATA, ROLES, Rollback, attempt, undone
from tests.world import DAY, World, decide, file, filed, make_world, mark_all

pytestmark = pytest.mark.django_db

# What an agency does in its application: (state, transition) -> the state after.
OF_AGENCY = {
    ("correcting", "resubmit"): "submitted",
    ("assessing", "supply_supplements"): "assessing",
    **{(state, "withdraw"): "withdrawn" for state in ("submitted", "correcting", "accepted", "recommended")},
    ("assessing", "withdraw"): "withdrawn",
}
# What was handed over is the office's to write down: the agency reads its draft, and can take it back.
TABLE = (
    initial.TABLE
    | {(at, name): (initial.TABLE[at, name][0] | {HANDLER}, set(), after) for (at, name), after in OF_AGENCY.items()}
    | {
        ("draft", "submit"): ({HANDLER}, set(), "submitted"),
        ("draft", "withdraw"): ({HANDLER, "agency admin"}, set(), "withdrawn"),
    }
)


def accepted(world: World) -> Application:
    application = handed_over(world)
    mark_all(world, application)
    return workflow.accept(application, actor=world.actor(HANDLER), on=DAY)


def correcting(world: World) -> Application:
    application = handed_over(world)
    mark_all(world, application, bad=("venue",))
    return workflow.request_correction(application, actor=world.actor(HANDLER), on=DAY, days=15)


def recommended(world: World) -> Application:
    application = accepted(world)
    decide(world, application, "recommend", "county", DAY, **DATA["recommend"])
    return application


def assessing(world: World) -> Application:
    application = recommended(world)
    centre = world.actor("centre handler")
    workflow.start_assessment(application, actor=centre, on=DAY, methods=["material", "panel"])
    expert = world.people["experts expert"]
    task = workflow.assign_expert(application, expert, actor=centre, on=DAY)
    marks = {key: {"marks": 25, "reason": "符合标准"} for key in ("venue", "staff", "record")}
    workflow.submit_sheet(task, actor=world.actor("experts expert"), on=DAY, marks=marks, positive=True, opinion="同意")
    workflow.write_report(application, actor=centre, on=DAY, text="材料核验符合条件。")
    return application


BUILD = {
    "draft": entered,
    "submitted": handed_over,
    "correcting": correcting,
    "accepted": accepted,
    "recommended": recommended,
    "assessing": assessing,
}


def run(world: World, application: Application, name: str, role: str, on: datetime.date, decider: str) -> None:
    """As of an online one, but the handler scans the signed paper first."""
    if role == HANDLER and name in ("resubmit", "supply_supplements", "withdraw"):
        scanned(world, application, name, on)
    initial.run(world, application, name, role, on, decider)


@pytest.mark.parametrize("state", BUILD)
def test_every_transition_for_every_role(state: str):
    world = make_world()
    application = BUILD[state](world)
    assert (application.state, application.at_counter) == (state, True)
    wrong = []
    for name in initial.TRANSITIONS:
        acts, decides, target = TABLE.get((state, name), (set(), set(), ""))
        with undone(application):
            on = initial.prepare(world, application, name)
            for role in ROLES:
                act = partial(run, world, application, name, role, on, *(decides or initial.FALLBACK))
                found = attempt(application, act)
                if found != target if role in acts else found not in {"NotPossible", "NotAllowed"}:
                    wrong.append((name, role, found))
    assert wrong == []


def test_the_table_adds_to_the_online_one_and_names_only_what_exists():
    assert set(TABLE) == set(initial.TABLE)
    assert {state for state, _ in TABLE} <= set(ApplicationState.values)


# A change: the centre receives it, so it is the centre's handler who enters it.

NEXT = datetime.date(2026, 10, 20)
CENTRE = "centre handler"
OF_CHANGE = {
    ("draft", "submit"): {CENTRE},
    ("draft", "withdraw"): {CENTRE, "agency admin"},
    ("submitted", "withdraw"): {CENTRE, "agency admin"},
    ("assessing", "supply_supplements"): {CENTRE, "agency admin", "agency staff"},
    ("assessing", "confirm_items"): {CENTRE, "agency admin", "agency staff"},
    ("assessing", "withdraw"): {CENTRE, "agency admin"},
}


def change(world: World, state: str) -> Application:
    handler = world.actor(CENTRE, NEXT)
    agency = world.organisation("agency admin")
    application = workflow.create_application(actor=handler, on=NEXT, kind="change", agency=agency, counter_on=NEXT)
    fields = {"name": "文峰区新甲职业培训学校", "changed_on": NEXT, "pledge_signed_on": NEXT}
    workflow.save_draft(application, actor=handler, on=NEXT, fields=fields)
    workflow.upload_material(application, "pledge", file("承诺书.pdf"), actor=handler, on=NEXT)
    scanned(world, application, "submit", NEXT, CENTRE)
    if state != "draft":
        workflow.submit(application, actor=handler, on=NEXT)
    if state == "assessing":
        for material in application.materials.all():
            marks = {"complete": True, "compliant": True, "remark": ""}
            workflow.mark_material(application, material.key, actor=handler, on=NEXT, **marks)
        workflow.accept(application, actor=handler, on=NEXT)
        workflow.start_assessment(application, actor=handler, on=NEXT, methods=["material"])
        Filing.objects.update(name="文峰区另一名称")
        scanned(world, application, "confirm_items", NEXT, CENTRE)
    if state != "draft":
        scanned(world, application, "withdraw", NEXT, CENTRE)
    return application


@pytest.mark.parametrize("state", ["draft", "submitted", "assessing"])
def test_of_a_change_the_centres_handler(state: str):
    world = make_world()
    filed(world)
    application = change(world, state)
    wrong = []
    for name in ("submit", "resubmit", "supply_supplements", "confirm_items", "withdraw"):
        allowed = OF_CHANGE.get((state, name), set())
        for role in ROLES[:-1]:
            try:
                with database.atomic():
                    data = {"items": ["name"]} if name == "confirm_items" else {}
                    rule = spec_for("filings.application").transitions[name]
                    rule.execute(application, actor=world.same_actor(role, NEXT), on=NEXT, **data)
                    raise Rollback
            except Rollback:
                done = True
            except (NotPossible, NotAllowed):
                done = False
            except Refused:  # nothing to supply: a rule, not the role
                done = True
            application.refresh_from_db()
            if done != (role in allowed):
                wrong.append((name, role, done))
    assert wrong == []
