"""What a racer (racer.py) can be ordered to do: real workflow calls, as the outermost caller makes them."""

import datetime
import time
from typing import Any

from core.accounts.actors import Actor, actor_for
from core.accounts.models import Position
from core.deadlines import lapses
from core.refusals import Refused
from core.workflow import idempotency, proposals
from core.workflow.attempts import attempt
from core.workflow.models import Proposal
from core.workflow.spec import spec_for
from filings.models import Application

APPLICATION = "filings.application"


def actor_of(order: dict[str, Any]) -> Actor:
    position = Position.objects.select_related("organisation", "user").get(pk=order["position"])
    return actor_for(position, datetime.date.fromisoformat(order["on"]))


def transition(order: dict[str, Any]) -> str:
    """Run a one-person transition as the outermost caller does."""
    actor, application = actor_of(order), Application.objects.get(pk=order["application"])
    execute = spec_for(APPLICATION).transitions[order["name"]].execute
    data = order.get("data", {})
    attempt(
        f"{APPLICATION}.{order['name']}", actor, application, execute, application, actor=actor, on=actor.on, **data
    )
    return "done"


def propose(order: dict[str, Any]) -> str:
    actor, application = actor_of(order), Application.objects.get(pk=order["application"])
    proposals.propose(application, order["name"], actor=actor, on=actor.on, payload=order["data"])
    return "done"


def decide(order: dict[str, Any]) -> str:
    actor, proposal = actor_of(order), Proposal.objects.get(pk=order["proposal"])
    proposals.decide(proposal, actor=actor, on=actor.on)
    return "done"


def take_back(order: dict[str, Any]) -> str:
    actor = actor_of(order)
    proposals.take_back(Proposal.objects.get(pk=order["proposal"]), actor=actor, on=actor.on)
    return "done"


def once(order: dict[str, Any]) -> str:
    """Run a transition under an idempotency key; say whether this call acted or got the answer again."""
    acted: list[bool] = []

    def act() -> tuple[int, Any]:
        acted.append(True)
        transition(order)
        return 200, {"application": order["application"]}

    status, answer = idempotency.once(actor_of(order).person, order["name"], order["key"], order.get("body", {}), act)
    assert (status, answer) == (200, {"application": order["application"]})
    return "acted" if acted else "again"


def sweep(order: dict[str, Any]) -> str:
    swept = lapses.sweep(datetime.date.fromisoformat(order["on"]))
    assert swept.failed == 0
    return f"swept {swept.lapses}"


ACTS = {act.__name__: act for act in (transition, propose, decide, take_back, once, sweep)}


def answer(order: dict[str, Any]) -> dict[str, Any]:
    time.sleep(max(0.0, order["at"] - time.time()))
    try:
        return {"outcome": ACTS[order["act"]](order), "reasons": []}
    except Refused as refusal:
        return {"outcome": type(refusal).__name__, "reasons": [[r.code, r.text] for r in refusal.reasons]}
