"""Drives one application and its model (model.py) side by side: each act on both, and the outcomes must agree.

What must agree: the state, the running clocks with their last days, every paper, message and event exactly as often as
the transitions ask for, lapses dated by the law and not by the sweep.
"""

from collections import Counter

from core.audit.models import Event, Outcome
from core.deadlines import lapses
from core.deadlines.models import Clock, ClockState
from core.documents.models import OfficialDocument, Service
from core.notifications.models import Message
from core.refusals import Refused
from core.workflow import proposals
from core.workflow.models import Proposal, ProposalState
from core.workflow.spec import spec_for
from filings import workflow
from filings.models import Application, QuotaYear, Site
from filings.workflow.draft_rows import ROWS, save_row
from tests.filings.model import MATERIALS, ONE_DAY, PARTS, Days, Model
from tests.filings.test_state_table import DATA, TABLE
from tests.world import DAY, HOLIDAYS_2026, MAKEUP_2026, World

APPLICATION = "filings.application"
MAY = {name: acts for (_, name), (acts, _, _) in TABLE.items()}
DECIDES = {name: decides for (_, name), (_, decides, _) in TABLE.items()}


def outcome(act) -> str:
    """Run an act; return "done", or what refused it."""
    try:
        act()
    except Refused as refusal:
        readable = bool(refusal.reasons) and all(reason.text for reason in refusal.reasons)
        return type(refusal).__name__ if readable else "refused without a reason"
    return "done"


