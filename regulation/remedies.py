"""How an adverse paper can be challenged: the remedies of each kind, their sentences, and their last days.

An objection goes to whoever decided, under M40, against the decisions of chapter 6 alone. 行政复议 (60 days) and
行政诉讼 (6 months) are open against every decision that binds the agency; an objection neither stops nor restarts
them, so a review that upholds opens nothing new.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from regulation.periods import PERIODS, PeriodSpec
from regulation.words import in_words
from regulation.workdays import Calendar, Unit, next_workday


class Remedy(StrEnum):
    """A way to challenge a paper; the value is the key of its period."""

    OBJECTION = "objection"
    ADMINISTRATIVE_REVIEW = "administrative_review"
    LAWSUIT = "lawsuit"

    @property
    def label(self) -> str:
        """Its name: "行政复议"."""
        return {"objection": "陈述申辩（异议）", "administrative_review": "行政复议", "lawsuit": "行政诉讼"}[self.value]

    @property
    def period(self) -> PeriodSpec:
        """Its clock in regulation.periods."""
        return PERIODS[self.value]


class Paper(StrEnum):
    """The papers that may go against an agency, by kind."""

    CORRECTION = "correction"
    DECLINE = "decline"
    ABANDONMENT = "abandonment"
    REFUSAL = "refusal"
    PARTIAL_APPROVAL = "partial_approval"
    ASSIGNMENT_END = "assignment_end"
    REVOCATION = "revocation"
    DEREGISTRATION = "deregistration"
    INVALIDATION = "invalidation"
    INTERVIEW = "interview"
    WARNING = "warning"
    TERMINATION = "termination"
    REMOVAL = "removal"
    REVIEW_UPHELD = "review_upheld"
    REVIEW_CHANGED = "review_changed"


_COURTS: Final = (Remedy.ADMINISTRATIVE_REVIEW, Remedy.LAWSUIT)
_ALL: Final = (Remedy.OBJECTION, *_COURTS)

# A correction notice is a step, not a decision: it is challenged together with the decision it leads to.
REMEDIES: Final[Mapping[Paper, tuple[Remedy, ...]]] = MappingProxyType(
    {
        Paper.CORRECTION: (),
        Paper.DECLINE: _COURTS,
        Paper.ABANDONMENT: _COURTS,
        Paper.REFUSAL: _COURTS,
        Paper.PARTIAL_APPROVAL: _COURTS,
        Paper.ASSIGNMENT_END: _COURTS,
        Paper.REVOCATION: _COURTS,
        Paper.DEREGISTRATION: _COURTS,
        Paper.INVALIDATION: _ALL,
        Paper.INTERVIEW: _ALL,
        Paper.WARNING: _ALL,
        Paper.TERMINATION: _ALL,
        Paper.REMOVAL: _ALL,
        Paper.REVIEW_UPHELD: (),
        Paper.REVIEW_CHANGED: _COURTS,
    }
)

_SENTENCES: Final[Mapping[Remedy, str]] = MappingProxyType(
    {
        Remedy.OBJECTION: (
            "对本决定有异议的，可以依{article}，自送达之日起{within}向作出决定的机关提出异议、陈述和申辩。"
        ),
        Remedy.ADMINISTRATIVE_REVIEW: "不服本决定的，可以自送达之日起{within}依法向{body}申请行政复议。",
        Remedy.LAWSUIT: "不服本决定的，也可以自送达之日起{within}依法向{body}提起行政诉讼。",
    }
)
COURT: Final = "有管辖权的人民法院"
_BODIES: Final[Mapping[Remedy, str]] = MappingProxyType(
    {Remedy.ADMINISTRATIVE_REVIEW: "行政复议机关", Remedy.LAWSUIT: COURT}
)


@dataclass(frozen=True)
class RemedyDate:
    """Until when a paper served on a known day can be challenged in one way, with the sentence that says so.

    provisional: the last day rests on a year not announced; recomputing can only move it later.
    """

    remedy: Remedy
    last_day: date
    provisional: bool
    sentence: str


def sentences(paper: Paper, *, objection_days: int | None = None, bodies: Mapping[Remedy, str] = _BODIES) -> list[str]:
    """One sentence for each remedy, without dates: for a paper whose day of service is not known yet.

    objection_days: what the setting says, else the default. bodies: the bodies to turn to, by name where known.
    """
    return [_sentence(r, f"{_length(r, objection_days)}内", bodies) for r in REMEDIES[paper]]


def remedy_dates(
    paper: Paper,
    served_on: date,
    calendar: Calendar,
    *,
    objection_days: int | None = None,
    bodies: Mapping[Remedy, str] = _BODIES,
) -> list[RemedyDate]:
    """The remedies against a paper served on that day, with last days and dated sentences; empty if there are none.

    All are the agency's periods: a last day that is no working day moves to the next one, also that of the 6 months
    (民事诉讼法 85 by 行政诉讼法 101). Raises WorkdayError for a day outside the computable years.
    """
    found = []
    for remedy in REMEDIES[paper]:
        last, provisional = _last_day(remedy, served_on, calendar, objection_days)
        ending = f"{in_words(last)}止" + ("，该年放假安排公布后可能顺延" if provisional else "")
        within = f"{_length(remedy, objection_days)}内（{ending}）"
        found.append(RemedyDate(remedy, last, provisional, _sentence(remedy, within, bodies)))
    return found


def _last_day(remedy: Remedy, served_on: date, calendar: Calendar, objection_days: int | None) -> tuple[date, bool]:
    amount = objection_days if remedy is Remedy.OBJECTION else None
    period = remedy.period.run(served_on, calendar, amount=amount)
    if period.unit is not Unit.MONTH:
        return period.end, period.provisional
    last = next_workday(period.end, calendar)
    return last, calendar.is_provisional([period.end, last])


def _length(remedy: Remedy, objection_days: int | None) -> str:
    if remedy is Remedy.OBJECTION and objection_days is not None:
        return f"{objection_days}{Unit.DAY.label}"
    return remedy.period.length


def _sentence(remedy: Remedy, within: str, bodies: Mapping[Remedy, str]) -> str:
    body = bodies.get(remedy, _BODIES.get(remedy, ""))
    return _SENTENCES[remedy].format(within=within, body=body, article=remedy.period.citation.full)
