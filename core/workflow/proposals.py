"""What needs two people: one proposes, another decides (DOMAIN.md, "Two people")."""

import datetime
from contextlib import ExitStack
from typing import Any

from django.db import transaction as database

from core.accounts.actors import Actor
from core.audit import trail
from core.audit.canonical import content_hash
from core.audit.matters import key as matter_key
from core.deadlines import lapses
from core.refusals import NotAllowed, NotPossible, Reason, Refused
from core.workflow.fsm import may
from core.workflow.models import Proposal, ProposalState
from core.workflow.spec import spec_for


def of(matter: Any) -> Any:
    """Return all proposals of a matter, newest first."""
    matter_type, matter_id = matter_key(matter)
    return Proposal.objects.filter(matter_type=matter_type, matter_id=matter_id).order_by("-id")


def open_for(matter: Any) -> Proposal | None:
    """Return the matter's open proposal, or None."""
    return of(matter).filter(state=ProposalState.OPEN).first()


def has_proposed(matter: Any, actor: Actor) -> bool:
    """Tell whether this person has ever proposed anything in the matter: then it decides nothing there."""
    return actor.user is not None and of(matter).filter(proposed_user=actor.user).exists()


def has_decided(matter: Any, actor: Actor) -> bool:
    """Tell whether this person has decided or returned a proposal in the matter: then it proposes nothing there."""
    return actor.user is not None and of(matter).filter(decided_user=actor.user).exists()


class ContentChanged(Refused):
    """The matter no longer has the content that was proposed on."""

    def __init__(self) -> None:
        super().__init__(Reason("content_changed", "提议之后，申请内容有变；原提议已失效，请经办人看过后重新提议。"))


def about(proposal: Proposal, matter: Any, name: str) -> bool:
    """Tell whether a proposal is of this transition of this matter."""
    return (proposal.matter_type, proposal.matter_id, proposal.transition) == (*matter_key(matter), name)


def propose(
    matter: Any, name: str, *, actor: Actor, on: datetime.date, payload: dict[str, Any], reason: str = ""
) -> Proposal:
    """Propose a transition: the same checks as the transition itself, then a row that waits for its decision.

    Raises NotPossible, NotAllowed, Refused as the transition would; Refused where a proposal is already open.
    """
    from core.workflow.transitions import lock_settled, not_allowed, refuse_unless_open

    matter_type, matter_id = matter_key(matter)
    spec = spec_for(matter_type)
    rule = spec.transitions[name]
    with ExitStack() as stack:
        locked = lock_settled(stack, spec, matter_id, actor=actor, on=on)
        refuse_unless_open(locked, spec, rule)
        if rule.propose is None or actor.position is None or not rule.propose(actor, locked):
            raise not_allowed(rule)
        if has_decided(locked, actor):
            sentence = "您已在这件事里作过决定，不能再提议：请由另一位经办人提议。"
            raise NotAllowed(Reason("decided_before", sentence))
        reasons = rule.against(locked, actor=actor, on=on, data=payload)
        if open_for(locked):
            reasons = [*reasons, Reason("proposal_open", "这件事已有一项提议等待决定，请先收回或等待退回。")]
        if reasons:
            raise Refused(reasons)
        frozen = spec.freeze(locked)
        proposal = Proposal.objects.create(
            matter_type=matter_type,
            matter_id=matter_id,
            transition=name,
            payload=payload,
            content_hash=content_hash(frozen),
            reason=reason,
            proposed_by=actor.position,
            proposed_user=actor.position.user,
            proposed_on=on,
        )
        trail.record(
            f"{matter_type}.{name}.propose",
            actor=actor,
            on=on,
            matter=locked,
            payload={"proposal": proposal.pk, **payload},
            frozen=frozen,
        )
    return proposal


def decide(proposal: Proposal, *, actor: Actor, on: datetime.date) -> Any:
    """Decide an open proposal by running its transition; return the matter.

    Who may, and whether the content is what was proposed on, the transition asks under its locks. Where the content
    has changed since, the proposal is overtaken. Raises as `require_decidable` and the transition itself do.
    """
    lapses.settle(proposal.matter_type, proposal.matter_id, on)
    matter = matter_of(proposal)
    rule = spec_for(proposal.matter_type).transitions[proposal.transition]
    try:
        with database.atomic():
            rule.execute(matter, actor=actor, on=on, proposal=proposal, **proposal.payload)
            # Locked by its transition, which has seen that it is open.
            _close(proposal, ProposalState.DECIDED, actor=actor, on=on)
    except ContentChanged:
        with database.atomic():
            _overtaken_by_content(_lock(proposal))
        raise
    return matter


