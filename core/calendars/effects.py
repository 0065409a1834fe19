"""What loading, confirming or overriding a year moves in the layers above, by registration."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from regulation.workdays import Calendar


@dataclass(frozen=True)
class Move:
    """A period that another calendar moves, or makes definite. `kept`: an agency's, which is never shortened.

    matter: what it is about, by name; told: the organisations that are told of it, none where the last day stays.
    """

    matter_type: str
    matter_id: str
    label: str
    starts_on: datetime.date
    old_end: datetime.date
    new_end: datetime.date
    was_provisional: bool
    provisional: bool
    kept: bool = False
    matter: str = ""
    told: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether the last day changes."""
        return self.old_end != self.new_end

    @property
    def settled(self) -> bool:
        """Whether a provisional period becomes definite."""
        return self.was_provisional and not self.provisional


# preview(calendar, on) says what would move; after_load(years, on=, reason=) moves it, in the transaction of the edit.
Preview = Callable[[Calendar, datetime.date], Sequence[Move]]
AfterLoad = Callable[..., Sequence[Move]]

_effects: list[tuple[AfterLoad, Preview]] = []


def register_after_load(after_load: AfterLoad, preview: Preview) -> None:
    """Register what follows an edit of the calendar, from an upper app's ready()."""
    if (after_load, preview) not in _effects:
        _effects.append((after_load, preview))


def preview(calendar: Calendar, on: datetime.date) -> list[Move]:
    """Return every period that would move if this calendar held from that day on."""
    return [move for _, look in _effects for move in look(calendar, on)]


def carry_out(years: frozenset[int], *, on: datetime.date, reason: str) -> list[Move]:
    """Move what rests on these years; return what moved."""
    return [move for after_load, _ in _effects for move in after_load(years, on=on, reason=reason)]
