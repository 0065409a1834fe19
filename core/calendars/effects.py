"""What loading, confirming or overriding a year moves in the layers above, by registration."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from regulation.workdays import Calendar


@dataclass(frozen=True)
class Move:
    """A period that another calendar moves, or makes definite. `kept`: an agency's, which is never shortened."""

    matter_type: str
    matter_id: str
    label: str
    starts_on: datetime.date
    old_end: datetime.date
    new_end: datetime.date
    was_provisional: bool
    provisional: bool
    kept: bool = False

    @property
    def moved(self) -> bool:
        """Whether the last day changes."""
        return self.old_end != self.new_end

    @property
    def settled(self) -> bool:
        """Whether a provisional period becomes definite."""
        return self.was_provisional and not self.provisional


# preview(calendar) says what would move; after_load(years, on=, reason=) moves it, in the transaction of the edit.
Preview = Callable[[Calendar], Sequence[Move]]
AfterLoad = Callable[..., Sequence[Move]]

_effects: list[tuple[AfterLoad, Preview]] = []


def register_after_load(after_load: AfterLoad, preview: Preview) -> None:
    """Register what follows an edit of the calendar, from an upper app's ready()."""
    if (after_load, preview) not in _effects:
        _effects.append((after_load, preview))


def preview(calendar: Calendar) -> list[Move]:
    """Return every period that would move if this calendar held."""
    return [move for _, look in _effects for move in look(calendar)]


def carry_out(years: frozenset[int], *, on: datetime.date, reason: str) -> list[Move]:
    """Move what rests on these years; return what moved."""
    return [move for after_load, _ in _effects for move in after_load(years, on=on, reason=reason)]
