"""The receiving office's steps and the agency's answers to them (M10)."""

import datetime
from typing import Any

from core.accounts.actors import Actor
from core.clock.words import in_words
from core.deadlines import clocks
from core.refusals import Reason
from filings import counter, parts
from filings.conditions.common import Data, citable
from filings.conditions.submitting import edited_form
from filings.corrections import marks, nameable_again, unanswered
from filings.enums import Requester
from filings.models import Application, Material, PartMark
from regulation.bases import UNMENDABLE
from regulation.citations import cite
from regulation.periods import PERIODS


def request_correction(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """One notice that names everything (M10): every material looked at, each fault with a remark, days within range."""
    if actor.is_system:  # the notice was issued earlier and has now been served
        return []
    reasons = []
    if waiting := unanswered(application, Requester.CORRECTION):
        reasons.append(
            Reason(
                "notice_unserved", f"{in_words(waiting.asked_on)}的补正通知还没有送达，请先登记送达。", "notice", "M10"
            )
        )
    again = nameable_again(application)
    bad = 0
    for mark in marks(application):
        where, label = parts.anchor(mark.key), parts.label(mark.key)
        if not _looked_at(mark):
            reasons.append(Reason("unmarked", f"{label}：还没有看。补正通知应一次列全。", where, "M10"))
        elif mark.bad:
            bad += 1
            if not mark.remark.strip():
                reasons.append(Reason("no_remark", f"{label}：请写明缺什么、怎么补。", where, "M10"))
            if again is not None and mark.key not in again:
                text = f"{label}：上一次补正通知没有提到，这次也没有改动，不能再要求补正。"
                reasons.append(Reason("not_in_last_notice", text, where, "M10"))
    if not bad and not reasons:
        reasons.append(Reason("nothing_wrong", "材料齐全、合规，没有要补正的，可以受理。", "", "M10"))
    if data is not None:
        reasons.extend(_days(data.get("days"), PERIODS["correction"].maximum or 30))
    return reasons


def _looked_at(mark: Material | PartMark) -> bool:
    """Whether nothing is left to look at: each material whole; a part where the agency has changed it, for what nobody
    objected to in the form needs no mark."""
    if isinstance(mark, PartMark):
        return mark.correct is not None or not mark.touched
    return mark.complete is not None and mark.compliant is not None


def _days(days: Any, most: int) -> list[Reason]:
    if not isinstance(days, int) or not 1 <= days <= most:
        return [Reason("days_out_of_range", f"补正期限应为 1 至 {most} 日。", "days", "M10")]
    return []


def extend_correction(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Once, before the period ends, with a recorded reason, 60 days in all (M10)."""
    reasons = []
    request = unanswered(application, Requester.CORRECTION)
    if request is None:
        return [Reason("no_request", "没有进行中的补正。", "", "M10")]
    if request.extended_to is not None:
        reasons.append(Reason("extended_before", "补正期限已经延长过一次，不能再延长。", "", "M10"))
    if request.extension_asked_on is None:
        reasons.append(Reason("not_asked", "申请机构还没有说明理由申请延长。", "", "M10"))
    if data is not None:
        reasons.extend(_longer(application, request.days or 0, data.get("days")))
        if not str(data.get("reason", "")).strip():
            reasons.append(Reason("reason_missing", "请写明延长的理由。", "reason", "M10"))
    return reasons


def _longer(application: Application, now: int, days: Any) -> list[Reason]:
    """An extension has to move the last day: days that roll forward onto the same working day extend nothing."""
    most = PERIODS["correction"].total_maximum or 60
    if not isinstance(days, int) or not now < days <= most:
        text = f"延长后的总期限应多于 {now} 日，不超过 {most} 日。"
        return [Reason("days_out_of_range", text, "days", "M10")]
    clock = clocks.running(application, "correction")
    if clock is None or clocks.length(clock, days).end > clock.due_on:
        return []
    needed = next((n for n in range(days + 1, most + 1) if clocks.length(clock, n).end > clock.due_on), None)
    text = f"遇节假日顺延，{days} 日的最后一日仍不晚于{in_words(clock.due_on)}，等于没有延长；"
    return [
        Reason(
            "last_day_not_later",
            text + (f"总期限请至少定为 {needed} 日。" if needed else f"{most} 日之内已不能再延长。"),
            "days",
            "M10",
        )
    ]


def resubmit(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Every item of the notice answered, and what was edited whole again (M10)."""
    request = unanswered(application, Requester.CORRECTION)
    if request is None:
        return [Reason("no_request", "没有进行中的补正。", "", "M10")]
    return [
        Reason("unanswered", f"{item.label}：还没有补正。", f"item-{item.key}", "M10")
        for item in request.items.all()
        if not item.answered
    ] + [*edited_form(application, on), *counter.unproven(application, "resubmit", actor)]


def review_finished(application: Application, *, bad: str) -> list[Reason]:
    """Every material looked at, and every part of the form that was handed in anew; nothing of them marked wrong."""
    reasons = []
    for mark in marks(application):
        where, label, article = parts.anchor(mark.key), parts.label(mark.key), parts.citation(mark.key)
        if mark.bad:
            code = "part_bad" if mark.key in parts.PARTS else "material_bad"
            reasons.append(Reason(code, f"{label}：{bad}", where, article))
        elif not _looked_at(mark):
            reasons.append(Reason("unmarked", f"{label}：还没有看", where, article))
    return reasons


def accept(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """All six materials marked complete and compliant, nothing of the form marked wrong; no notice under way (M10)."""
    reasons = review_finished(application, bad="需补正")
    if unanswered(application, Requester.CORRECTION):
        reasons.append(Reason("notice_unserved", "已发出补正通知，等待送达。", "notice", "M10"))
    return reasons


def decline(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Reasons and basis (M10): only what correction cannot mend, or what stayed wrong after it."""
    if data is None:
        return []
    grounds = data.get("grounds") or []
    reasons = [] if grounds else [Reason("grounds_missing", "请写明不予受理的理由和依据。", "grounds", "M10")]
    stayed_wrong = (nameable_again(application) or frozenset()) & {m.key for m in marks(application) if m.bad}
    for number, ground in enumerate(grounds, 1):
        where = f"grounds-{number}"
        if not str(ground.get("reason", "")).strip():
            reasons.append(Reason("reason_missing", f"第 {number} 条：请写明理由。", where, "M10"))
        if not citable(ground.get("basis", "")):
            reasons.append(Reason("basis_missing", f"第 {number} 条：请写明依据的条款。", where, "M10"))
        elif ground.get("unmendable") and cite(ground["basis"]).code not in UNMENDABLE:
            known = "、".join(cite(code).full for code in UNMENDABLE)
            reasons.append(
                Reason(
                    "basis_mendable",
                    f"第 {number} 条：这一条的问题能够补正，应当先通知补正；补正解决不了的，依据只能是{known}。",
                    where,
                    "M10",
                )
            )
        if not ground.get("unmendable") and parts.key_of(ground) not in stayed_wrong:
            text = (
                f"第 {number} 条：能够补正的，应当先通知补正；"
                "只有补正后仍不符合的材料或内容，或补正解决不了的问题，才能不予受理。"
            )
            reasons.append(Reason("mendable", text, where, "M10"))
    return reasons