class Driver:
    """One application, from draft to its end, beside its model."""

    world: World
    draft: Application

    def begin(self) -> None:
        """Start from the draft as the database holds it."""
        self.application = Application.objects.get(pk=self.draft.pk)
        self.day = DAY
        self.model = Model(Days({2026}, set(HOLIDAYS_2026), set(MAKEUP_2026)))
        self.before = self._events()

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
            expected = "ContentChanged"
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

    def settle_proposal(self, role: str, verb: str, may: set[str], act) -> None:
        """Return an open proposal, or take it back: who may not is refused, and so is everyone once it is overtaken."""
        name = self.model.proposal["name"]
        proposal = Proposal.objects.get(state=ProposalState.OPEN)
        found = outcome(lambda: act(proposal, actor=self.actor(role), on=self.day))
        self.model.settle(self.day)
        expected = "NotPossible" if not self.model.proposal else "done" if role in may else "NotAllowed"
        assert found == expected, (name, verb, role, found, expected)
        if found == "done":
            self.model.proposal = None
            self.model.events[f"{name}.{verb}"] += 1

    # Several acts at once

    def go(self, path: str) -> None:
        """Go a way word by word: an act of one of the sides, or a transition; after a colon what it is about."""
        acts = {
            "mark": lambda about: self.mark_all({about} - {""}),
            "part": lambda about: self.mark_part(self.marker, about, False),
            "inorder": lambda about: self.mark_part(self.marker, about, True),
            "edit": lambda _: self.edit("agency staff"),
            "answer": lambda about: self.say("agency admin", about),
            "longer": lambda _: self.ask_longer("agency admin"),
            "report": lambda _: self.report("符合条件。"),
            "full": lambda _: self.fill(True),
            "lapse": lambda _: self._lapse(),
            "propose": lambda about: self.propose(about, min(MAY[about])),
            "decide": self._decided,
        }
        for word in path.split():
            name, _, about = word.partition(":")
            if name in acts:
                acts[name](about)
            else:
                self.act(name, min(MAY[name]), self.data(name, int(about or 15)))

    def _decided(self, name: str) -> None:
        self.propose(name, min(MAY[name]))
        self.decide(min(DECIDES[name]))

    def _lapse(self) -> None:
        # Nothing on the last day itself, swept or not.
        self.day = max(self.day, min(clock.due for clock in self.model.clocks))
        self.sweep_once()
        self.check()
        self.day += ONE_DAY
        self.sweep_once(2)

    # Time

    def sweep_once(self, times: int = 1) -> None:
        before = len(self.model.lapses)
        told = sum(clock.told for clock in self.model.clocks)
        self.model.settle(self.day)
        done = sum(lapses.sweep(self.day).lapses for _ in range(times))
        told = sum(clock.told for clock in self.model.clocks) - told
        assert done == len(self.model.lapses) - before + max(told, 0)

    # The officers' and the agency's acts

    def mark_all(self, bad: set[str]) -> None:
        for key in MATERIALS:
            self.mark_one(self.marker, key, key not in bad)

    @property
    def marker(self) -> str:
        """Who marks in this state: before acceptance the county, in assessment the centre."""
        return "centre handler" if self.model.state == "assessing" else "county handler"

    def markers(self) -> set[str]:
        """Who may mark on this day; in a state in which nobody does, the refusal is the state's."""
        self.model.settle(self.day)
        if self.model.state in ("submitted", "assessing"):
            return {self.marker}
        return {"county handler", "centre handler"} if self.model.received else {"centre handler"}

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
            ("submitted", "assessing"),
            self.markers(),
            then,
        )

    def mark_part(self, role: str, key: str, good: bool) -> None:
        def then() -> str:
            self.model.marks[key] = good
            return "done"

        words = "" if good else "监控未填"
        self.beside(
            lambda: workflow.mark_part(
                self.application, key, correct=good, remark=words, actor=self.actor(role), on=self.day
            ),
            "mark_part",
            role,
            ("submitted", "assessing"),
            self.markers(),
            then,
        )

    def edit(self, role: str) -> None:
        """The agency names its site anew; a draft, where it may always, is not asked."""

        def then() -> str:
            ask = self.model.ask("correction" if self.model.state == "correcting" else "supplement")
            if ask is None or not set(ask.items) & set(PARTS):
                return "NotPossible"
            if "sites" not in ask.items:
                return "NotAllowed"
            ask.answered.add("sites")
            self.model.edits += 1
            return "done"

        site = Site.objects.get(application=self.draft)
        values = {"name": f"校本部第{self.model.edits + 1}版"}
        self.beside(
            lambda: save_row(
                self.application, ROWS["sites"], site.pk, actor=self.actor(role), on=self.day, values=values
            ),
            "edit_part",
            role,
            ("correcting", "assessing"),
            {"agency admin", "agency staff"},
            then,
        )

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

    def report(self, text: str) -> None:
        workflow.write_report(self.application, actor=self.actor("centre handler"), on=self.day, text=text)
        self.model.report = text
        self.model.events["write_report"] += 1

    def fill(self, full: bool) -> None:
        """The year's number is reached, or there is room again."""
        QuotaYear.objects.update(places=0 if full else 40)
        self.model.full = full

    # What must hold after every step

    def _events(self) -> Counter[str]:
        verbs = Event.objects.filter(matter_type=APPLICATION, matter_id=str(self.draft.pk))
        return Counter(verb.removeprefix(f"{APPLICATION}.") for verb in verbs.values_list("verb", flat=True))

    def _mine(self, model, column: str) -> Counter[str]:
        rows = model.objects.filter(matter_type=APPLICATION, matter_id=str(self.draft.pk))
        return Counter(rows.values_list(column, flat=True))

    def check(self) -> None:
        """Look at all of it."""
        self.the_same_state_and_days()
        self.the_same_clocks()
        self.everything_exactly_once()
        self.lapses_bear_the_legal_day()
        self.at_most_one_open_proposal()

    def the_same_state_and_days(self) -> None:
        row, model = Application.objects.get(pk=self.draft.pk), self.model
        assert row.state == model.state
        assert (row.received_on, row.accepted_on, row.deemed_accepted) == (model.received, model.accepted, model.deemed)
        assert row.decided_on == model.decided

    def the_same_clocks(self) -> None:
        rows = Clock.objects.filter(state=ClockState.RUNNING, matter_type=APPLICATION)
        found = {c.kind: (c.starts_on, c.due_on, c.provisional, c.told_on is not None) for c in rows}
        assert found == {c.kind: (c.start, c.due, c.unsure, c.told) for c in self.model.clocks}

    def everything_exactly_once(self) -> None:
        assert self._mine(OfficialDocument, "series") == self.model.papers
        assert self._mine(Message, "kind") == self.model.messages
        assert self._events() - self.before == self.model.events

    def lapses_bear_the_legal_day(self) -> None:
        events = (
            Event.objects.filter(outcome=Outcome.LAPSED, matter_type=APPLICATION)
            .order_by("id")
            .values_list("verb", "on")
        )
        assert [(verb.removeprefix(f"{APPLICATION}."), on) for verb, on in events] == self.model.lapses
        ended = Clock.objects.filter(state=ClockState.LAPSED, matter_type=APPLICATION)
        assert all(clock.ended_on == clock.due_on for clock in ended)
        assert len(ended) == len(self.model.lapses)
        # Served on arrival: never before the paper's own day.
        assert all(row.served_on >= row.document.on for row in Service.objects.select_related("document"))

    def at_most_one_open_proposal(self) -> None:
        rows = list(Proposal.objects.filter(state=ProposalState.OPEN))
        assert [row.transition for row in rows] == ([self.model.proposal["name"]] if self.model.proposal else [])
