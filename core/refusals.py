"""Typed refusals that carry every reason at once (HOUSE.md): shown beside the fields, or as a problem document."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """One thing that stands against an action: a code for machines, a sentence in Chinese for people.

    `field` names the form field or anchor it belongs to; `citation` the article ("M8(3)"), where there is one.
    """

    code: str
    text: str
    field: str = ""
    citation: str = ""


class Refused(Exception):
    """An action was refused; `reasons` holds all of them, never just the first."""

    status = 409
    wait = 0  # seconds after which it may be tried again, where it is only for now

    def __init__(self, reasons: Iterable[Reason] | Reason) -> None:
        self.reasons: tuple[Reason, ...] = (reasons,) if isinstance(reasons, Reason) else tuple(reasons)
        super().__init__(";".join(reason.text for reason in self.reasons))


class NotPossible(Refused):
    """The transition does not exist from the state the matter is in now."""


class NotAllowed(Refused):
    """This actor may not do this."""

    status = 403


class Invalid(Refused):
    """What was sent does not fit: wrong format, malformed file, unknown value."""

    status = 422


class Unavailable(Refused):
    """What it needs is out of order just now: nobody's fault, and worth another try in a minute."""

    status = 503
    wait = 60


class TooOften(Refused):
    """It was tried too often; `wait` says for how long it is closed."""

    status = 429

    def __init__(self, reasons: Iterable[Reason] | Reason, wait: int) -> None:
        super().__init__(reasons)
        self.wait = wait
