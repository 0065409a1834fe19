"""The published criteria of assessment (M11) as sets: which hold together from which day, and what each weighs.

The full marks are the weight, as in scoring tables: a criterion's share is its full marks of the sum.
"""

import datetime
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from filings.models import Criterion

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class CriteriaSet:
    """The criteria that hold from a day on until (and with) another; rows: (criterion, its share in percent)."""

    since: datetime.date
    until: datetime.date | None
    rows: list[tuple[Criterion, Decimal]]

    @property
    def full(self) -> int:
        """The sum of the full marks."""
        return sum(one.full_marks for one, _ in self.rows)

    def holds(self, on: datetime.date) -> bool:
        """Whether it is the set of that day."""
        return self.since <= on and (self.until is None or on <= self.until)


def sets(rows: Iterable[Criterion]) -> list[CriteriaSet]:
    """Return the sets that these criteria make up, the newest first; days on which none holds make none."""
    rows = sorted(rows, key=lambda one: one.pk)
    starts = sorted({one.since for one in rows} | {one.until + ONE_DAY for one in rows if one.until})
    found = []
    for since, following in itertools.zip_longest(starts, starts[1:]):
        held = [one for one in rows if one.since <= since and (one.until is None or since <= one.until)]
        if held:
            found.append(CriteriaSet(since, following - ONE_DAY if following else None, _weighed(held)))
    return found[::-1]


def _weighed(rows: list[Criterion]) -> list[tuple[Criterion, Decimal]]:
    full = sum(one.full_marks for one in rows)
    return [(one, (Decimal(100 * one.full_marks) / full).quantize(Decimal("0.1"), ROUND_HALF_UP)) for one in rows]
