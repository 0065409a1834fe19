"""The one way a state changes: settle, lock, ask (state, permission, conditions), run, record. See HOUSE.md."""

import datetime
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction as database
from django.db.models import Model

from core.accounts.actors import Actor
from core.audit import trail
from core.audit.matters import key as matter_key
from core.audit.models import Outcome
from core.deadlines import clocks, lapses
from core.deadlines.models import Clock
from core.documents import papers
from core.documents import series as document_series
from core.documents.models import OfficialDocument
from core.notifications import outbox
from core.publications import register as publications
from core.refusals import NotAllowed, NotPossible, Reason, Refused
from core.workflow import proposals
from core.workflow.fsm import may, possible
from core.workflow.models import Proposal
from core.workflow.spec import MatterSpec, TransitionSpec, spec_for


@dataclass
class Step:
    """A transition under way: the locked matter and what the workflow function adds to the transaction.

    as_of: the day from which it counts, with which clocks end and start; `on`, unless it was done on paper before.
    """

    matter: Any
    name: str
    actor: Actor
    on: datetime.date
    as_of: datetime.date
    source: str
    payload: dict[str, Any] = field(default_factory=dict)
    held: bool = False
    messages: list[outbox.New] = field(default_factory=list)

    def hold(self) -> None:
        """Leave the state as it is: the act is done, but takes effect only later (a notice not served yet)."""
        self.held = True

    def start_clock(
        self, kind: str, *, on: datetime.date | None = None, amount: int | None = None, lapse: str = ""
    ) -> Clock:
        """Start a clock of regulation.periods in this matter; its start day does not count."""
        return clocks.start(self.matter, kind, on=on or self.as_of, amount=amount, lapse=lapse)

    def end_clock(self, *kinds: str) -> None:
        """End the running clocks of these kinds; all of the matter's if none is named."""
        clocks.end(self.matter, *kinds, on=self.as_of)

    def document(
        self, series: str, *, addressee: Any, issuer: Any, content: dict[str, Any], variant: str = "", **more: Any
    ) -> OfficialDocument:
        """Add a numbered paper to the transaction; its PDF follows after the commit. variant: tells several papers of a
        series in one step apart."""
        paper = papers.create(
            document_series.get(series),
            matter=self.matter,
            key=self.key(f"{series}{variant}"),
            issuer=issuer,
            addressee=addressee,
            content=content,
            on=self.on,
            **more,
        )
        self.payload.setdefault("documents", []).append(paper.number)
        return paper

    def message(
        self, kind: str, *, organisation: Any, title: str, body: str, roles: tuple[str, ...] = (), link: str = ""
    ) -> None:
        """Add a message, exactly once for this run of the transition."""
        link = link or spec_for(matter_key(self.matter)[0]).link(self.matter)
        key = f"{self.key(kind)}:{organisation.pk}"
        self.messages.append(outbox.New(key, kind, organisation, title, body, roles, link=link, matter=self.matter))

    def publish(self, kind: str, *, title: str, content: dict[str, Any], key: str = "") -> None:
        """Publish the allow-listed fields of `content`."""
        publications.publish(
            kind, key=key or self.key(kind), title=title, content=content, matter=self.matter, on=self.on
        )

    def key(self, what: str) -> str:
        """Return a key unique to this run of the transition: matter, transition, how often it has run."""
        matter_type, matter_id = matter_key(self.matter)
        return f"{matter_type}:{matter_id}:{self.name}:{self.matter.runs}:{what}"


