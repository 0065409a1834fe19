"""A proposal as it is read and decided: what it says, who proposed it, its papers, who may decide."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django_fsm import has_transition_perm

from core.accounts.actors import Actor
from core.clock.words import in_words
from core.workflow import proposals
from core.workflow.models import Proposal, ProposalState
from core.workflow.spec import spec_for
from filings import asked, changes, conditions, grants, permissions, undoing
from filings.enums import ApplicationKind, ApplicationState, RulingAuthority
from filings.models import Application, Filing
from filings.views import evidence, previews
from filings.views.common import file_link


def said(proposal: Proposal, application: Application, actor: Actor, on: datetime.date) -> list[dict[str, Any]]:
    """Return a proposal's content in words, as this side reads it: what is proposed, on what grounds."""
    payload = permissions.payload_read(actor, proposal.payload)
    names = dict(application.scope.values_list("occupation_id", "occupation__name"))
    lines: list[dict[str, Any]] = []
    left_out, granted = payload.get("left_out") or [], payload.get("granted")
    if application.kind == ApplicationKind.CHANGE and isinstance(granted, list):
        lines += _of_change(proposal, application, granted, left_out)
        left_out, granted = [], None
    for one in grants.of(application, granted, left_out) if isinstance(granted, list) else []:
        sites = "、".join(site.name for site in one.sites) or "未填写场地"
        lines.append({"term": "同意", "text": f"{evidence.scope_words([one.item], one.levels)}：{sites}"})
    for part in grants.rows(application, left_out):
        lines.append({"term": f"不予备案：{part.what}", "text": part.reason, "basis": part.basis})
    lines.extend(_reasoned(payload, names))
    for number, ground in enumerate(payload.get("grounds") or [], 1):
        lines.append({"term": f"理由 {number}", "text": ground["reason"], "basis": ground["basis"]})
    if isinstance(payload.get("positive"), bool):
        lines.append(
            {"term": "意见", "text": f"{'推荐' if payload['positive'] else '不推荐'}。{payload.get('text', '')}"}
        )
    lines += _overridden(payload, names)
    if proposal.transition in ("set_aside", "reinstate"):
        lines += _ruling(proposal, application, on)
    if proposal.reason:
        lines.append({"term": "提议说明", "text": proposal.reason})
    return lines


def said_of_filing(proposal: Proposal, filing: Filing) -> list[dict[str, Any]]:
    """Return what is proposed about a filing, in words."""
    lines: list[dict[str, Any]] = []
    row = filing.deregistrations.filter(pk=proposal.payload.get("deregistration") or 0).first()
    if row is not None:
        lines.append({"term": f"事由：{row.get_ground_display()}", "text": row.reason})
        if row.ceased_on:
            lines.append({"term": "法人终止日期", "text": in_words(row.ceased_on)})
        lines.append({"term": "提出日期", "text": in_words(row.asked_on)})
    if proposal.reason:
        lines.append({"term": "提议说明", "text": proposal.reason})
    return lines


def _of_change(
    proposal: Proposal, application: Application, granted: list[str], left_out: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Which items of a change are to be granted, and which not and why."""
    lines = [
        {"term": f"同意变更：{line.label}", "text": f"{line.before} → {line.after}"}
        for line in asked.lines(application, proposal.proposed_on)
        if line.key in granted
    ]
    for part in left_out:
        term = f"不同意变更：{changes.label(part['item'])}"
        lines.append({"term": term, "text": part["reason"], "basis": part["basis"]})
    return lines


def _ruling(proposal: Proposal, application: Application, on: datetime.date) -> list[dict[str, Any]]:
    """What a ruling says with its scan, and what follows of it; once decided the matter itself says both."""
    payload = proposal.payload
    day = in_words(datetime.date.fromisoformat(payload["ruled_on"]))
    authority = RulingAuthority(payload["authority"]).label
    lines = [
        {"term": "裁决", "text": f"{authority}{payload['number']}，{day}"},
        {"term": "裁决内容", "text": payload["orders"]},
    ]
    scan = conditions.ruling(application) if proposal.state == ProposalState.OPEN else None
    if scan is not None:
        link = file_link(scan)
        lines.append({"term": "裁决文书", "text": scan.name, "file": link})
        lines += [{"term": "对备案的影响", "text": text} for text in _effects(proposal, application, on)]
    return lines


def _effects(proposal: Proposal, application: Application, on: datetime.date) -> list[str]:
    if proposal.transition == "reinstate":
        row = application.settings_aside.revoking().latest("id")
        return undoing.reinstated(row.filing, on)
    if application.state == ApplicationState.APPROVED:
        return undoing.effects(application, on, certificates_stand=proposal.payload.get("certificates_stand", True))
    return []


def _reasoned(payload: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """What an approval has to give reasons for: 2,000 person-times relaxed, better ones passed over for a place."""
    for code, reason in (payload.get("relaxed") or {}).items():
        yield {"term": f"放宽人次：{names.get(code, code)}", "text": reason}
    for cap, why in (payload.get("passed_over") or {}).items():
        yield {"term": f"越过排在前面的申请：{_cap(cap, names)}", "text": why["reason"], "basis": "M11"}


def _overridden(payload: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The bureau's answer to a request to go over a cap (M37)."""
    if cap := payload.get("cap"):
        word = "同意" if payload.get("granted") else "不同意"
        yield {"term": f"{word}超出名额：{_cap(cap, names)}", "text": payload.get("reason", "")}


def _cap(cap: str, names: Mapping[str, str]) -> str:
    area, _, code = cap.partition(":")
    return f"{area} {names.get(code, code)}" if code else "全市社评机构"


def proposal_row(matter: Application | Filing, actor: Actor, on: datetime.date) -> dict[str, Any] | None:
    """Return the open proposal with what this actor can do about it, else None."""
    found = proposals.open_for(matter)
    return None if found is None else row(found, matter, actor, on)


def row(found: Proposal, matter: Application | Filing, actor: Actor, on: datetime.date) -> dict[str, Any]:
    rule = spec_for(found.matter_type).transitions[found.transition]
    own = actor.user is not None and found.proposed_user_id == actor.user.pk
    is_open = found.state == "open"
    bound = proposals.has_proposed(matter, actor)
    return {
        "proposal": found,
        "rule": rule,
        "lines": said_of_filing(found, matter) if isinstance(matter, Filing) else said(found, matter, actor, on),
        "own": own and is_open,
        "decides": is_open and not bound and has_transition_perm(getattr(matter, found.transition), actor),
        "papers": previews.papers_of(found.transition, found.payload, matter),
        "preview_url": reverse("filings:proposal-preview", args=[found.pk]),
    }
