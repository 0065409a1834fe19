"""Pages of a list, by number or by key. A count is exact to 10,000 (PAGES.md); beyond that it says "以上"."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet
from rest_framework.pagination import CursorPagination, PageNumberPagination
from rest_framework.response import Response

from core.counting import BoundedPaginator

PER_PAGE = 20
BATCH = 500


@dataclass(frozen=True)
class ListPage:
    """What components/pagination.html and list_head.html print. By number, or by key (then `number` is None)."""

    items: Sequence[Any]
    count: int
    count_exact: bool
    number: int | None = None
    last_number: int | None = None
    previous_cursor: str | None = None
    next_cursor: str | None = None

    def with_items(self, items: Sequence[Any]) -> "ListPage":
        """Return the same page, its rows as they are printed."""
        return replace(self, items=items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def previous_number(self) -> int | None:
        return self.number - 1 if self.number and self.number > 1 else None

    @property
    def next_number(self) -> int | None:
        return self.number + 1 if self.number and self.last_number and self.number < self.last_number else None

    @property
    def has_previous(self) -> bool:
        return bool(self.previous_number or self.previous_cursor)

    @property
    def has_next(self) -> bool:
        return bool(self.next_number or self.next_cursor)

    @property
    def has_other(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def numbers(self) -> list[int | None]:
        """Page numbers near this one, with None for a gap; empty for pages by key."""
        if not self.number or not self.last_number:
            return []
        shown = sorted(
            {1, self.last_number, *range(self.number - 2, self.number + 3)} & set(range(1, self.last_number + 1))
        )
        listed: list[int | None] = []
        for before, number in zip([0, *shown], shown, strict=False):
            listed += [None, number] if number - before > 1 else [number]
        return listed


def by_number(rows: QuerySet[Any] | Sequence[Any], params: Mapping[str, Any], *, per_page: int = PER_PAGE) -> ListPage:
    """The page that `page` in the address names; nonsense gives the first, too far the last."""
    paginator = BoundedPaginator(rows, per_page)
    page = paginator.get_page(params.get("page"))
    return ListPage(
        items=list(page.object_list),
        count=paginator.count,
        count_exact=paginator.count_exact,
        number=page.number,
        last_number=paginator.num_pages,
    )


def by_key(rows: QuerySet[Any], params: Mapping[str, Any], *, key: Sequence[str], per_page: int = PER_PAGE) -> ListPage:
    """The page after (or before) the row that `cursor` in the address names: as quick on row 1,000,000 as on row 1.

    `key` is the order, e.g. ("-received_on", "-id"): not null, together unique. A broken cursor gives the first page.
    """
    cursor = read_cursor(params.get("cursor"), len(key))
    backward, values = cursor or (False, None)
    order = [_flipped(name) for name in key] if backward else list(key)
    window = rows.order_by(*order)
    if values is not None:
        try:
            items = list(window.filter(_beyond(order, values))[: per_page + 1])
        except (ValidationError, ValueError, TypeError):
            backward, values = False, None
            items = list(rows.order_by(*key)[: per_page + 1])
    else:
        items = list(window[: per_page + 1])
    more, items = len(items) > per_page, items[:per_page]
    if backward:
        items.reverse()
    before = more if backward else values is not None
    after = values is not None if backward else more
    counted = BoundedPaginator(rows.order_by(*key), per_page)
    return ListPage(
        items=items,
        count=counted.count,
        count_exact=counted.count_exact,
        previous_cursor=write_cursor(_values(items[0], key), backward=True) if items and before else None,
        next_cursor=write_cursor(_values(items[-1], key), backward=False) if items and after else None,
    )


def batches(rows: QuerySet[Any], *, key: Sequence[str], size: int = BATCH) -> Iterator[list[Any]]:
    """Every row in this order, so many at a time, each batch read behind the last row of the one before."""
    window = rows.order_by(*key)
    while found := list(window[:size]):
        yield found
        values = _values(found[-1], key)
        window = rows.order_by(*key).filter(_beyond(key, values))


def _flipped(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that come after these values in this order: a > x, or a = x and b > y, …"""
    found, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        column = name.lstrip("-")
        found |= equal & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{column: value})
    return found


def write_cursor(values: Sequence[Any], *, backward: bool) -> str:
    """Return these values of a row, by which rows are ordered, as a word for an address."""
    text = json.dumps([int(backward), *values], cls=DjangoJSONEncoder)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _values(row: Any, key: Sequence[str]) -> list[Any]:
    return [_value(row, name.lstrip("-")) for name in key]


def _value(row: Any, name: str) -> Any:
    if isinstance(row, Mapping):
        return row[name]
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def read_cursor(text: Any, length: int) -> tuple[bool, list[Any]] | None:
    """Return what `write_cursor` wrote of so many values: backward?, the values; None where it is broken."""
    if not text or len(text) > 500:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(str(text) + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        return None
    plain = isinstance(values, list) and all(isinstance(value, str | int | float) for value in values)
    if not plain or len(values) != length + 1:
        return None
    return bool(values[0]), values[1:]


class NumberedPages(PageNumberPagination):
    """API lists by page number: `count` is exact where `count_exact` says so."""

    django_paginator_class = BoundedPaginator
    page_size = PER_PAGE
    page_size_query_param = "page_size"
    max_page_size = 100

    def get_paginated_response(self, data: Any) -> Response:
        """Links, count and results."""
        assert self.page is not None  # DRF asks for the answer after paginating
        paginator = self.page.paginator
        return Response(
            {
                "count": paginator.count,
                "count_exact": isinstance(paginator, BoundedPaginator) and paginator.count_exact,
                "next": self.get_next_link(),
                "previous": self.get_previous_link(),
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The same, described."""
        described = super().get_paginated_response_schema(schema)
        described["properties"]["count_exact"] = {"type": "boolean", "example": True}
        described["required"] = [*described.get("required", []), "count_exact"]
        return described


class KeyedPages(CursorPagination):
    """API lists that can pass 10,000 rows: by key, the order from the view's `ordering`."""

    page_size = PER_PAGE
    page_size_query_param = "page_size"
    max_page_size = 100
    ordering = "-id"
