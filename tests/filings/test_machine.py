"""The application against a small model of it (model.py): any order of acts, days, sweeps, right and wrong actors."""

import datetime
import os
from functools import partial

import pytest
from django.db import transaction as database
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.calendars.loading import confirm_year, load_year
from core.calendars.models import DayKind
from core.workflow import proposals
from core.workflow.spec import spec_for
from filings.models import TrainingRecord
from tests.filings.driver import APPLICATION, DECIDES, MAY, Driver
from tests.filings.model import MATERIALS, ONE_DAY, STATUTORY, Days
from tests.filings.test_state_table import FOLLOWING, ROLES, TABLE
from tests.world import filled_draft, make_world

LONG = os.environ.get("FAULTS") == "long"
PEOPLE = ROLES[:-1]
ALONE = sorted({name for (_, name), (acts, decides, _) in TABLE.items() if not decides and acts != {"clock"}})
# What begins after the end, with a ruling from outside. This model is of one application's way to its end, and its
# traces would all have to be told apart by how often they were made; the walk of several filings has it (life/undoing).
AFTER_THE_END = {"set_aside"}
TWO = sorted({name for (_, name), (_, decides, _) in TABLE.items() if decides} - AFTER_THE_END)

# Common ways to go before chance takes over. mark:venue marks it bad, part:sites a part of the form, inorder:sites
# right again; request_correction:15 gives 15 days.
FORM = "submit mark:venue part:sites request_correction:15"
TWICE = f"{FORM} answer:venue edit resubmit mark:venue inorder:sites request_correction:15"
CORRECTING = "submit mark:venue request_correction:15"
ASSESSING = "submit mark accept decide:recommend start_assessment"
PATHS = (
    "",
    "submit",
    CORRECTING,
    f"{CORRECTING} answer:venue resubmit",
    f"{CORRECTING} answer:venue resubmit mark:venue request_correction:30",
    f"{CORRECTING} longer extend_correction:45",
    f"{CORRECTING} longer extend_correction:16",
    f"{FORM} answer:venue edit resubmit mark accept inorder:sites accept",
    f"{FORM} answer:venue answer:sites resubmit mark part:sites request_correction:15 edit",
    f"{TWICE} answer:venue resubmit mark:venue part:sites request_correction:15",
    "submit mark part:sites accept request_correction:10 lapse",
    f"{CORRECTING} lapse",
    "submit propose:decline",
    "submit propose:decline lapse",
    "submit mark propose:decline accept",
    "submit decide:decline",
    "submit lapse",
    "submit lapse lapse decide:give_late_opinion",
    "submit lapse lapse start_assessment report propose:approve",
    "submit mark accept propose:recommend",
    f"{ASSESSING} report decide:approve",
    f"{ASSESSING} report propose:refuse",
    f"{ASSESSING} report decide:refuse",
    f"{ASSESSING} invite_supplements answer:venue supply_supplements report",
    f"{ASSESSING} report propose:approve invite_supplements edit decide:approve",
    f"{ASSESSING} invite_supplements edit supply_supplements edit report",
    f"{ASSESSING} invite_supplements edit supply_supplements report part:sites inorder:sites decide:approve",
    "submit lapse lapse start_assessment mark:venue report mark propose:approve",
    f"{ASSESSING} report full request_override decide:override_cap decide:approve",
    f"{ASSESSING} report propose:approve full request_override",
    f"{ASSESSING} withdraw",
)

# Mostly the right actor, or nothing would ever get anywhere.
someone = st.one_of(st.none(), st.none(), st.none(), st.sampled_from(PEOPLE))
YEAR_2027 = {
    **{datetime.date(2027, 1, day): "元旦" for day in (1, 2, 3)},
    **{datetime.date(2027, 2, day): "春节" for day in range(5, 12)},
    **{datetime.date(2027, 5, day): "劳动节" for day in range(1, 4)},
    **{datetime.date(2027, 10, day): "国庆节" for day in range(1, 8)},
}
MAKEUP_2027 = {datetime.date(2027, 1, 30): "春节", datetime.date(2027, 2, 20): "春节"}


