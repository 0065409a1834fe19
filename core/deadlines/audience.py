"""Whom a clock concerns, and what it asks of them: declared by the app that owns the matter."""

import datetime
from collections.abc import Callable, Sequence
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

_audiences: dict[str, Audience] = {}


def register_audience(matter_type: str, audience: Audience) -> None:
    """Register whom the clocks of a matter type concern, from its AppConfig.ready()."""
    _audiences[matter_type] = audience


def declared() -> list[str]:
    """Return the matter types with an audience."""
    return sorted(_audiences)


def concerned(clock: Clock) -> list[Concerned]:
    """Return those whom the clock concerns as it stands; none where its app has declared nobody."""
    audience = _audiences.get(clock.matter_type)
    return [Concerned(*one) for one in audience(clock)] if audience else []


def tell(clock: Clock, kind: str, *, key: str, opening: str, body: str, on: datetime.date) -> int:
    """Tell everyone the clock concerns, once per key; return how many inboxes it reached."""
    told = concerned(clock)
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
