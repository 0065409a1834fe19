"""Filters over a list, each with how many rows it shows now: those offered to an office, and those that people keep
under names of their own."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from core.accounts.actors import Actor
from core.counting import EXACT
from core.refusals import Invalid, Reason
from core.web.models import SavedFilter

# As many as stand in two rows over a list, and are counted each time it is opened.
MOST = 8
LONGEST = 500
# What says where in a list one is, not what it shows.
_PLACE = ("page", "cursor", "export")

Counter = Callable[[QueryDict, Actor, datetime.date], int]


@dataclass(frozen=True)
class Offer:
    """A filter that a list offers: name, address, how many rows it shows, and whether it may be more."""

    label: str
    query: str
    count: int
    more: bool


Offers = Callable[[Actor, datetime.date], Sequence[Offer]]
_lists: dict[str, tuple[Counter, Offers]] = {}


def register(name: str, count: Counter, offers: Offers = lambda actor, on: ()) -> None:
    """Let the filters of a list (its url name) be kept; `count(params, actor, on)` counts what they show, at most
    `core.counting.EXACT` + 1. offers: what the list offers besides."""
    _lists[name] = (count, offers)


def is_list(name: str) -> bool:
    """Whether this is the url name of a list whose filters can be kept."""
    return name in _lists


@dataclass(frozen=True)
class Kept:
    """A filter over its list: its address, how many rows it shows, whether it is the one now in the address. pk: of one
    that a person keeps."""

    pk: int | None
    label: str
    query: str
    count: int
    more: str
    active: bool


def canonical(params: QueryDict | str) -> str:
    """Return a filter as it is kept: what is empty or only says where one is left out, in one order."""
    given = QueryDict(params) if isinstance(params, str) else params
    kept = QueryDict(mutable=True)
    for name in sorted(given):
        values = [str(value) for value in given.getlist(name) if value]
        if values and name not in _PLACE:
            kept.setlist(name, values)
    return kept.urlencode()


def shown(name: str, params: QueryDict, actor: Actor, on: datetime.date) -> dict[str, Any]:
    """Return what components/saved_filters.html prints over the list `name`: a count is one query a filter."""
    now, rows = canonical(params), list(SavedFilter.objects.filter(position=actor.position, list=name))
    count, offers = _lists[name]
    own = {row.query for row in rows}
    offered = [
        Kept(None, one.label, one.query, one.count, "+" if one.more else "", one.query == now)
        for one in offers(actor, on)
        if one.query not in own
    ]
    kept = []
    for row in rows:
        many = count(QueryDict(row.query), actor, on)
        kept.append(Kept(row.pk, row.label, row.query, min(many, EXACT), "+" if many > EXACT else "", row.query == now))
    active = any(one.active for one in (*offered, *kept))
    return {
        "list": name,
        "offered": offered,
        "kept": kept,
        "all": [*offered, *kept],
        "query": now,
        "can_keep": bool(now) and len(rows) < MOST and not active,
    }


def keep(name: str, query: str, label: str, actor: Actor) -> SavedFilter:
    """Keep a filter under this name, in the place of an earlier one of the same name. Raises Invalid."""
    query, label = canonical(query), " ".join(label.split())
    longest = SavedFilter._meta.get_field("label").max_length or 0
    if not is_list(name) or not query or len(query) > LONGEST:
        raise Invalid(Reason("filter.unfit", "这些筛选条件不能保存。请先在列表中选好条件，再保存。"))
    if not 1 <= len(label) <= longest:
        raise Invalid(Reason("filter.label", f"没有保存：请给常用筛选取一个名称，不超过 {longest} 个字。", "label"))
    others = SavedFilter.objects.filter(position=actor.position, list=name).exclude(label=label)
    if others.count() >= MOST:
        raise Invalid(Reason("filter.most", f"没有保存：一个列表最多 {MOST} 个常用筛选，请先删去不用的。"))
    row, _ = SavedFilter.objects.update_or_create(
        position=actor.position, list=name, label=label, defaults={"query": query}
    )
    return row
