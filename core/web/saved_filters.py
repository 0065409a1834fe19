"""Filters that people keep: a name of their own over a list, and how many rows it shows now."""

import datetime
from collections.abc import Callable
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
_counters: dict[str, Counter] = {}


def register(name: str, count: Counter) -> None:
    """Let the filters of a list (its url name) be kept; `count(params, actor, on)` counts what they show, at most
    `core.counting.EXACT` + 1."""
    _counters[name] = count


def is_list(name: str) -> bool:
    """Whether this is the url name of a list whose filters can be kept."""
    return name in _counters


@dataclass(frozen=True)
class Kept:
    """A kept filter over its list: its address, how many rows it shows, whether it is the one now in the address."""

    pk: int
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
    """Return what components/saved_filters.html prints over the list `name`: a count is one query a kept filter."""
    now, rows = canonical(params), list(SavedFilter.objects.filter(position=actor.position, list=name))
    kept = []
    for row in rows:
        count = _counters[name](QueryDict(row.query), actor, on)
        more = "+" if count > EXACT else ""
        kept.append(Kept(row.pk, row.label, row.query, min(count, EXACT), more, row.query == now))
    return {
        "list": name,
        "kept": kept,
        "query": now,
        "can_keep": bool(now) and len(rows) < MOST and not any(one.active for one in kept),
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
