"""What comes over the counter (窗口): the signed paper on which each act in the agency's name rests, one for each, and
the day it counts from. Who may do so: permissions.acts_for_agency.

A period runs from the day of receipt, whether anybody has entered it or not (M10): nothing here moves it.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from core.accounts.actors import Actor
from core.audit.matters import key as matter_key
from core.audit.models import Event, Outcome
from core.calendars.calendar import current as current_calendar
from core.clock.words import in_words
from core.refusals import Reason
from filings import corrections, permissions
from filings.enums import ApplicationState
from filings.models import Application, CounterPaper
from regulation.periods import PERIODS
from regulation.workdays import Period


@dataclass(frozen=True)
class Paper:
    """The signed paper that an act rests on; slot: of its scans."""

    slot: str
    label: str
    hint: str


FORM: Final = Paper(
    "counter_form", "签字盖章的申请表", "窗口收下的纸质申请表：法定代表人签字、机构盖章，有收件日期的一并扫描。"
)
ANSWER: Final = Paper("counter_answer", "签字盖章的答复", "窗口收下的补正或补充说明：机构盖章，写明交来的日期。")
EXTENSION: Final = Paper("counter_extension", "签字盖章的延期申请", "窗口收下的延期申请：机构盖章，写明理由。")
WITHDRAWAL: Final = Paper("counter_withdrawal", "签字盖章的撤回申请", "窗口收下的撤回申请：法定代表人签字、机构盖章。")
CONFIRMATION: Final = Paper("counter_confirmation", "签字盖章的确认书", "窗口收下的变更事项确认书：机构盖章。")

# What an agency does in its application → the paper by which it does so at the counter.
PAPERS: Final[Mapping[str, Paper]] = MappingProxyType(
    {
        "submit": FORM,
        "resubmit": ANSWER,
        "supply_supplements": ANSWER,
        "ask_extension": EXTENSION,
        "confirm_items": CONFIRMATION,
        "withdraw": WITHDRAWAL,
    }
)
# In which states a paper is taken in.
_IN_STATES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "submit": (ApplicationState.DRAFT,),
        "resubmit": (ApplicationState.CORRECTING,),
        "supply_supplements": (ApplicationState.ASSESSING,),
        "ask_extension": (ApplicationState.CORRECTING,),
        "confirm_items": (ApplicationState.ASSESSING,),
    }
)


ONLINE: Final = Reason(
    "not_at_counter", "网上填写的申请以提交之日为收到日，不能另填窗口递交日期。", "counter_on", "M10"
)


def states_of(act: str) -> tuple[str, ...]:
    """Return the states in which the paper of this act is taken in; empty: any."""
    return _IN_STATES.get(act, ())


def is_done_there(name: str) -> bool:
    """Whether a transition is an agency's own, and so done at the counter in its name."""
    return name in PAPERS


def waiting(application: Application, act: str) -> CounterPaper | None:
    """Return the signed paper on which this act would rest now: scanned, and no act rests on it yet."""
    return application.counter_papers.filter(act=act, used_on__isnull=True).select_related("upload").first()


def label_of(slot: str) -> str:
    """Return what a scan is, by its slot; "" for a slot that is none of these."""
    return next((paper.label for paper in PAPERS.values() if slot.partition("-")[0] == paper.slot), "")


MISSING: Final = "counter_scan_missing"


def unproven(application: Application, act: str, actor: Actor) -> list[Reason]:
    """What stands against the act where it is done at the counter: its signed paper is not there."""
    if not permissions.on_behalf(actor, application) or waiting(application, act) is not None:
        return []
    return [Reason(MISSING, f"请上传{PAPERS[act].label}的扫描件。", PAPERS[act].slot, "M9")]


def behalf(application: Application, actor: Actor) -> dict[str, Any]:
    """Return what the audit trail keeps of whatever is done in the agency's name: whose."""
    return {"on_behalf_of": application.agency_id} if permissions.on_behalf(actor, application) else {}


def rest(
    application: Application, act: str, *, actor: Actor, on: datetime.date, day: datetime.date | None = None
) -> dict[str, Any]:
    """Let an act rest on its signed paper, and no other after it; return what the audit trail keeps of both.

    day: on which it was handed over, where that is not what was said with the scan. A paper that waits for what the
    agency has now done itself is needed no longer.
    """
    paper = waiting(application, act)
    if paper is None:
        return behalf(application, actor)
    paper.handed_on, paper.used_on = day or paper.handed_on, on
    paper.save(update_fields=["handed_on", "used_on"])
    if not permissions.on_behalf(actor, application):
        return {}
    return {**behalf(application, actor), "paper": paper.upload.sha256, "handed_on": paper.handed_on}


