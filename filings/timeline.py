"""Who did what when in an application or a filing: the matter's audit events as one side may see them (PAGES.md)."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.accounts.actors import AUTHORITIES, Actor
from core.accounts.models import OrganisationKind, Position
from core.audit.matters import key as matter_key
from core.audit.models import Event, Outcome
from core.clock.words import in_words
from core.documents.models import DocumentState, OfficialDocument, ServiceMethod
from core.workflow.spec import spec_for
from filings import counter, parts, permissions
from filings.enums import AssessmentMethod, RulingAuthority
from filings.models import Application, Filing

MATTER = "filings.application"

OFFICERS = frozenset({kind.value for kind in AUTHORITIES})
AGENCY = frozenset({OrganisationKind.AGENCY.value})
EVERYONE = OFFICERS | AGENCY | {OrganisationKind.EXPERTS.value}

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Paper:
    """A paper as components/timeline.html prints it."""

    title: str
    number: str
    url: str
    pending: bool


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. `on` is the legal day, `at` the moment it was recorded (a lapse may be swept later).

    kind: person, system or lapse. actor: for the other side organisation and role, never a person.
    """

    label: str
    actor: str
    at: datetime.datetime
    on: datetime.date | None
    note: str = ""
    kind: str = "person"
    citation: str = ""
    documents: list[OfficialDocument] = field(default_factory=list)

    @property
    def papers(self) -> list[Paper]:
        """The documents for the template, each with its address."""
        return [
            Paper(d.title, d.number, f"/papers/{d.code}/pdf", d.state != DocumentState.ISSUED) for d in self.documents
        ]


@dataclass(frozen=True)
class _Line:
    """How a verb reads. visible_to: kinds of organisation; note: words from the payload; noted_to: who reads them;
    merge: several in a row by one person on one day are one line, their notes below each other, or joined by this."""

    label: str
    visible_to: frozenset[str] = EVERYONE
    note: Callable[[Payload], str] = lambda payload: ""
    noted_to: frozenset[str] = EVERYONE
    merge: str = ""


def _text(key: str) -> Callable[[Payload], str]:
    return lambda payload: str(payload.get(key) or "")


def _named(payload: Payload) -> str:
    key = parts.key_of(payload)
    return parts.label(key) if key else ""


def _marked(payload: Payload) -> str:
    good = payload.get("complete") and payload.get("compliant")
    unseen = payload.get("complete") is None or payload.get("compliant") is None
    verdict = "未看完" if unseen else "齐全、符合要求" if good else f"需补正（{payload.get('remark') or '未写意见'}）"
    return f"{_named(payload)}：{verdict}"


def _part_marked(payload: Payload) -> str:
    said = f"需补正（{payload.get('remark') or '未写意见'}）"
    verdict = {True: "无误", False: said}.get(payload.get("correct"), "未看")  # type: ignore[arg-type]
    return f"{_named(payload)}：{verdict}"


def _grounds(payload: Payload) -> str:
    return ";".join(str(ground.get("reason", "")) for ground in payload.get("grounds") or [])


def _methods(payload: Payload) -> str:
    said = "、".join(AssessmentMethod(method).label for method in payload.get("methods") or [])
    return f"{said}（县、市、区未出具推荐意见）" if payload.get("without_recommendation") else said


def _opinion(payload: Payload) -> str:
    if payload.get("reason"):
        return _cap(payload)
    word = {True: "推荐", False: "不推荐"}.get(payload.get("positive"), "")  # type: ignore[arg-type]
    return f"{word}：{payload['text']}" if word and payload.get("text") else _grounds(payload)


def _cap(payload: Payload) -> str:
    """A full cap with its figures, or the bureau's answer, and the reason."""
    word = {True: "同意：", False: "不同意："}.get(payload.get("granted"), "")  # type: ignore[arg-type]
    figures = f"已满（{payload['taken']}/{payload['places']}）：" if "taken" in payload else ""
    return f"{word}{figures}{payload.get('reason') or ''}"


def _passed_over(payload: Payload) -> str:
    """Why better ones were passed over for a place (M11)."""
    reasons = (str(why.get("reason", "")) for why in (payload.get("passed_over") or {}).values())
    return "；".join(f"越过排在前面的申请：{reason}" for reason in reasons)


def _served(payload: Payload) -> str:
    method, day = str(payload.get("method", "")), payload.get("served_on") or ""
    tried = "；".join(
        f"{_day(one['on'])}{_method(one['method'])}，{one['why']}" for one in payload.get("attempts") or []
    )
    return f"{_method(method)}，{_day(day)}送达" + (f"。此前未能送达：{tried}" if tried else "")


