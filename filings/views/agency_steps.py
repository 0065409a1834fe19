"""The wizard's steps: which there are, where a draft stands in each, and what the self-check says beside them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.accounts.actors import Actor
from core.refusals import Reason
from filings import asked, conditions, m7
from filings.corrections import open_parts
from filings.enums import ApplicationState
from filings.models import Application
from filings.parts import PARTS, mended_in


@dataclass(frozen=True)
class Step:
    """One step. fields: what of the submission's reasons belongs here (a name, or the start of one ending in "-")."""

    key: str
    label: str
    fields: tuple[str, ...] = ()


STEPS: dict[str, Step] = {
    step.key: step
    for step in (
        Step("agency", "机构与负责人", PARTS["agency"].fields),
        Step("occupations", "职业、等级与业绩", ("scope", "training_since")),
        Step("sites", "场地、设备与监控", ("sites",)),
        Step("people", "人员"),
        Step("materials", "六项材料", ("material-",)),
        Step("pledge", "承诺、预览与提交", ("pledge_signed_on", "counter_form", "counter_on")),
    )
}
ORDER = tuple(STEPS)
# The field of what the registration's check lacks; it is mended on a page of its own.
IDENTITY = "agency"

# The step of a draft where a part is filled in.
STEP_OF = {
    "agency": "agency",
    "scope": "occupations",
    "records": "occupations",
    "sites": "sites",
    "staff": "people",
    "pledge_day": "pledge",
}


@dataclass(frozen=True)
class Missing:
    """What a step still lacks for the submission; `url` is where it is mended."""

    label: str
    url: str
    reasons: tuple[Reason, ...]


def step_url(application: Application, key: str) -> str:
    """The address of a step."""
    return reverse("filings:agency-step", args=[application.pk, key])


def part_url(application: Application, key: str) -> str:
    """Where the agency edits a part of the form: its step in a draft, later its own page; "" where it is not open."""
    if key not in open_parts(application):
        return ""
    if application.state == ApplicationState.DRAFT:
        return step_url(application, STEP_OF[key])
    return reverse("filings:agency-part", args=[application.pk, key])


def _step_of(reason: Reason) -> str:
    """The key of the step that a reason belongs to; empty for what is mended elsewhere."""
    for step in STEPS.values():
        if any(reason.field == name or (name.endswith("-") and reason.field.startswith(name)) for name in step.fields):
            return step.key
    return ""


def _by_step(reasons: Iterable[Reason]) -> dict[str, list[Reason]]:
    found: dict[str, list[Reason]] = {}
    for reason in reasons:
        found.setdefault(_step_of(reason), []).append(reason)
    return found


def against_submission(application: Application, actor: Actor, on: datetime.date) -> dict[str, list[Reason]]:
    """{step key, or "" for the rest: reasons against submitting}, from the submission's own conditions."""
    return _by_step(conditions.submit(application, actor=actor, on=on, data=None))


def missing(application: Application, reasons: Iterable[Reason]) -> list[Missing]:
    """The reasons against submitting, grouped by where they are mended; what no page mends comes last, unlinked."""
    against = _by_step(reasons)
    groups = [
        Missing(step.label, step_url(application, key), tuple(against[key]))
        for key, step in STEPS.items()
        if key in against
    ]
    identity = tuple(reason for reason in against.get("", ()) if reason.field == IDENTITY)
    rest = tuple(reason for reason in against.get("", ()) if reason.field != IDENTITY)
    if identity:
        groups.append(Missing("机构身份", reverse("filings:agency-claim"), identity))
    return [*groups, Missing("", "", rest)] if rest else groups


def wizard(application: Application, against: dict[str, list[Reason]], now: str) -> list[dict[str, Any]]:
    """The steps as components/wizard.html shows them. The last one is done only by submitting."""
    shown = []
    for key, step in STEPS.items():
        lacking = len(against.get(key, ()))
        done = not lacking and key != ORDER[-1] and (key != "people" or application.staff.exists())
        shown.append(
            {
                "label": step.label,
                "url": step_url(application, key),
                "state": "now" if key == now else "done" if done else "todo",
                "note": f"还差 {lacking} 项" if lacking else "",
            }
        )
    return shown


def first_open(application: Application, against: dict[str, list[Reason]]) -> str:
    """The step at which to resume: the first with something missing, else the last."""
    if not application.staff.exists():
        against = {**against, "people": []}
    return next((key for key in ORDER if key in against), ORDER[-1])


@dataclass(frozen=True)
class ShownCheck:
    """A check of M7 in words, with where it is mended: empty where that is not open to the agency."""

    text: str
    detail: str
    result: str
    citation: str
    url: str


@dataclass(frozen=True)
class SelfCheck:
    """The checks of M7 as the panel groups them: to mend, with reasons to give, met, for people to judge."""

    unmet: list[ShownCheck]
    noted: list[ShownCheck]
    met: list[ShownCheck]
    judged: list[ShownCheck]

    @property
    def total(self) -> int:
        """How many the portal itself can check."""
        return len(self.unmet) + len(self.noted) + len(self.met)


def self_check(application: Application, on: datetime.date) -> SelfCheck:
    """M7 on what the application holds now. Nothing of it blocks a draft or the submission."""
    names = dict(application.scope.values_list("occupation_id", "occupation__name"))
    groups: dict[str, list[ShownCheck]] = {"unmet": [], "noted": [], "met": [], "judged": []}
    where = {
        m7.Result.UNMET: "unmet",
        m7.Result.DEPARTS: "noted",
        m7.Result.RELAXABLE: "noted",
        m7.Result.MET: "met",
        m7.Result.JUDGE: "judged",
    }
    urls = {key: part_url(application, key) for key in STEP_OF}
    for check in asked.checks(application, on):
        occupation = names.get(check.occupation, "")
        group = "noted" if check.warning and check.holds else where[check.result]
        groups[group].append(
            ShownCheck(
                text=f"{occupation}：{check.condition.label}" if occupation else check.condition.label,
                detail=check.said,
                result=check.result,
                citation=check.condition.citation.code,
                url=urls[mended_in(check.condition.key)],
            )
        )
    return SelfCheck(**groups)


def neighbours(key: str) -> tuple[str, str]:
    """(step before, step after), empty at the ends."""
    at = ORDER.index(key)
    return (ORDER[at - 1] if at else "", ORDER[at + 1] if at + 1 < len(ORDER) else "")