# -- the day ------------------------------------------------------------------------------------------------------


def counts_from(application: Application, act: str, *, actor: Actor, on: datetime.date) -> datetime.date:
    """Return the day from which an act counts: at the counter the one on which its paper was handed over, though not
    before the last step in the matter, which it undoes nothing of; else the day on which it is done."""
    paper = waiting(application, act) if permissions.on_behalf(actor, application) else None
    return min(max(paper.handed_on, last_step(application)), on) if paper else on


def last_step(application: Application) -> datetime.date:
    """Return the day from which the application is in its present state."""
    matter_type, matter_id = matter_key(application)
    events = Event.objects.filter(matter_type=matter_type, matter_id=matter_id, payload__to=application.state)
    for payload, on in events.exclude(outcome=Outcome.REFUSED).order_by("-id").values_list("payload", "on"):
        if payload.get("from") != payload["to"]:
            return datetime.date.fromisoformat(payload["as_of"]) if payload.get("as_of") else on
    return application.created_on


def settles_until(application: Application, actor: Actor, on: datetime.date) -> datetime.date:
    """Return before which day lapses go first when the actor does something in the application: today; but while a
    correction is being entered the day on which it was handed over, which its period had not ended by (M10)."""
    if application.state != ApplicationState.CORRECTING or not permissions.is_counter_handler.test(actor, application):
        return on
    paper = waiting(application, "resubmit")
    return min(paper.handed_on, on) if paper else on


def against_paper(application: Application, day: datetime.date, on: datetime.date) -> list[Reason]:
    """What can never be the day on which a paper of an application under way was handed over: one that lies ahead, or
    before what it is about."""
    asked = corrections.waiting(application)
    earliest = asked.asked_on if asked else application.first_submitted_on
    if earliest is None or day >= earliest:
        return against_day(day, on)
    about = "通知发出" if asked else "申请递交"
    text = f"窗口递交日期不能早于{about}之日（{in_words(earliest)}）。"
    return [Reason("before_what_it_is_about", text, "counter_on", "M10")]


def against_day(day: datetime.date, on: datetime.date) -> list[Reason]:
    """What can never be the day on which something was handed over: one that lies ahead."""
    if day <= on:
        return []
    return [Reason("in_future", f"窗口递交日期不能晚于今天（{in_words(on)}）。", "counter_on", "M10")]


def completeness(day: datetime.date) -> Period:
    """Return the period in which what was received on that day is checked (M10)."""
    return PERIODS["completeness"].run(day, current_calendar())


def deemed_from(day: datetime.date, on: datetime.date) -> datetime.date | None:
    """Return the day as of which what was received on `day` is deemed accepted by now; None where it is not."""
    period = completeness(day)
    return period.end if period.end < on and not period.provisional else None


def handed_in_on(application: Application, data: Mapping[str, Any] | None) -> datetime.date | None:
    """Return the day on which it came over the counter, as the handing in says it, or the entry; None online."""
    said: datetime.date | None = (data or {}).get("counter_on")
    return (said or application.counter_on) if application.at_counter else None


def against_handing_in(
    application: Application, *, actor: Actor, on: datetime.date, data: Mapping[str, Any] | None
) -> list[Reason]:
    """What stands against handing in what came over the counter, besides what is asked of every application."""
    day = handed_in_on(application, data)
    if day is None:
        return [ONLINE] if data is not None and data.get("counter_on") else []
    reasons = unproven(application, "submit", actor)
    reasons += against_day(day, on)
    if application.pledge_signed_on and day < application.pledge_signed_on:
        text = f"承诺书签署于{in_words(application.pledge_signed_on)}，晚于窗口递交日期，请核对。"
        reasons.append(Reason("pledge_after_counter", text, "counter_on", "M8(6)"))
    if permissions.counter_office(application.kind, application.area_id) != application.receiving:
        text = f"注册地不在{application.receiving}的区域，不能由它收件；请核对，或请机构到注册地的窗口递交。"
        reasons.append(Reason("other_county", text, "area", "M6"))
    end = deemed_from(day, on)
    if data is not None and end is not None and not str(data.get("late_reason") or "").strip():
        text = (
            f"{in_words(day)}收到的申请，审核期限已于{in_words(end)}届满：提交后即自{in_words(end)}起视为受理。"
            "日期无误的，请写明为什么没有及时录入。"
        )
        reasons.append(Reason("late_entry", text, "late_reason", "M10"))
    return reasons