def _ruled(payload: Payload) -> str:
    """The ruling, and what it undid."""
    if not payload.get("decision"):  # a proposal: what it will undo stands in the matter
        return f"{payload.get('number', '')}：{payload.get('orders', '')}"
    authority = RulingAuthority(str(payload["authority"])).label
    day = _day(str(payload.get("decided_on") or ""))
    return f"{authority}{payload['number']}裁决撤销{day}“{payload['decision']}”的决定：{payload['orders']}"


def _corrected(payload: Payload) -> str:
    return f"{payload.get('corrects', '')}：{payload.get('lines', '')}"


def _day(text: str) -> str:
    """A payload is JSON: its days are text."""
    return in_words(datetime.date.fromisoformat(text)) if text else ""


def _visited(payload: Payload) -> str:
    return _day(str(payload.get("visit_on") or ""))


def _found(payload: Payload) -> str:
    word = "逾期报告" if payload.get("late") else "按期报告"
    return f"{_day(str(payload.get('found_on') or ''))}，{payload.get('note') or ''}；{word}"


def _method(method: str) -> str:
    return str(ServiceMethod(method).label) if method in ServiceMethod.values else method


def _over_counter(payload: Payload) -> str:
    """The day on which it was handed over the counter, and why it was entered only later."""
    day, why = str(payload.get("counter_on") or ""), payload.get("late_reason")
    return f"窗口{_day(day)}收到。" + (f"事后录入的原因：{why}" if why else "") if day else ""


def _waits(payload: Payload) -> str:
    return "等待送达，送达后开始计算补正期限。" if payload.get("waits_for_service") else ""


def _waits_for_service(payload: Payload) -> str:
    return "等待送达，送达之日生效。" if payload.get("waits_for_service") else ""


# What differs from the transition's own label, or is no transition. A verb in no table is not on the timeline.
_LINES: dict[str, _Line] = {
    "create": _Line("开始填写申请"),
    "upload": _Line("上传材料", note=_named, merge="、"),
    "mark": _Line("审核材料", OFFICERS, _marked, merge="\n"),
    "mark_part": _Line("审核申请内容", OFFICERS, _part_marked, merge="\n"),
    "edit_part": _Line("修改申请内容", note=_named, merge="、"),
    "answer": _Line("答复补正或补充要求", note=_named, merge="、"),
    "counter_scan": _Line("扫描窗口收下的书面材料", note=lambda payload: counter.label_of(payload["slot"]), merge="、"),
    "submit": _Line("提交申请", note=_over_counter),
    "ask_extension": _Line("申请延长补正期限", note=_text("reason")),
    "assign_expert": _Line("指派评审专家", OFFICERS, merge="\n"),
    "withdraw_expert": _Line("撤回专家任务", OFFICERS),
    "submit_sheet": _Line("提交评审表", OFFICERS),
    "record_visit": _Line("现场考察", note=_visited, noted_to=OFFICERS),
    "write_report": _Line("写成评估报告", OFFICERS),
    "record_periodic_evaluation": _Line("写成定期评估报告", OFFICERS),
    "record_found_day": _Line("登记查明的变更之日", note=_found),
    "notice_overtaken": _Line("补正通知未生效", note=_text("why")),
    "recommendation_over": _Line("推荐期限届满"),
    "request_correction": _Line("发补正通知", note=_waits),
    "recommend": _Line("出具推荐意见", note=_opinion, noted_to=OFFICERS),
    "give_late_opinion": _Line("补交逾期意见", note=_opinion, noted_to=OFFICERS),
    "request_opinion": _Line("征求县区意见", OFFICERS, _text("county")),
    "give_opinion": _Line("出具应询意见", OFFICERS, _opinion),
    "confirm_items": _Line("确认变更事项"),
    "start_assessment": _Line("开始技术评估", note=_methods),
    "upload_qualification": _Line("上传受托机构的资质证明", OFFICERS, merge="\n"),
    "upload_ruling": _Line("上传裁决文书", OFFICERS, merge="\n"),
    "set_aside": _Line("依裁决恢复办理", note=_ruled),
    "reinstate": _Line("依裁决恢复备案", note=_ruled),
    "correct_paper": _Line("更正文书", note=_corrected),
    "request_override": _Line("请求超名额", OFFICERS, _cap),
    "override_cap": _Line("答复超名额请求", OFFICERS, _cap),
    "approve": _Line("同意备案", note=_passed_over, noted_to=permissions.COMPARING),
    "decline": _Line("不予受理", note=_grounds),
    "refuse": _Line("不予备案", note=_grounds),
    "withdraw": _Line("撤回申请", note=_text("reason")),
    "ask_deregistration": _Line("申请注销备案", note=_text("reason")),
    "record_ceased": _Line("登记法人终止", note=_text("reason")),
    "take_back_deregistration": _Line("收回注销的事由"),
    "deregister": _Line("注销备案", note=_waits_for_service),
    "suspend": _Line("暂停评价", note=_text("source")),
    "lift": _Line("结束暂停", note=_text("reason")),
}
_OTHERS = {
    "document.serve": _Line("登记送达", note=_served),
    "document.view": _Line("查看材料或文书", OFFICERS, merge="\n"),
}
# Of what two people do, the other side sees the outcome alone; the decision itself is the transition's own line.
_PROPOSALS = {
    "propose": _Line("提议", OFFICERS, _opinion),
    "returned": _Line("退回提议", OFFICERS, _text("answer")),
    "taken_back": _Line("收回提议", OFFICERS),
}


