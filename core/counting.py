"""Counts that never read a whole table: exact to 10,000 (PAGES.md), beyond that "以上"."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

EXACT = 10_000


def bounded_count(rows: QuerySet[Any], most: int | None = None) -> int:
    """How many rows, at most `most` (EXACT) + 1: the database stops counting there."""
    return rows.order_by()[: (EXACT if most is None else most) + 1].count()


class BoundedPaginator(Paginator):
    """A paginator that never counts past EXACT, and has no pages past it either."""

    @cached_property
    def _bounded(self) -> int:
        rows = self.object_list
        return bounded_count(rows) if isinstance(rows, QuerySet) else len(rows)

    @cached_property
    def count(self) -> int:
        return min(self._bounded, EXACT)

    @property
    def count_exact(self) -> bool:
        """Whether `count` is the whole truth."""
        return self._bounded <= EXACT