def require_decidable(proposal: Proposal, *, actor: Actor, on: datetime.date) -> None:
    """Settle the matter and make sure that its proposal is open, this actor's to decide, and about today's content.

    Commits what it finds: a caller that decides inside a transaction of its own asks here first, outside. Where the
    matter's content has changed since, the proposal is overtaken (committed) and Refused is raised.
    """
    lapses.settle(proposal.matter_type, proposal.matter_id, on)
    proposal.refresh_from_db()
    require_open(proposal)
    matter = matter_of(proposal)
    require_decider(proposal, matter, actor)
    with database.atomic():
        locked = _lock(proposal)
        require_open(locked)
        matter.refresh_from_db()
        changed = content_hash(spec_for(proposal.matter_type).freeze(matter)) != locked.content_hash
        if changed:
            _overtaken_by_content(locked)
    if changed:
        raise ContentChanged


def return_(proposal: Proposal, *, actor: Actor, on: datetime.date, answer: str) -> None:
    """Give an open proposal back to its proposer with an answer; only who may decide it may return it."""
    lapses.settle(proposal.matter_type, proposal.matter_id, on)
    matter = matter_of(proposal)
    with database.atomic():
        locked = _lock(proposal)
        require_open(locked)
        require_decider(locked, matter, actor)
        if not answer.strip():
            raise Refused(Reason("answer_missing", "请写明退回的理由。", field="answer"))
        _close(locked, ProposalState.RETURNED, actor=actor, on=on, answer=answer)
    proposal.refresh_from_db()


def take_back(proposal: Proposal, *, actor: Actor, on: datetime.date) -> None:
    """Take one's own open proposal back."""
    lapses.settle(proposal.matter_type, proposal.matter_id, on)
    with database.atomic():
        locked = _lock(proposal)
        require_open(locked)
        if actor.user is None or locked.proposed_user_id != actor.user.pk:
            raise NotAllowed(Reason("permission", "只有提议人可以收回提议。"))
        _close(locked, ProposalState.TAKEN_BACK, actor=actor, on=on)
    proposal.refresh_from_db()


def overtake(
    matter: Any, *, on: datetime.date, except_for: Proposal | None = None, answer: str = "事情已有新的进展"
) -> None:
    """Mark open proposals of a matter whose state has moved on, or whose time has run out, as overtaken."""
    waiting = of(matter).filter(state=ProposalState.OPEN)
    if except_for is not None:
        waiting = waiting.exclude(pk=except_for.pk)
    waiting.update(state=ProposalState.OVERTAKEN, decided_on=on, answer=answer)


def matter_of(proposal: Proposal) -> Any:
    """Return the matter that a proposal is about."""
    return spec_for(proposal.matter_type).model._default_manager.get(pk=proposal.matter_id)


def require_open(proposal: Proposal) -> None:
    """Raise NotPossible unless the proposal still waits for its decision."""
    if proposal.state != ProposalState.OPEN:
        raise NotPossible(
            Reason("proposal_closed", f"这项提议{ProposalState(proposal.state).label}，不能再处理。请刷新页面。")
        )


def require_unchanged(proposal: Proposal, matter: Any) -> dict[str, Any]:
    """Return the content of the locked matter. Raises ContentChanged unless it is what was proposed on."""
    content = spec_for(proposal.matter_type).freeze(matter)
    if content_hash(content) != proposal.content_hash:
        raise ContentChanged
    return content


def _overtaken_by_content(locked: Proposal) -> None:
    if locked.state == ProposalState.OPEN:
        locked.state, locked.answer = ProposalState.OVERTAKEN, "提议之后内容有变"
        locked.save(update_fields=["state", "answer"])


def require_decider(proposal: Proposal, matter: Any, actor: Actor) -> None:
    """Raise NotAllowed unless this actor may decide the proposal: the deciding office's chief, and another person."""
    label = spec_for(proposal.matter_type).transitions[proposal.transition].label
    if has_proposed(matter, actor):
        sentence = "在这件事里提议过的人不能作决定：请由另一位负责人处理。"
        raise NotAllowed(Reason("own_proposal", sentence))
    if not may(getattr(matter, proposal.transition), actor):
        raise NotAllowed(Reason("permission", f"您现在的岗位不能处理这项提议（{label}）。"))


def _lock(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_for_update().get(pk=proposal.pk)


def _close(proposal: Proposal, state: str, *, actor: Actor, on: datetime.date, answer: str = "") -> None:
    proposal.state, proposal.decided_on, proposal.answer = state, on, answer
    if state != ProposalState.TAKEN_BACK:
        proposal.decided_by, proposal.decided_user = actor.position, actor.user
    proposal.save(update_fields=["state", "decided_on", "answer", "decided_by", "decided_user"])
    trail.record(
        f"{proposal.matter_type}.{proposal.transition}.{state}",
        actor=actor,
        on=on,
        matter=(proposal.matter_type, proposal.matter_id),
        payload={"proposal": proposal.pk, "answer": answer},
    )
