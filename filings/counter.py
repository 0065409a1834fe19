"""What comes over the counter (窗口): the signed paper on which each act in the agency's name rests, and the day it
counts from. Who may do so: permissions.acts_for_agency.

A period runs from the day of receipt, whether anybody has entered it or not (M10): nothing here moves it.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from core.accounts.actors import Actor
from core.calendars.calendar import current as current_calendar
from core.clock.words import in_words
from core.documents import uploads
from core.documents.models import Upload
from core.refusals import Reason
from filings import corrections, permissions
from filings.enums import ApplicationState
from filings.models import Application
from regulation.periods import PERIODS
from regulation.workdays import Period


@dataclass(frozen=True)
class Paper:
    """The signed paper that an act rests on. each: what it answers to comes more than once, and each has its own."""

    slot: str
    label: str
    hint: str
    each: bool = False


FORM: Final = Paper(
    "counter_form", "签字盖章的申请表", "窗口收下的纸质申请表：法定代表人签字、机构盖章，有收件日期的一并扫描。"
)
ANSWER: Final = Paper(
    "counter_answer", "签字盖章的答复", "窗口收下的补正或补充说明：机构盖章，写明交来的日期。", each=True
)
EXTENSION: Final = Paper(
    "counter_extension", "签字盖章的延期申请", "窗口收下的延期申请：机构盖章，写明理由。", each=True
)
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


def slot_of(application: Application, act: str) -> str:
    """Return the upload slot of this act's paper now. Raises KeyError for what no agency does."""
    paper = PAPERS[act]
    if not paper.each:
        return paper.slot
    request = corrections.waiting(application)
    return f"{paper.slot}-{request.pk if request else 0}"


def scan_of(application: Application, act: str) -> Upload | None:
    """Return the newest scan of the paper on which this act would rest now."""
    return uploads.latest(application, slot_of(application, act))


def label_of(slot: str) -> str:
    """Return what a scan is, by its slot; "" for a slot that is none of these."""
    return next((paper.label for paper in PAPERS.values() if slot.partition("-")[0] == paper.slot), "")


MISSING: Final = "counter_scan_missing"


def unproven(application: Application, act: str, actor: Actor) -> list[Reason]:
    """What stands against the act where it is done at the counter: its signed paper is not there."""
    if not permissions.on_behalf(actor, application) or scan_of(application, act) is not None:
        return []
    return [Reason(MISSING, f"请上传{PAPERS[act].label}的扫描件。", PAPERS[act].slot, "M9")]


def behalf(application: Application, actor: Actor, act: str = "") -> dict[str, Any]:
    """Return what the audit trail keeps of an act done in the agency's name: whose, and by which signed paper."""
    if not permissions.on_behalf(actor, application):
        return {}
    scan = scan_of(application, act) if act else None
    return {"on_behalf_of": application.agency_id, **({"paper": scan.sha256} if scan else {})}


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


def against_handing_in(
    application: Application, *, actor: Actor, on: datetime.date, data: Mapping[str, Any] | None
) -> list[Reason]:
    """What stands against handing in what came over the counter, besides what is asked of every application."""
    if not application.at_counter or application.counter_on is None:
        return [ONLINE] if data is not None and data.get("counter_on") else []
    reasons = unproven(application, "submit", actor)
    day = (data or {}).get("counter_on") or application.counter_on
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
