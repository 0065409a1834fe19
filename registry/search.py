"""The look-up: terms, filters, and what the answer can be narrowed by."""

import datetime
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.counting import EXACT, bounded_count
from core.web.pagination import BATCH
from registry.directory import agencies
from registry.entries import in_effect
from registry.models import Entry, Pause
from registry.standing import OF_AGENCIES, Standing

# Anything longer is no name; it is cut, not refused.
LONGEST = 100


@dataclass(frozen=True)
class Query:
    """What is asked for; every part is optional, and all given parts must hold.

    text: terms divided by spaces, each somewhere in name, codes, occupations, areas or addresses; area: code or name,
    of the seat or of a site; occupation: its code; level: 5 to 1, of that occupation where one is given; status: a
    standing of agencies.
    """

    text: str = ""
    area: str = ""
    occupation: str = ""
    level: int | None = None
    status: str = ""

    @property
    def terms(self) -> list[str]:
        """The words to look for, folded: full-width letters and capitals make no difference."""
        return unicodedata.normalize("NFKC", self.text)[:LONGEST].casefold().split()


class Listed(Sequence[str]):
    """The filing codes found: those in force first, each part by code, as an index has them. Its length is exact to
    EXACT."""

    def __init__(self, valid: QuerySet[Entry], over: QuerySet[Entry]) -> None:
        self.valid, self.over = (part.order_by("code").values_list("code", flat=True) for part in (valid, over))

    @cached_property
    def _counts(self) -> tuple[int, int]:
        return bounded_count(self.valid), bounded_count(self.over)

    def __len__(self) -> int:
        return min(sum(self._counts), EXACT + 1)

    def __getitem__(self, wanted: Any) -> Any:
        if not isinstance(wanted, slice):
            place = range(len(self))[wanted]
            return self[place : place + 1][0]
        start, stop, _ = wanted.indices(len(self))
        valid = self._counts[0]
        found = list(self.valid[start:stop]) if start < valid else []
        return found + list(self.over[max(start - valid, 0) : stop - valid]) if stop > valid else found

    def batches(self, size: int = BATCH) -> Iterator[list[str]]:
        """Every code there is, so many at a time."""
        for part in (self.valid, self.over):
            after = ""
            while found := list(part.filter(code__gt=after)[:size]):
                yield found
                after = found[-1]


NOTHING = Listed(Entry.objects.none(), Entry.objects.none())


def search(query: Query, on: datetime.date, known: datetime.date) -> Listed:
    """Return the filing codes that fit, as things stood or will stand on a day by what was published until `known`."""
    rows = in_effect(on).filter(published_on__lte=known)
    for term in query.terms:
        rows = rows.filter(words__contains=term)
    if query.area:
        rows = rows.filter(marks__contains=f"|{query.area}|")
    if query.occupation or query.level is not None:
        before, after = ("|" if query.occupation else ""), ("" if query.level is None else f"{query.level}|")
        rows = rows.filter(marks__contains=f"{before}{query.occupation}:{after}")
    if query.status:
        rows = rows.filter(_standing(Standing(query.status), on))
    return Listed(rows.filter(last_day__gte=on), rows.filter(last_day__lt=on))


def _standing(wanted: Standing, on: datetime.date) -> Q:
    """The entries that stand so on a day (registry.standing.of_filing)."""
    holding = Q(until__isnull=True) | Q(until__gt=on)
    paused = Exists(Pause.objects.filter(holding, entry=OuterRef("pk"), since__lte=on))
    ended = ~Q(ended_as="") & (Q(ended_on__isnull=True) | Q(ended_on__lte=on))
    match wanted:
        case Standing.VALID:
            return Q(~paused, last_day__gte=on)
        case Standing.SUSPENDED:
            return Q(paused, last_day__gte=on)
        case Standing.EXPIRED:
            return Q(last_day__lt=on) & ~ended
    return ended & Q(ended_as=wanted)


STATUS_CHOICES = [(one.value, one.label) for one in OF_AGENCIES]
assert Standing.VALID.value == STATUS_CHOICES[0][0]

COLUMNS = (
    "机构名称",
    "备案编码",
    "统一社会信用代码",
    "状态",
    "所在区域",
    "地址",
    "有效期自",
    "有效期至",
    "职业（工种）和等级",
    "回执文号",
    "回执核验码",
)


def cells(found: Listed, on: datetime.date, known: datetime.date) -> Iterator[list[Any]]:
    """Return the agencies as rows of a file, under COLUMNS."""
    for codes in found.batches():
        for agency in agencies(codes, on, known):
            now = agency.current
            scope = "；".join(f"{item.code} {item.occupation}（{item.levels_text}）" for item in now.scope)
            yield [
                now.name, now.code, now.credit_code, agency.finding.label, now.area, now.address,
                now.valid_from, now.valid_until, scope, now.receipt, now.verification,
            ]  # fmt: skip
