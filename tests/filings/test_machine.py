"""The application against a small model of it (model.py): any order of acts, days and sweeps, right and wrong actors.

After every step: the same state, the same running clocks with the same last days, every paper, message and event
exactly as often as the transitions ask for, lapses dated by the law and not by the sweep.
"""

import datetime
import os
from collections import Counter

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

from core.audit.models import Event, Outcome
from core.calendars.loading import confirm_year, load_year
from core.calendars.models import DayKind
from core.deadlines import lapses
from core.deadlines.models import Clock, ClockState
from core.documents.models import OfficialDocument, Service
from core.notifications.models import Message
from core.refusals import Refused
from core.workflow import proposals
from core.workflow.models import Proposal, ProposalState
from core.workflow.spec import spec_for
from filings import workflow
from filings.models import Application, TrainingRecord
from tests.filings.model import MATERIALS, ONE_DAY, STATUTORY, Days, Model
from tests.filings.test_state_table import DATA, ROLES, TABLE
from tests.world import DAY, HOLIDAYS_2026, MAKEUP_2026, World, filled_draft, make_world

APPLICATION = "filings.application"
LONG = os.environ.get("FAULTS") == "long"
PEOPLE = ROLES[:-1]
ALONE = sorted({name for (_, name), (acts, decides, _) in TABLE.items() if not decides and acts != {"clock"}})
TWO = sorted({name for (_, name), (_, decides, _) in TABLE.items() if decides})
MAY = {name: acts for (_, name), (acts, _, _) in TABLE.items()}
DECIDES = {name: decides for (_, name), (_, decides, _) in TABLE.items()}

