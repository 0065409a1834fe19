"""The look-up: what is asked for, the entries that fit, in pages by key."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import chain, repeat
from operator import and_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.counting import EXACT, bounded_count
from core.web.pagination import BATCH, PER_PAGE, ListPage, read_cursor, write_cursor
from registry import folding
from registry.directory import as_listed
from registry.entries import in_effect
from registry.models import Entry, Locality, Offer, Pause, level_bits
from registry.standing import OF_AGENCIES, Standing
from registry.terms import Names, allowed, anywhere, by_name, elsewhere, united


@dataclass(frozen=True)
class Query:
    """What is asked for; every part is optional, and all given parts must hold.

    text: terms divided by spaces, each somewhere in name, sound of the name, codes, occupations, areas or addresses;
    area: code or name, of the seat or of a site; occupation: its code; level: 5 to 1, of that occupation where one is
    given; status: a standing of agencies.
    """

    text: str = ""
    area: str = ""
    occupation: str = ""
    level: int | None = None
    status: str = ""
    names: Names = field(default_factory=Names, compare=False, repr=False)

    @cached_property
    def terms(self) -> list[str]:
        """The words to look for, folded."""
        return folding.terms(self.text)

    @property
    def attempts(self) -> Sequence[int]:
        """With how many slips in each word it is looked for, one attempt after the other until something is found. Each
        costs more than the one before: two are for a word alone."""
        match self.terms:
            case []:
                return (0,)
            case [term]:
                return range(max(1, allowed(term)) + 1)
        return range(2)


Parts = list[QuerySet[Entry]]


class Found:
    """The entries that fit, in one order: in force and so called, other ones in force, then those that are over; each
    part by filing code, as an index has it. Its length is exact to EXACT.

    sizes: how many each part has, where they have been counted; first: the ids of the first entries, where they were
    found with that. slips: nothing contained what was typed, and these sound like it or differ by so many at most.
    """

    def __init__(
        self,
        parts: Parts,
        *,
        slips: int = 0,
        sizes: Sequence[int] = (),
        first: Sequence[int] = (),
    ) -> None:
        self.parts = [part.order_by("code") for part in parts]
        self.slips = slips
        self._first = first
        if sizes:
            self.sizes = sizes
        self._empty = {place for place, size in enumerate(sizes) if not size and sum(sizes) <= EXACT}

    @cached_property
    def sizes(self) -> Sequence[int]:
        """How many each part has; beyond EXACT in all, no more are counted."""
        counted: list[int] = []
        for part in self.parts:
            counted.append(bounded_count(part, EXACT - sum(counted)) if sum(counted) <= EXACT else 0)
        return counted

    def __len__(self) -> int:
        return min(sum(self.sizes), EXACT + 1)

    def codes(self, most: int = PER_PAGE) -> list[str]:
        """The first filing codes."""
        return [entry.code for entry in self._after(0, "", most)]

    def page(self, params: Mapping[str, Any], *, per_page: int = PER_PAGE) -> ListPage:
        """The page after (or before) the row that `cursor` in the address names; a broken cursor gives the first."""
        backward, place, code = self._cursor(params.get("cursor"))
        if backward:
            rows = self._before(place, code, per_page + 1)
            more, rows = len(rows) > per_page, rows[:per_page][::-1]
            earlier, later = more, True
        else:
            rows = self._after(place, code, per_page + 1)
            more, rows = len(rows) > per_page, rows[:per_page]
            earlier, later = bool(code), more
        return ListPage(
            items=rows,
            count=min(len(self), EXACT),
            count_exact=len(self) <= EXACT,
            previous_cursor=_written(rows[0], backward=True) if rows and earlier else None,
            next_cursor=_written(rows[-1], backward=False) if rows and later else None,
        )

    def batches(self, size: int = BATCH) -> Iterator[list[Any]]:
        """Every entry there is, so many at a time."""
        place, code = 0, ""
        while found := self._after(place, code, size):
            yield found
            place, code = found[-1].part, found[-1].code

    def _cursor(self, text: Any) -> tuple[bool, int, str]:
        read = read_cursor(text, 2)
        if read is None:
            return False, 0, ""
        backward, (place, code) = read
        known = isinstance(place, int) and 0 <= place < len(self.parts) and isinstance(code, str)
        return (backward, place, code) if known else (False, 0, "")

    def _after(self, place: int, code: str, most: int) -> list[Any]:
        if not (place or code) and (found := self._found_first(most)):
            return found
        return self._taken(range(place, len(self.parts)), "code", Q(code__gt=code) if code else Q(), most)

    def _found_first(self, most: int) -> list[Any]:
        """The first rows by the ids that are known of them; none where they are not enough, or no longer all there:
        what is published meanwhile is laid out anew."""
        first = self._first[:most]
        if len(first) < min(most, len(self)):
            return []
        rows: Mapping[int, Any] = _listed(Entry.objects.all()).in_bulk(first)
        parts = chain.from_iterable(repeat(place, size) for place, size in enumerate(self.sizes))
        for pk, part in zip(first, parts, strict=False):
            if pk not in rows:
                return []
            rows[pk].part = part
        return [rows[pk] for pk in first]

    def _before(self, place: int, code: str, most: int) -> list[Any]:
        return self._taken(range(place, -1, -1), "-code", Q(code__lt=code), most)

    def _taken(self, places: range, order: str, beyond: Q, most: int) -> list[Any]:
        """The first rows of these parts, of the first one only those beyond; a part known to be empty is not asked."""
        found: list[Any] = []
        for place in places:
            if place in self._empty:
                continue
            rows = self.parts[place].order_by(order).filter(beyond if place == places[0] else Q())
            taken: list[Any] = list(_listed(rows)[: most - len(found)])
            for row in taken:
                row.part = place
            found += taken
            if len(found) == most:
                break
        return found


def _listed(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """With what a list shows."""
    return rows.defer("called", "words", "places", "areas")


def _written(row: Any, *, backward: bool) -> str:
    return write_cursor([row.part, row.code], backward=backward)


NOTHING = Found([])


def search(query: Query, on: datetime.date, known: datetime.date) -> Found:
    """Return the entries that fit, as things stood or will stand on a day by what was published until `known`. Where
    nothing contains what was typed: what sounds like it or differs by one slip; where nothing does either, by two."""
    found = NOTHING
    for slips in query.attempts:
        found = Found(in_order(matching(query, on, known, slips=slips), on), slips=slips)
        if found.codes(1):
            break
    return found


def in_order(fitting: Parts, on: datetime.date) -> Parts:
    """Return the parts of an answer: of what fits, first what is in force."""
    return [part.filter(last_day__gte=on) for part in fitting] + [part.filter(last_day__lt=on) for part in fitting]


def matching(query: Query, on: datetime.date, known: datetime.date, *, slips: int = 0) -> Parts:
    """Return the entries that fit, in parts that have none in common: those so called, then those in which the words
    stand elsewhere. slips: words may be found by their sound, or with so many slips; all in one part."""
    rows = _narrowed(query, on, known)
    if query.text.strip() and not query.terms:
        return [rows.none()]  # nothing but punctuation
    if not query.terms:
        return [rows]
    if slips:
        return [_anyhow(rows, query, slips=slips)]
    called = reduce(and_, map(by_name, query.terms))
    if len(query.terms) == 1:  # what is so called is the first part already: not looked for twice
        (term,) = query.terms
        beside = rows.filter(pk__in=united(elsewhere(term, query.names.meant(term))))
    else:
        beside = _anyhow(rows, query)
    return [rows.filter(called), beside.exclude(called)]


def _anyhow(rows: QuerySet[Entry], query: Query, *, slips: int = 0) -> QuerySet[Entry]:
    """Those that have each word somewhere."""
    for term in query.terms:
        rows = rows.filter(anywhere(term, query.names.meant(term), slips=slips))
    return rows


def _narrowed(query: Query, on: datetime.date, known: datetime.date) -> QuerySet[Entry]:
    """What fits beside the words."""
    rows = in_effect(on).filter(published_on__lte=known)
    if query.area:
        area = next((code for code, name in query.names.areas if name == query.area), query.area)
        rows = rows.filter(pk__in=Locality.objects.filter(area=area).values("entry"))
    bit = 0 if query.level is None else level_bits([query.level])
    if query.occupation:
        offers = Offer.objects.annotate(asked=F("levels").bitand(bit)).filter(occupation=query.occupation, asked=bit)
        rows = rows.filter(pk__in=offers.values("entry"))
    elif bit:
        rows = rows.annotate(asked=F("levels").bitand(bit)).filter(asked=bit)
    if query.status:
        rows = rows.filter(standing(Standing(query.status), on))
    return rows


def standing(wanted: Standing, on: datetime.date) -> Q:
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


def cells(found: Found, on: datetime.date) -> Iterator[list[Any]]:
    """Return the agencies as rows of a file, under COLUMNS."""
    for rows in found.batches():
        for agency in (as_listed(entry, on) for entry in rows):
            now = agency.current
            scope = "；".join(f"{item.code} {item.occupation}（{item.levels_text}）" for item in now.scope)
            yield [
                now.name, now.code, now.credit_code, agency.finding.label, now.area, now.address,
                now.valid_from, now.valid_until, scope, now.receipt, now.verification,
            ]  # fmt: skip