def entries(matter: Application | Filing, actor: Actor) -> list[Entry]:
    """Return the timeline of an application or a filing, oldest first, as this actor's side may see it.

    The same for agency and officers, minus what is not that side's: an agency sees no officer's name, no mark, no
    proposal, no expert and no officer's look at a file. Refused attempts are kept in the trail, not shown here.
    """
    side = actor.kind
    matter_type, matter_id = matter_key(matter)
    shown = [
        (event, line)
        for event in Event.objects.filter(matter_type=matter_type, matter_id=matter_id)
        .exclude(outcome=Outcome.REFUSED)
        .order_by("id")
        if (line := _line(matter_type, event.verb)) and side in line.visible_to
    ]
    names = _names((event for event, _ in shown), actor)
    papers = _papers(matter, actor)
    listed: list[tuple[Event, _Line, Entry]] = []
    for event, line in shown:
        entry = _entry(event, line, side, names, papers)
        last = listed[-1] if listed else None
        if last and line.merge and last[1] is line and (last[2].actor, last[2].on) == (entry.actor, entry.on):
            notes = dict.fromkeys(note for note in (*last[2].note.split(line.merge), entry.note) if note)
            listed[-1] = (event, line, replace(last[2], at=entry.at, note=line.merge.join(notes)))
        else:
            listed.append((event, line, entry))
    if not isinstance(matter, Application):
        return [entry for _, _, entry in listed]
    word = matter.assessment_word
    return [replace(entry, label=entry.label.replace("技术评估", word)) for _, _, entry in listed]


def _line(matter_type: str, verb: str) -> _Line | None:
    """Look a verb up: an own line, another layer's, a transition by its label, or a step of a proposal."""
    if verb in _OTHERS:
        return _OTHERS[verb]
    if not verb.startswith(f"{matter_type}."):
        return None
    name, _, step = verb.removeprefix(f"{matter_type}.").partition(".")
    rule = spec_for(matter_type).transitions.get(name)
    if step:
        line = _PROPOSALS.get(step)
        return replace(line, label=f"{line.label}：{rule.label}") if line and rule else None
    return _LINES.get(name) or (_Line(rule.label) if rule else None)


def _entry(
    event: Event, line: _Line, side: str, names: Mapping[int, str], papers: Mapping[str, OfficialDocument]
) -> Entry:
    name = event.verb.removeprefix(f"{event.matter_type}.").partition(".")[0]
    rule = spec_for(event.matter_type).transitions.get(name)
    numbers = [*(event.payload.get("documents") or []), event.payload.get("number")]
    return Entry(
        label=line.label,
        actor=names.get(event.actor_position_id or 0, event.actor_label) + _behalf(event),
        at=event.at,
        on=event.on,
        note=line.note(event.payload) if side in line.noted_to else "",
        kind="lapse" if event.outcome == Outcome.LAPSED else "person" if event.actor_user_id else "system",
        citation=rule.citation if rule else "",
        documents=[papers[number] for number in numbers if number in papers],
    )


def _behalf(event: Event) -> str:
    """That it was done at the counter, and when it was handed over there if not on the day of entry."""
    if not event.payload.get("on_behalf_of"):
        return ""
    day = event.payload.get("handed_on")
    said_elsewhere = "counter_on" in event.payload or not day or event.on is None or day == event.on.isoformat()
    return "（窗口代录）" if said_elsewhere else f"（窗口代录，{_day(day)}递交）"


def _names(events: Iterable[Event], actor: Actor) -> dict[int, str]:
    """{position id: how this actor reads it}: officers read persons, others only their own people's."""
    wanted = {event.actor_position_id: event.actor_label for event in events if event.actor_position_id}
    if actor.kind in OFFICERS:
        return wanted
    positions = Position.objects.select_related("organisation").filter(pk__in=wanted)
    return {
        position.pk: wanted[position.pk]
        if position.organisation_id == actor.organisation_id
        else f"{position.organisation.name} · {position.get_role_display()}"
        for position in positions
    }


def _papers(matter: Application | Filing, actor: Actor) -> dict[str, OfficialDocument]:
    """{number: paper} of those that the actor may read."""
    matter_type, matter_id = matter_key(matter)
    rows = OfficialDocument.objects.filter(matter_type=matter_type, matter_id=matter_id)
    return {paper.number: paper for paper in rows if permissions.reads_part(actor, paper.series)}
