"""What a deregistration waits for: an open case, a rectification, an unfinished session. Upper apps register theirs."""

import datetime
from collections.abc import Callable

from core.refusals import Reason
from filings.models import Filing

# (the filing, the day) -> why it cannot be deregistered on its agency's request yet.
Obstacles = Callable[[Filing, datetime.date], list[Reason]]

_found_by: list[Obstacles] = []


def register(function: Obstacles) -> None:
    """Register what finds obstacles, from an app's ready()."""
    if function not in _found_by:
        _found_by.append(function)


def unregister(function: Obstacles) -> None:
    """Take a function off again (a test's own)."""
    _found_by.remove(function)


def against(filing: Filing, on: datetime.date) -> list[Reason]:
    """Return every obstacle, in the order of registration."""
    return [reason for function in _found_by for reason in function(filing, on)]
