"""What is said of one clock or period."""

from dataclasses import dataclass
from datetime import date

from regulation.citations import Citation
from regulation.workdays import Calendar, Holder, Period, Unit, compute


@dataclass(frozen=True, kw_only=True)
class PeriodSpec:
    """One clock.

    amount: its length in `unit`; None where a decision sets it, or where it never ends (`permanent`). holder: whose
    period it is (an agency's rolls forward and is never shortened by recomputing). starts, lapses: what starts it and
    what its end brings, in words. minimum, maximum: the range a notice or the authority may choose from. extensions:
    how often it may be extended, total_maximum: its longest length with extensions. backward: counted back from an
    end. start_counts: the first day counts (archives alone).
    """

    key: str
    label: str
    amount: int | None
    unit: Unit
    holder: Holder
    starts: str
    lapses: str
    citation: Citation
    setting: bool = False
    source: str = ""
    minimum: int | None = None
    maximum: int | None = None
    extensions: int = 0
    total_maximum: int | None = None
    backward: bool = False
    start_counts: bool = False
    permanent: bool = False
    why: str = ""

    @property
    def rolls(self) -> bool:
        """Whether a last day that is no working day moves to the next one (民法典 203)."""
        return self.holder is Holder.AGENCY

    @property
    def is_fixed(self) -> bool:
        """Whether the law gives the figure itself, so that neither a notice nor the authority may choose another."""
        return self.amount is not None and not self.setting and self.maximum is None

    @property
    def length(self) -> str:
        """Its length in words: "5个工作日"."""
        if self.permanent:
            return "长期"
        return "由决定载明" if self.amount is None else f"{self.amount}{self.unit.label}"

    @property
    def longest(self) -> str:
        """Its longest length with extensions, in words: "60日". ValueError where it has no such bound."""
        if self.total_maximum is None:
            raise ValueError(f"“{self.label}”没有延长的上限。")
        return f"{self.total_maximum}{self.unit.label}"

    def run(self, start: date, calendar: Calendar, *, amount: int | None = None, extended: bool = False) -> Period:
        """The period from that start. amount: what the setting, notice or decision says, else the spec's own.

        ValueError where the length is missing or out of range (see check), or where the period is no forward count
        (regulation.workdays.days_before and retention_end are for those). An extended period runs from the same start.
        """
        chosen = self.amount if amount is None else amount
        if self.backward or self.start_counts or self.permanent:
            raise ValueError(f"“{self.label}”不是从起算日向后计算的期间。")
        if chosen is None:
            raise ValueError(f"“{self.label}”的期限由决定载明，请填写。")
        self.check(chosen, extended=extended)
        return compute(start, chosen, self.unit, calendar, roll=self.rolls)

    def check(self, amount: int, *, extended: bool = False) -> None:
        """ValueError, with the range in its sentence, unless minimum <= amount <= maximum (extended: total_maximum).

        A figure the law fixes (no setting, no range) can only be itself; what has no extensions cannot be extended.
        """
        if extended and not self.extensions:
            raise ValueError(f"“{self.label}”不能延长。")
        if self.is_fixed and amount != self.amount:
            raise ValueError(f"“{self.label}”依法为{self.length}，不能改为{amount}{self.unit.label}。")
        top = self.total_maximum if extended else self.maximum
        if (self.minimum is not None and amount < self.minimum) or (top is not None and amount > top):
            bounds = f"{self.minimum or 0}至{top}" if top is not None else f"不少于{self.minimum}"
            raise ValueError(f"“{self.label}”应为{bounds}{self.unit.label}，现为{amount}{self.unit.label}，请改正。")
