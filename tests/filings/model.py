"""An application as a small model, written from DOMAIN.md and not from the code: state, clocks, traces.

Its days are counted one by one against plain sets, so that it shares nothing with regulation.workdays.
"""

import datetime
from collections import Counter
from dataclasses import dataclass, field

ONE_DAY = datetime.timedelta(days=1)
MATERIALS = ("profile", "work_plan", "venue", "credit", "record", "pledge")
PARTS = ("agency", "scope", "sites", "staff", "records", "pledge_day")
STATUTORY = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
OPEN = ("draft", "submitted", "correcting", "accepted", "recommended", "assessing")

# What each transition leaves behind: papers by series, messages by kind.
PAPERS = {
    "submit": ["acknowledgement"],
    "resubmit": ["acknowledgement"],
    "request_correction": ["correction"],
    "extend_correction": ["correction_extension"],
    "abandon": ["abandonment"],
    "accept": ["acceptance"],
    "deem_accepted": ["deemed_acceptance"],
    "decline": ["decline"],
    "recommend": ["recommendation"],
    "give_late_opinion": ["recommendation"],
    "invite_supplements": ["supplement"],
    "approve": ["receipt"],
    "refuse": ["refusal"],
}
MESSAGES = {
    "submit": ["acknowledged", "received"],
    "resubmit": ["acknowledged", "resubmitted"],
    "request_correction": ["correction"],
    "extend_correction": ["extended"],
    "abandon": ["abandoned", "abandoned"],
    "accept": ["accepted", "accepted", "recommend"],
    "deem_accepted": ["accepted", "accepted", "recommend", "deemed"],
    "decline": ["declined"],
    "recommend": ["opinion", "recommended"],
    "give_late_opinion": ["opinion"],
    "start_assessment": ["assessing"],
    "invite_supplements": ["supplement"],
    "supply_supplements": ["supplied"],
    "request_override": ["override_request"],
    "override_cap": ["override"],
    "approve": ["approved", "approved"],
    "refuse": ["refused", "refused"],
}


class Days:
    """Working days by sets: the announced years with their holidays and make-up days, else weekends and the law's."""

    def __init__(self, announced: set[int], holidays: set[datetime.date], makeup: set[datetime.date]) -> None:
        self.announced, self.holidays, self.makeup = announced, holidays, makeup

    def works(self, day: datetime.date) -> bool:
        if day.year in self.announced:
            return day in self.makeup or (day.weekday() < 5 and day not in self.holidays)
        return day.weekday() < 5 and (day.month, day.day) not in STATUTORY

    def workdays(self, start: datetime.date, amount: int) -> tuple[datetime.date, bool]:
        """The last of `amount` working days, and whether any day on the way lies in a year not announced."""
        day, unsure = start, False
        while amount:
            day += ONE_DAY
            unsure |= day.year not in self.announced
            amount -= self.works(day)
        return day, unsure

    def agency_days(self, start: datetime.date, amount: int) -> tuple[datetime.date, bool]:
        """The last of an agency's calendar days, moved on to a working day."""
        day = start + amount * ONE_DAY
        unsure = day.year not in self.announced
        while not self.works(day):
            day += ONE_DAY
            unsure |= day.year not in self.announced
        return day, unsure


@dataclass
class Running:
    """A running clock. told: it deems nothing, has run out, and those concerned were told."""

    kind: str
    start: datetime.date
    amount: int
    due: datetime.date
    unsure: bool
    told: bool = False


@dataclass
class Ask:
    """A correction notice or an invitation to supplement: what it names, what was answered, by words or by editing."""

    kind: str
    items: tuple[str, ...]
    days: int = 0
    answered: set[str] = field(default_factory=set)
    extension_asked: bool = False
    extended: int = 0
    closed: bool = False


