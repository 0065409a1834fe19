"""What an actor can do in a matter now, and every reason against the rest: for buttons, API and tests alike."""

import datetime
from dataclasses import dataclass
from typing import Any

from core.accounts.actors import Actor
from core.audit.matters import key as matter_key
from core.deadlines import lapses
from core.refusals import Reason
from core.workflow import fsm, proposals
from core.workflow.spec import spec_for
from core.workflow.transitions import not_allowed


@dataclass(frozen=True)
class Offer:
    """One transition as it stands for an actor. mode: act (alone), propose, decide (an open proposal)."""

    name: str
    label: str
    citation: str
    mode: str
    reasons: tuple[Reason, ...]
    concerns: bool

    @property
    def open(self) -> bool:
        """Whether the actor can do it now (what its form asks for apart)."""
        return not self.reasons


def offers(matter: Any, actor: Actor, on: datetime.date) -> list[Offer]:
    """Return every transition of the matter, open or with all reasons against it, in the state table's order.

    `concerns` marks those that this actor's position is there for in this state: the buttons a page shows.
    """
    matter_type, matter_id = matter_key(matter)
    spec = spec_for(matter_type)
    proposal = proposals.open_for(matter)
    lapse_waits = lapses.due(on).filter(matter_type=matter_type, matter_id=matter_id).exists()
    has_proposed, has_decided = proposals.has_proposed(matter, actor), proposals.has_decided(matter, actor)
    found = []
    for rule in spec.transitions.values():
        if rule.clock:
            continue
        method = getattr(matter, rule.name)
        exists = fsm.possible(method)
        decides = fsm.may(method, actor)
        mode, may = "act", decides
        if rule.takes_two:
            deciding = decides and proposal is not None and proposal.transition == rule.name and not has_proposed
            mode = "decide" if deciding else "propose"
            proposes = rule.propose and actor.position and rule.propose(actor, matter)
            may = deciding or bool(proposes and not has_decided)
        reasons: list[Reason] = []
        if not exists:
            reasons.append(
                Reason("state", f"现在的状态是“{matter.get_state_display()}”，不能{rule.label}。", "", rule.citation)
            )
        if not may:
            reasons.extend(not_allowed(rule).reasons)
        if exists and may:
            if lapse_waits:
                reasons.append(Reason("lapsed", "期限已满，系统正在按期满处理，请稍后刷新。", "", rule.citation))
            reasons.extend(rule.condition(matter, actor=actor, on=on, data=None))
            if mode == "propose" and proposal is not None:
                reasons.append(Reason("proposal_open", "已有一项提议等待决定。"))
        found.append(Offer(rule.name, rule.label, rule.citation, mode, tuple(reasons), concerns=exists and may))
    return found