@contextmanager
def transition(
    matter: Model,
    name: str,
    *,
    actor: Actor,
    on: datetime.date,
    data: Mapping[str, Any] | None = None,
    proposal: Proposal | None = None,
    outcome: str = Outcome.DONE,
    permitted: bool = False,
    as_of: datetime.date | None = None,
) -> Iterator[Step]:
    """Run one transition; the body adds clocks, papers and messages to the step.

    In order: lapses due before `on` (committed first; the system actor is itself a lapse and skips this); then in one
    transaction the row's lock and a second look for lapses; the FSM; the permission; the conditions; the body; the
    save; the messages; the audit event with the frozen copy; open proposals that this overtakes; the registered
    reactions.

    permitted: the act was permitted when it was done and only now takes effect (a notice has been served).
    as_of: the day from which the act counts, where it was done on paper before it is entered on `on`: lapses go first
    only up to that day, and the event names it.
    Raises NotPossible (no such transition from this state), NotAllowed (not this actor), Refused (every reason).
    """
    matter_type, matter_id = matter_key(matter)
    spec = spec_for(matter_type)
    rule = spec.transitions[name]
    day = as_of or on
    with ExitStack() as stack:
        locked = lock_settled(stack, spec, matter_id, actor=actor, on=day)
        method = getattr(locked, name)
        if proposal is not None:
            proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
            # Two chiefs at once: the second is told that the proposal is decided, whatever the state is now.
            proposals.require_open(proposal)
        refuse_unless_open(locked, spec, rule)
        if not permitted:
            _refuse_unless_allowed(locked, rule, actor, proposal)
        before = proposals.require_unchanged(proposal, locked) if proposal is not None else None
        if rule.condition(locked, actor=actor, on=on, data=data or {}):
            raise Refused(rule.against(locked, actor=actor, on=on, data=data or {}))
        step = Step(matter=locked, name=name, actor=actor, on=on, as_of=day, source=locked.state)
        if day != on:
            step.payload["as_of"] = day
        locked.runs += 1
        yield step
        if not step.held:
            method()
        locked.save()
        outbox.send_all(step.messages, on=on)
        trail.record(
            f"{matter_type}.{name}",
            actor=actor,
            on=on,
            matter=locked,
            outcome=outcome,
            payload={"from": step.source, "to": locked.state, **step.payload},
            frozen=_frozen(locked, spec, rule, before),
        )
        if locked.state != step.source:
            proposals.overtake(locked, except_for=proposal, on=on)
        for reaction in spec.reactions.get(name, []):
            reaction(locked, actor, on, step.payload)
    matter.refresh_from_db()


def _frozen(matter: Any, spec: MatterSpec, rule: TransitionSpec, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the matter's content now. before: as it was under the same locks."""
    if before is None or rule.touches is None:
        return spec.freeze(matter)
    return spec.freeze(matter, {name: part for name, part in before.items() if name not in rule.touches})


def lock_settled(stack: ExitStack, spec: MatterSpec, matter_id: str, *, actor: Actor, on: datetime.date) -> Any:
    """Return the row locked in a transaction entered on `stack`, with no lapse left undone before it.

    Looked for under the lock, as another transaction may start a clock that is due already; where there is one, the
    lock is let go and the lapses are carried out first, in transactions of their own.
    """
    while True:
        attempt = ExitStack()
        attempt.enter_context(database.atomic())
        locked = lock(spec, matter_id)
        if actor.is_system or not lapses.waiting(spec.matter_type, matter_id, on).exists():
            stack.push(attempt.pop_all())
            return locked
        database.set_rollback(True)  # nothing was written; inside another transaction, this is what lets the rows go
        attempt.close()
        lapses.settle(spec.matter_type, matter_id, on)


def lock(spec: MatterSpec, matter_id: str) -> Any:
    """Return the matter's row, locked until the transaction ends, after what comes before it."""
    if spec.lock_first is not None:
        spec.lock_first(matter_id)
    rows = spec.model._default_manager.select_for_update(of=("self",))
    return (rows.select_related(*spec.related) if spec.related else rows).get(pk=matter_id)


def refuse_unless_open(matter: Any, spec: MatterSpec, rule: TransitionSpec) -> None:
    """Raise NotPossible unless the FSM knows this transition from the matter's state."""
    if not possible(getattr(matter, rule.name)):
        raise NotPossible(
            Reason(
                "state",
                f"{spec.label}现在的状态是“{matter.get_state_display()}”，不能{rule.label}。页面可能已过时，请刷新后再看。",
                citation=rule.citation,
            )
        )


def _refuse_unless_allowed(matter: Any, rule: TransitionSpec, actor: Actor, proposal: Proposal | None) -> None:
    """Raise NotAllowed unless the actor may do this; what takes two people, by a proposal of another."""
    if rule.takes_two and proposal is not None and proposals.about(proposal, matter, rule.name):
        proposals.require_decider(proposal, matter, actor)
    elif rule.takes_two or not may(getattr(matter, rule.name), actor):
        raise not_allowed(rule)


def not_allowed(rule: TransitionSpec) -> NotAllowed:
    """Return the refusal of an actor who may not do this."""
    return NotAllowed(Reason("permission", f"您现在的岗位不能{rule.label}。", citation=rule.citation))