class Model:
    """An application's life. `do` changes it; `settle` lets what has lapsed happen, in the order of the last days."""

    def __init__(self, days: Days) -> None:
        self.days = days
        self.state = "draft"
        self.clocks: list[Running] = []
        self.marks: dict[str, bool | None] = dict.fromkeys((*MATERIALS, *PARTS))
        self.edits = 0
        self.touched: set[str] = set()
        self.asks: list[Ask] = []
        self.received = self.accepted = self.decided = None
        self.county_lapsed = self.deemed = False
        self.late_opinion = ""
        self.opinions = 0
        self.report = ""
        self.full = False  # the city's cap is reached
        self.override: bool | str | None = "unasked"  # then None while the bureau has not answered, then its answer
        self.proposal: dict | None = None
        self.papers: Counter[str] = Counter()
        self.messages: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.lapses: list[tuple[str, datetime.date]] = []

    # Clocks

    def running(self, kind: str) -> Running | None:
        return next((clock for clock in self.clocks if clock.kind == kind), None)

    def start(self, kind: str, on: datetime.date, amount: int) -> None:
        self.clocks.append(Running(kind, on, amount, *self.reckon(kind, on, amount)))

    def reckon(self, kind: str, on: datetime.date, amount: int) -> tuple[datetime.date, bool]:
        count = self.days.agency_days if kind == "correction" else self.days.workdays
        return count(on, amount)

    def stop(self, *kinds: str) -> None:
        self.clocks = [clock for clock in self.clocks if kinds and clock.kind not in kinds]

    def settle(self, on: datetime.date) -> None:
        while due := [c for c in self.clocks if c.due < on and not c.unsure and not c.told]:
            clock = min(due, key=lambda one: one.due)
            if clock.kind == "decision":
                clock.told = True
                self.messages.update(["overdue", "overdue", "lapse"])
                continue
            self.clocks.remove(clock)
            if clock.kind == "county_recommendation":
                self.county_lapsed = True
                self.proposal = None
                self.messages.update(["recommendation_over", "recommendation_over"])
                self.events["recommendation_over"] += 1
                self.lapses.append(("recommendation_over", clock.due))
                continue
            name = "deem_accepted" if clock.kind == "completeness" else "abandon"
            self.lapses.append((name, clock.due))
            self.do(name, clock.due)

    def load(self, days: Days) -> None:
        """Another calendar: an authority's last day follows it, an agency's never comes nearer."""
        self.days = days
        for clock in self.clocks:
            due, clock.unsure = self.reckon(clock.kind, clock.start, clock.amount)
            if clock.kind == "correction":
                due = max(due, clock.due)
            if due != clock.due:
                clock.due, clock.told = due, False
                # The agency is told of an office's new day, too, of which it was told before.
                self.messages["clock_moved"] += 2 if clock.kind in ("completeness", "decision") else 1
                self.events["clock.move"] += 1

    # What can be done

    def ask(self, kind: str) -> Ask | None:
        return next((one for one in self.asks if one.kind == kind and not one.closed), None)

    def possible(self, name: str) -> bool:
        states = {
            "submit": ("draft",),
            "request_correction": ("submitted",),
            "accept": ("submitted",),
            "decline": ("submitted",),
            "resubmit": ("correcting",),
            "extend_correction": ("correcting",),
            "recommend": ("accepted",),
            "start_assessment": ("accepted", "recommended"),
            "give_late_opinion": ("accepted", "assessing"),
            "withdraw": OPEN,
        }
        return self.state in states.get(name, ("assessing",))

    def good(self, name: str, data: dict) -> bool:
        """Whether the rules let it happen now (state and actor apart)."""
        correction, supplement = self.ask("correction"), self.ask("supplement")
        bad = {key for key, good in self.marks.items() if good is False}
        match name:
            case "request_correction":
                asked = [one for one in self.asks if one.kind == "correction"]
                named_last = set(asked[-1].items) if asked else set(self.marks)
                return not self.unseen() and bool(bad) and 1 <= data["days"] <= 30 and bad <= named_last | self.touched
            case "accept":
                return not self.unseen() and not bad
            case "resubmit":
                return correction is not None and correction.answered == set(correction.items)
            case "extend_correction":
                asked = correction is not None and correction.extension_asked and not correction.extended
                return asked and correction.days < data["days"] <= 60 and self.ends_later(data["days"])
            case "recommend":
                return not self.county_lapsed
            case "start_assessment":
                return self.state == "recommended" or self.county_lapsed
            case "give_late_opinion":
                return self.county_lapsed and not self.late_opinion
            case "invite_supplements":
                return supplement is None
            case "supply_supplements":
                return supplement is not None and bool(supplement.answered)
            case "approve" | "refuse":
                room = not self.full or self.override is True
                return bool(self.report) and (name == "refuse" or (not self.unseen() and not bad and room))
            case "request_override" | "override_cap":
                asks = name == "request_override"
                return (self.full and self.override == "unasked") if asks else self.override is None
        return True

    def unseen(self) -> bool:
        """Whether something is still to be looked at: a material, or a part that the agency changed or explained."""
        return any(good is None for key, good in self.marks.items() if key in MATERIALS or key in self.touched)

    def ends_later(self, days: int) -> bool:
        """Whether so many days from the start of the correction end on a later day than it does now."""
        clock = self.running("correction")
        return self.reckon("correction", clock.start, days)[0] > clock.due

    def content(self) -> str:
        """What a proposal rests on."""
        asks = [(one.kind, one.items, one.days, sorted(one.answered), one.extended, one.closed) for one in self.asks]
        return repr((self.state, self.marks, self.touched, asks, self.edits, self.report, self.opinions, self.override))

    # What happens

    def do(self, name: str, on: datetime.date, data: dict | None = None) -> None:
        before = self.state
        self.papers.update(PAPERS.get(name, []))
        self.messages.update(MESSAGES.get(name, []))
        self.events[name] += 1
        getattr(self, f"_{name}", lambda on, data: None)(on, data or {})
        if self.state != before:
            self.proposal = None

    def _submit(self, on, data):
        self.state, self.received = "submitted", on
        self.start("completeness", on, 5)

    def _request_correction(self, on, data):
        self.state = "correcting"
        bad = tuple(key for key, good in self.marks.items() if good is False)
        self.asks.append(Ask("correction", bad, data["days"]))
        self.stop("completeness")
        self.start("correction", on, data["days"])

    def _resubmit(self, on, data):
        ask = self.ask("correction")
        ask.closed = True
        self.touched = set(ask.answered)
        self.marks.update(dict.fromkeys(ask.answered))
        self.state, self.received = "submitted", on
        self.stop("correction")
        self.start("completeness", on, 5)

    def _extend_correction(self, on, data):
        self.ask("correction").extended = data["days"]
        clock = self.running("correction")
        clock.amount = data["days"]
        clock.due, clock.unsure = self.reckon("correction", clock.start, clock.amount)

    def _abandon(self, on, data):
        self.state, self.decided = "abandoned", on
        self.stop()

    def _accept(self, on, data):
        self.state, self.accepted = "accepted", on
        self.stop("completeness")
        self.start("decision", on, 15)
        self.start("county_recommendation", on, 5)

    def _deem_accepted(self, on, data):
        self.deemed = True
        self._accept(on, data)

    def _decline(self, on, data):
        self.state, self.decided = "declined", on
        self.stop()

    def _recommend(self, on, data):
        self.state = "recommended"
        self.opinions += 1
        self.stop("county_recommendation")

    def _give_late_opinion(self, on, data):
        self.late_opinion = "given"
        self.opinions += 1

    def _start_assessment(self, on, data):
        self.state = "assessing"

    def _invite_supplements(self, on, data):
        self.asks.append(Ask("supplement", tuple(item.get("material") or item["part"] for item in data["items"])))

    def _supply_supplements(self, on, data):
        ask = self.ask("supplement")
        ask.closed = True
        self.touched = set(ask.answered)
        self.marks.update(dict.fromkeys(ask.answered))

    def _request_override(self, on, data):
        self.override = None

    def _override_cap(self, on, data):
        self.override = data["granted"]

    def _approve(self, on, data):
        self.state, self.decided = "approved", on
        self.stop()

    def _refuse(self, on, data):
        self.state, self.decided = "refused", on
        self.stop()

    def _withdraw(self, on, data):
        self.state = "withdrawn"
        self.stop()
        if self.received:
            self.papers["withdrawal"] += 1
            self.messages["withdrawn"] += 3 if self.accepted else 2