# Common ways to go before chance takes over. mark:venue marks it bad; request_correction:15 gives 15 days.
CORRECTING = "submit mark:venue request_correction:15"
ASSESSING = "submit mark accept decide:recommend start_assessment"
PATHS = (
    "",
    "submit",
    CORRECTING,
    f"{CORRECTING} answer:venue resubmit",
    f"{CORRECTING} answer:venue resubmit mark:venue request_correction:30",
    f"{CORRECTING} longer extend_correction:45",
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


def outcome(act) -> str:
    """Run an act; return "done", or what refused it."""
    try:
        act()
    except Refused as refusal:
        readable = bool(refusal.reasons) and all(reason.text for reason in refusal.reasons)
        return type(refusal).__name__ if readable else "refused without a reason"
    return "done"


class ApplicationMachine(RuleBasedStateMachine):
    """One application, from draft to its end, beside its model. World and draft are made once, and rolled back to."""

    world: World
    draft: Application
    seen: set[str]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = database.atomic()
        self.savepoint.__enter__()
        self.application = Application.objects.get(pk=self.draft.pk)
        self.day = DAY
        self.model = Model(Days({2026}, set(HOLIDAYS_2026), set(MAKEUP_2026)))
        self.before = self._events()

    def teardown(self) -> None:
        self.seen.update(self.model.events)
        database.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    # Who and what

    def actor(self, role: str):
        return self.world.actor(role, self.day)

    def data(self, name: str, days: int = 15) -> dict:
        match name:
            case "request_correction":
                return {"days": days}
            case "extend_correction":
                return {"days": days, "reason": "换证需要时间"}
        return DATA.get(name, {})

    def act(self, name: str, role: str, data: dict) -> str:
        """Attempt a one-person transition; the refusal, if any, must be the one the model expects."""
        execute = spec_for(APPLICATION).transitions[name].execute
        found = outcome(lambda: execute(self.application, actor=self.actor(role), on=self.day, **data))
        model = self.model
        model.settle(self.day)
        if not model.possible(name):
            expected = "NotPossible"
        elif role not in MAY[name]:
            expected = "NotAllowed"
        elif not model.good(name, data):
            expected = "Refused"
        else:
            expected = "done"
            model.do(name, self.day, data)
        assert found == expected, (name, role, data, found, expected)
        return found

    def propose(self, name: str, role: str) -> str:
        data = self.data(name)
        found = outcome(
            lambda: proposals.propose(self.application, name, actor=self.actor(role), on=self.day, payload=data)
        )
        model = self.model
        model.settle(self.day)
        if not model.possible(name):
            expected = "NotPossible"
        elif role not in MAY[name]:
            expected = "NotAllowed"
        elif model.proposal or not model.good(name, data):
            expected = "Refused"
        else:
            expected = "done"
            model.proposal = {"name": name, "by": role, "content": model.content()}
            model.events[f"{name}.propose"] += 1
        assert found == expected, (name, role, found, expected)
        return found

    def decide(self, role: str) -> str:
        proposal = Proposal.objects.get(state=ProposalState.OPEN)
        name = proposal.transition
        found = outcome(lambda: proposals.decide(proposal, actor=self.actor(role), on=self.day))
        model = self.model
        model.settle(self.day)
        if not model.proposal:
            expected = "NotPossible"
        elif role not in DECIDES[name]:
            expected = "NotAllowed"
        elif model.proposal["content"] != model.content():
            expected = "Refused"
            model.proposal = None
        elif not model.good(name, self.data(name)):
            expected = "Refused"
        else:
            expected = "done"
            model.do(name, self.day, self.data(name))
            model.events[f"{name}.decided"] += 1
            model.proposal = None
        assert found == expected, (name, role, found, expected)
        return found

    def beside(self, act, verb: str, role: str, states: tuple[str, ...], may: set[str], then) -> None:
        """An act that is no transition: settles too, and asks who it is before it looks at the state."""
        found = outcome(act)
        self.model.settle(self.day)
        if role not in may:
            expected = "NotAllowed"
        elif self.model.state not in states:
            expected = "NotPossible"
        else:
            expected = then()
        if expected == "done":
            self.model.events[verb] += 1
        assert found == expected, (verb, role, found, expected)

    # Getting somewhere first

    @initialize(path=st.sampled_from(PATHS), wait=st.integers(0, 90))
    def start_somewhere(self, path: str, wait: int) -> None:
        """Go a common way first; random acts follow."""
        self.day += wait * ONE_DAY
        self.go(path)

    def go(self, path: str) -> None:
        for word in path.split():
            match word.split(":"):
                case ["mark"]:
                    self.mark_all(set())
                case ["mark", bad]:
                    self.mark_all({bad})
                case ["answer", key]:
                    self.say("agency admin", key)
                case ["longer"]:
                    self.ask_longer("agency admin")
                case ["report"]:
                    self.report("符合条件。")
                case ["lapse"]:
                    # Nothing on the last day itself, swept or not.
                    self.day = max(self.day, min(clock.due for clock in self.model.clocks))
                    self.sweep_once()
                    self.check()
                    self.day += ONE_DAY
                    self.sweep_once(2)
                case ["propose", name]:
                    self.propose(name, min(MAY[name]))
                case ["decide", name]:
                    self.propose(name, min(MAY[name]))
                    self.decide(min(DECIDES[name]))
                case [name]:
                    self.act(name, min(MAY[name]), self.data(name))
                case [name, days]:
                    self.act(name, min(MAY[name]), self.data(name, int(days)))

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

    def sweep_once(self, times: int = 1) -> None:
        before = len(self.model.lapses)
        told = sum(clock.told for clock in self.model.clocks)
        self.model.settle(self.day)
        done = sum(lapses.sweep(self.day).lapses for _ in range(times))
        told = sum(clock.told for clock in self.model.clocks) - told
        assert done == len(self.model.lapses) - before + max(told, 0)

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

    def mark_all(self, bad: set[str]) -> None:
        for key in MATERIALS:
            self.mark_one("county handler", key, key not in bad)

    @precondition(lambda self: self.model.state == "submitted")
    @rule(bad=st.sampled_from((set(), set(), {"venue"}, {"venue", "credit"})))
    def mark_every_material(self, bad: set[str]) -> None:
        self.mark_all(bad)

    @rule(role=someone, key=st.sampled_from(MATERIALS), good=st.booleans())
    def mark_one_material(self, role: str | None, key: str, good: bool) -> None:
        self.mark_one(role or "county handler", key, good)

    def mark_one(self, role: str, key: str, good: bool) -> None:
        def then() -> str:
            self.model.marks[key] = good
            return "done"

        self.beside(
            lambda: workflow.mark_material(
                self.application,
                key,
                complete=True,
                compliant=good,
                remark="" if good else "请补充",
                actor=self.actor(role),
                on=self.day,
            ),
            "mark",
            role,
            ("submitted",),
            {"county handler"} if self.model.received else set(),
            then,
        )

    @precondition(lambda self: self.model.state in ("correcting", "assessing"))
    @rule(role=someone, key=st.sampled_from(("venue", "venue", "credit")))
    def answer(self, role: str | None, key: str) -> None:
        self.say(role or "agency staff", key)

    def say(self, role: str, key: str) -> None:
        def then() -> str:
            ask = self.model.ask("correction" if self.model.state == "correcting" else "supplement")
            if ask is None or key not in ask.items:
                return "NotAllowed"
            ask.answered.add(key)
            return "done"

        self.beside(
            lambda: workflow.answer_item(
                self.application, key, actor=self.actor(role), on=self.day, answer="已补正，见说明"
            ),
            "answer",
            role,
            ("correcting", "assessing"),
            {"agency admin", "agency staff"},
            then,
        )

    @precondition(lambda self: self.model.state == "correcting")
    @rule(role=someone)
    def ask_for_longer(self, role: str | None) -> None:
        self.ask_longer(role or "agency admin")

    def ask_longer(self, role: str) -> None:
        def then() -> str:
            ask = self.model.ask("correction")
            if ask.extension_asked:
                return "Refused"
            ask.extension_asked = True
            return "done"

        self.beside(
            lambda: workflow.ask_extension(self.application, actor=self.actor(role), on=self.day, reason="换证"),
            "ask_extension",
            role,
            ("correcting",),
            {"agency admin", "agency staff"},
            then,
        )

    @precondition(lambda self: self.model.state == "assessing")
    @rule(text=st.sampled_from(("符合条件。", "基本符合条件。")))
    def write_the_report(self, text: str) -> None:
        self.report(text)

    def report(self, text: str) -> None:
        workflow.write_report(self.application, actor=self.actor("centre handler"), on=self.day, text=text)
        self.model.report = text
        self.model.events["write_report"] += 1

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
        name = self.model.proposal["name"]
        role = role or min(DECIDES[name])
        proposal = Proposal.objects.get(state=ProposalState.OPEN)
        found = outcome(lambda: proposals.return_(proposal, actor=self.actor(role), on=self.day, answer="请补充理由"))
        assert found == ("done" if role in DECIDES[name] else "NotAllowed"), (name, role)
        if found == "done":
            self.model.proposal = None
            self.model.events[f"{name}.returned"] += 1

    @precondition(lambda self: self.model.proposal)
    @rule(role=someone)
    def take_it_back(self, role: str | None) -> None:
        name, by = self.model.proposal["name"], self.model.proposal["by"]
        role = role or by
        proposal = Proposal.objects.get(state=ProposalState.OPEN)
        found = outcome(lambda: proposals.take_back(proposal, actor=self.actor(role), on=self.day))
        assert found == ("done" if role == by else "NotAllowed"), (name, role)
        if found == "done":
            self.model.proposal = None
            self.model.events[f"{name}.taken_back"] += 1

    # What must hold after every step

    def _events(self) -> Counter[str]:
        verbs = Event.objects.filter(matter_type=APPLICATION, matter_id=str(self.draft.pk))
        return Counter(verb.removeprefix(f"{APPLICATION}.") for verb in verbs.values_list("verb", flat=True))

    def _mine(self, model, column: str) -> Counter[str]:
        rows = model.objects.filter(matter_type=APPLICATION, matter_id=str(self.draft.pk))
        return Counter(rows.values_list(column, flat=True))

    def check(self) -> None:
        """Look at all of it, where no machine does so by itself."""
        self.the_same_state_and_days()
        self.the_same_clocks()
        self.everything_exactly_once()
        self.lapses_bear_the_legal_day()
        self.at_most_one_open_proposal()

    @invariant()
    def the_same_state_and_days(self) -> None:
        row, model = Application.objects.get(pk=self.draft.pk), self.model
        assert row.state == model.state
        assert (row.received_on, row.accepted_on, row.deemed_accepted) == (model.received, model.accepted, model.deemed)
        assert row.decided_on == model.decided

    @invariant()
    def the_same_clocks(self) -> None:
        rows = Clock.objects.filter(state=ClockState.RUNNING)
        found = {c.kind: (c.starts_on, c.due_on, c.provisional, c.told_on is not None) for c in rows}
        assert found == {c.kind: (c.start, c.due, c.unsure, c.told) for c in self.model.clocks}

    @invariant()
    def everything_exactly_once(self) -> None:
        assert self._mine(OfficialDocument, "series") == self.model.papers
        assert self._mine(Message, "kind") == self.model.messages
        assert self._events() - self.before == self.model.events

    @invariant()
    def lapses_bear_the_legal_day(self) -> None:
        events = Event.objects.filter(outcome=Outcome.LAPSED).order_by("id").values_list("verb", "on")
        assert [(verb.removeprefix(f"{APPLICATION}."), on) for verb, on in events] == self.model.lapses
        ended = Clock.objects.filter(state=ClockState.LAPSED)
        assert all(clock.ended_on == clock.due_on for clock in ended)
        assert len(ended) == len(self.model.lapses)
        # Served on arrival: never before the paper's own day.
        assert all(row.served_on >= row.document.on for row in Service.objects.select_related("document"))

    @invariant()
    def at_most_one_open_proposal(self) -> None:
        rows = list(Proposal.objects.filter(state=ProposalState.OPEN))
        assert [row.transition for row in rows] == ([self.model.proposal["name"]] if self.model.proposal else [])


@pytest.fixture
def machine(db) -> type[ApplicationMachine]:
    """The machine with its world and draft."""
    ApplicationMachine.world = make_world()
    ApplicationMachine.draft = filled_draft(ApplicationMachine.world)
    ApplicationMachine.seen = set()
    TrainingRecord.objects.update(person_times=3000)  # enough whatever the day of submission
    return ApplicationMachine


def test_the_common_ways(machine):
    """Each of PATHS, checked word by word; together they take every transition but the override of a cap, which needs
    a cap that is reached (test_state_table.py)."""
    for path in PATHS:
        one = machine()
        for word in path.split():
            one.go(word)
            one.check()
        one.teardown()
    assert machine.seen >= set(spec_for(APPLICATION).transitions) - {"override_cap"}


@pytest.mark.timeout(0 if LONG else 300)
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