class ApplicationMachine(Driver, RuleBasedStateMachine):
    """Random acts on one application. World and draft are made once, and rolled back to."""

    seen: set[str]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = database.atomic()
        self.savepoint.__enter__()
        self.begin()

    def teardown(self) -> None:
        self.seen.update(self.model.events)
        database.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @invariant()
    def as_the_model_has_it(self) -> None:
        self.check()

    @initialize(path=st.sampled_from(PATHS), wait=st.integers(0, 90))
    def start_somewhere(self, path: str, wait: int) -> None:
        """Go a common way first; random acts follow."""
        self.day += wait * ONE_DAY
        self.go(path)

    # Time

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        self.day += days * ONE_DAY

    @precondition(lambda self: any(not c.told for c in self.model.clocks))
    @rule(after=st.sampled_from((0, 1, 1, 9)))
    def the_last_day_comes(self, after: int) -> None:
        """The day on which the nearest clock ends, the day after, or well after it: swept or not, as the rules fall."""
        nearest = min(clock.due for clock in self.model.clocks if not clock.told)
        self.day = max(self.day, nearest + after * ONE_DAY)

    @rule(times=st.sampled_from((1, 1, 2, 3)))
    def sweep(self, times: int) -> None:
        self.sweep_once(times)

    @precondition(lambda self: 2027 not in self.model.days.announced and self.day.year + 1 >= 2027)
    @rule(announced=st.booleans())
    def year_is_loaded(self, announced: bool) -> None:
        operator = self.actor("operator administrator")
        days = self.model.days
        if announced:
            rows = [(day, str(DayKind.HOLIDAY), name) for day, name in YEAR_2027.items()]
            rows += [(day, str(DayKind.MAKEUP), name) for day, name in MAKEUP_2027.items()]
            load_year(2027, rows, source="国办发明电", actor=operator, on=self.day)
            holidays, makeup = set(YEAR_2027), set(MAKEUP_2027)
        else:
            confirm_year(2027, actor=operator, on=self.day, reason="通知未及时公布")
            holidays, makeup = {datetime.date(2027, *one) for one in STATUTORY}, set()
        self.model.load(Days({2026, 2027}, days.holidays | holidays, days.makeup | makeup))

    # The officers' and the agency's acts

    @precondition(lambda self: self.model.state in ("submitted", "assessing"))
    @rule(bad=st.sampled_from((set(), set(), {"venue"}, {"venue", "credit"})))
    def mark_every_material(self, bad: set[str]) -> None:
        self.mark_all(bad)

    @rule(role=someone, key=st.sampled_from(MATERIALS), good=st.booleans())
    def mark_one_material(self, role: str | None, key: str, good: bool) -> None:
        self.mark_one(role or self.marker, key, good)

    @precondition(lambda self: self.model.state == "submitted")
    @rule(role=someone, key=st.sampled_from(("sites", "sites", "agency")), good=st.booleans())
    def mark_one_part(self, role: str | None, key: str, good: bool) -> None:
        self.mark_part(role or self.marker, key, good)

    @precondition(lambda self: self.model.state != "draft")
    @rule(role=someone)
    def edit_the_site(self, role: str | None) -> None:
        self.edit(role or "agency staff")

    @precondition(lambda self: self.model.state in ("correcting", "assessing"))
    @rule(role=someone, key=st.sampled_from(("venue", "venue", "sites", "agency", "credit")))
    def answer(self, role: str | None, key: str) -> None:
        self.say(role or "agency staff", key)

    @precondition(lambda self: self.model.state == "correcting")
    @rule(role=someone)
    def ask_for_longer(self, role: str | None) -> None:
        self.ask_longer(role or "agency admin")

    @precondition(lambda self: self.model.state == "assessing")
    @rule(text=st.sampled_from(("符合条件。", "基本符合条件。")))
    def write_the_report(self, text: str) -> None:
        self.report(text)

    @precondition(lambda self: self.model.state == "assessing")
    @rule(full=st.booleans())
    def the_places_fall_or_come_free(self, full: bool) -> None:
        self.fill(full)

    @rule(name=st.sampled_from(ALONE), role=someone, days=st.sampled_from((0, 1, 15, 30, 31, 45, 60, 61)))
    def any_transition(self, name: str, role: str | None, days: int) -> None:
        self.act(name, role or min(MAY[name]), self.data(name, days))

    @precondition(lambda self: any(self.model.possible(name) for name in ALONE if name != "withdraw"))
    @rule(data=st.data(), days=st.sampled_from((1, 15, 30, 45)))
    def a_likely_transition(self, data, days: int) -> None:
        likely = [name for name in ALONE if name != "withdraw" and self.model.possible(name)]
        name = data.draw(st.sampled_from(likely))
        self.act(name, min(MAY[name]), self.data(name, days))

    @rule(name=st.sampled_from(TWO), role=someone)
    def propose_anything(self, name: str, role: str | None) -> None:
        self.propose(name, role or min(MAY[name]))

    @precondition(lambda self: any(self.model.possible(name) for name in TWO))
    @rule(data=st.data())
    def propose_what_is_likely(self, data) -> None:
        name = data.draw(st.sampled_from([name for name in TWO if self.model.possible(name)]))
        self.propose(name, min(MAY[name]))

    @precondition(lambda self: self.model.proposal)
    @rule(role=someone)
    def decide_on_it(self, role: str | None) -> None:
        self.decide(role or min(DECIDES[self.model.proposal["name"]]))

    @precondition(lambda self: self.model.proposal)
    @rule(role=someone)
    def send_it_back(self, role: str | None) -> None:
        may = DECIDES[self.model.proposal["name"]]
        self.settle_proposal(role or min(may), "returned", may, partial(proposals.return_, answer="请补充理由"))

    @precondition(lambda self: self.model.proposal)
    @rule(role=someone)
    def take_it_back(self, role: str | None) -> None:
        by = self.model.proposal["by"]
        self.settle_proposal(role or by, "taken_back", {by}, proposals.take_back)


@pytest.fixture
def machine(db) -> type[ApplicationMachine]:
    """The machine with its world and draft."""
    ApplicationMachine.world = make_world()
    ApplicationMachine.draft = filled_draft(ApplicationMachine.world)
    ApplicationMachine.seen = set()
    TrainingRecord.objects.update(person_times=3000)  # enough whatever the day of submission
    return ApplicationMachine


def test_the_common_ways(machine):
    """Each of PATHS, checked word by word; together they take every transition."""
    for path in PATHS:
        one = machine()
        try:
            for word in path.split():
                one.go(word)
                one.check()
        finally:
            one.teardown()
    assert machine.seen >= set(spec_for(APPLICATION).transitions) - FOLLOWING - AFTER_THE_END


@pytest.mark.timeout(0 if LONG else 1200)
@pytest.mark.any_engine
def test_the_application_lives_as_its_model(machine):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=400 if LONG else 25,
            stateful_step_count=25 if LONG else 12,
            suppress_health_check=list(HealthCheck),
        ),
    )
