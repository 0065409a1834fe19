"""Whom a clock concerns, and what it asks of them: declared by the app that owns the matter."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from core.accounts.models import Organisation
from core.deadlines.models import Clock
from core.notifications import outbox

TITLE_LENGTH = 200


class Concerned(NamedTuple):
    """Someone to tell. title: the matter and what is to be done, after the time left; body: more of it."""

    organisation: Organisation
    roles: tuple[str, ...]
    title: str
    body: str
    link: str


# Given the clock as it stands (running, or `state` lapsed), returns those to tell; an empty list where nobody is.
Audience = Callable[[Clock], Sequence[Concerned | tuple[Organisation, tuple[str, ...], str, str, str]]]

# Given the ids of matters, returns what each is called.
Names = Callable[[Sequence[str]], Mapping[str, str]]

_audiences: dict[str, Audience] = {}
_moved: dict[str, Audience] = {}
_names: dict[str, Names] = {}


def register_audience(
    matter_type: str, audience: Audience, *, moved: Audience | None = None, names: Names | None = None
) -> None:
    """Register whom the clocks of a matter type concern, from its AppConfig.ready().

    moved: whom it concerns that a last day moves, where these are more; names: what the matters are called.
    """
    _audiences[matter_type] = audience
    if moved is not None:
        _moved[matter_type] = moved
    if names is not None:
        _names[matter_type] = names


def declared() -> list[str]:
    """Return the matter types with an audience."""
    return sorted(_audiences)


def concerned(clock: Clock) -> list[Concerned]:
    """Return those whom the clock concerns as it stands; none where its app has declared nobody."""
    audience = _audiences.get(clock.matter_type)
    return [Concerned(*one) for one in audience(clock)] if audience else []


def concerned_by_move(clock: Clock) -> list[Concerned]:
    """Return those whom it concerns that the clock's last day moves."""
    audience = _moved.get(clock.matter_type)
    return [Concerned(*one) for one in audience(clock)] if audience else concerned(clock)


def names(clocks: Iterable[Clock]) -> dict[tuple[str, str], str]:
    """Return {(matter type, id): name} of the clocks' matters, one query a type; none where none is registered."""
    ids: dict[str, set[str]] = {}
    for clock in clocks:
        ids.setdefault(clock.matter_type, set()).add(clock.matter_id)
    return {
        (matter_type, matter_id): name
        for matter_type, found in ids.items()
        if matter_type in _names
        for matter_id, name in _names[matter_type](sorted(found)).items()
    }


def tell(
    clock: Clock,
    kind: str,
    *,
    key: str,
    opening: str,
    body: str,
    on: datetime.date,
    to: Sequence[Concerned] | None = None,
) -> int:
    """Tell everyone the clock concerns, or those named, once per key; return how many inboxes it reached."""
    told = concerned(clock) if to is None else to
    for number, one in enumerate(told):
        outbox.send(
            f"{key}:{one.organisation.pk}:{number}",
            kind,
            organisation=one.organisation,
            roles=one.roles,
            title=f"{opening}：{one.title}"[:TITLE_LENGTH],
            body=f"{body}{one.body}",
            on=on,
            link=one.link,
            matter=(clock.matter_type, clock.matter_id),
        )
    return len(told)
