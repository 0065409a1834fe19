"""What the workflow helper must know of a matter type: its transitions, who may, what must hold, what is frozen."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from core.accounts.actors import Actor
from core.audit.matters import key as matter_key
from core.refusals import Reason

# permission(actor, matter) -> bool
Permission = Callable[[Actor, Any], bool]
# condition(matter, actor=, on=, data=) -> every reason against it; data is None when only the buttons are asked for.
Condition = Callable[..., list[Reason]]
Reaction = Callable[["Model", Actor, datetime.date, Mapping[str, Any]], None]


@dataclass(frozen=True)
class TransitionSpec:
    """One line of the state table, as people see it. Source, target and permission stand on the model's FSM method.

    propose: who may propose, where it takes two people (the FSM permission then says who decides); None: one person.
    execute: the app's workflow function, called with (matter, actor=, on=, **payload), and proposal= if it takes two.
    clock: performed by the clock alone, never offered.
    foreseen: what is asked beside the condition of a payload when it is proposed or shown, and what execute asks itself
    of the decision, under a lock of its own (places, which no other may take meanwhile).
    touches: where a decision changes but a few parts of the matter's content beside its own row, which (as freeze names
    them): under its locks those alone are read again for the frozen copy. None: any of them.
    """

    name: str
    label: str
    citation: str
    execute: Callable[..., Any]
    condition: Condition
    propose: Permission | None = None
    clock: bool = False
    touches: frozenset[str] | None = None
    foreseen: Condition | None = None

    @property
    def takes_two(self) -> bool:
        return self.propose is not None

    def against(self, matter: Any, *, actor: Actor, on: datetime.date, data: Mapping[str, Any]) -> list[Reason]:
        """Return every reason against running it with this payload now."""
        reasons = self.condition(matter, actor=actor, on=on, data=data)
        return reasons + self.foreseen(matter, actor=actor, on=on, data=data) if self.foreseen else reasons


@dataclass(frozen=True)
class MatterSpec:
    """A matter type. freeze: its content as JSON, no personal number in clear, called with the matter, and where one of
    its transitions says what it touches with the parts that are kept; title: how people name it."""

    matter_type: str
    model: type[Model]
    label: str
    transitions: Mapping[str, TransitionSpec]
    freeze: Callable[..., dict[str, Any]]
    may_view: Permission
    link: Callable[[Any], str]
    # What nearly every act asks of the matter, read along with its row: names of foreign keys.
    related: tuple[str, ...] = ()
    # Locks what has to be locked before the matter itself, given its id: one order for all, so that nothing deadlocks.
    lock_first: Callable[[str], None] | None = None
    # What of a proposal's payload this actor reads, who sees the matter.
    payload_read: Callable[[Actor, Mapping[str, Any]], dict[str, Any]] = lambda actor, payload: dict(payload)
    # Before which day lapses go first when an actor does something in the matter; none: today.
    settles_until: Callable[[Any, Actor, datetime.date], datetime.date] | None = None
    reactions: dict[str, list[Reaction]] = field(default_factory=dict)


_specs: dict[str, MatterSpec] = {}


def register(spec: MatterSpec) -> None:
    """Register a matter type, from its AppConfig.ready()."""
    _specs[spec.matter_type] = spec


def spec_for(matter_type: str) -> MatterSpec:
    """Return the spec of a matter type. Raises KeyError for an unknown one."""
    return _specs[matter_type]


def settles_until(matter: Any, *, actor: Actor, on: datetime.date) -> datetime.date:
    """Return before which day what has lapsed in a matter goes first when this actor does something in it."""
    spec = _specs.get(matter_key(matter)[0])
    return spec.settles_until(matter, actor, on) if spec is not None and spec.settles_until is not None else on


def react(matter_type: str, transition: str, reaction: Reaction) -> None:
    """Register what an upper app does in the same transaction when this transition has run."""
    _specs[matter_type].reactions.setdefault(transition, []).append(reaction)
