"""Lists of filings: what is in force, expires, renews, is past its timely days, has ended; narrowed and looked up."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from filings.enums import UNDER_WAY, ApplicationKind, FilingState
from filings.models import Application, Filing, FilingScope, FilingSite, in_force, standing, suspended
from filings.standings import LABELS, SUSPENDED
from regulation.periods import PERIODS

DEFAULT_LENS = "in_force"
SOON = (30, 90, 180)  # days
# By the end of validity, the nearest first; what has ended, the latest first.
ORDER, ENDED_ORDER = ("valid_until", "id"), ("-valid_until", "-id")


@dataclass(frozen=True)
class Lens:
    """A way to look at filings on a day. empty: what a list without rows says would fill it."""

    label: str
    holds: Callable[[datetime.date], Q]
    empty: str
    order: tuple[str, ...] = ORDER


def _renewal() -> Exists:
    asked = Application.objects.filter(filing=OuterRef("pk"), kind=ApplicationKind.RENEWAL, state__in=UNDER_WAY)
    return Exists(asked)


def _expiring(days: int) -> Callable[[datetime.date], Q]:
    return lambda on: in_force(on) & Q(valid_until__range=(on, on + datetime.timedelta(days)))


def _renewing(on: datetime.date) -> Q:
    return in_force(on) & (Q(held_open=True) | Q(_renewal()))


def _untimely(on: datetime.date) -> Q:
    """Past the last day of a timely renewal (M14), and none has been asked for."""
    days = PERIODS["timely_renewal"].amount
    assert days is not None
    near = Q(valid_until__gte=on, valid_until__lt=on + datetime.timedelta(days), held_open=False)
    return in_force(on) & near & ~Q(_renewal())


LENSES: dict[str, Lens] = {
    DEFAULT_LENS: Lens("有效", in_force, "市中心同意备案后，机构会按有效期先后列在这里。"),
    **{
        f"expiring{days}": Lens(f"{days} 日内届满", _expiring(days), f"有效期在 {days} 日内届满的备案会列在这里。")
        for days in SOON
    },
    "renewing": Lens("延续办理中", _renewing, "机构提出延续申请后，备案会列在这里，直到办结。"),
    "untimely": Lens(
        "过按期日未申请",
        _untimely,
        "过了按期申请延续的最后一日、还没有提出延续的备案会列在这里。",
    ),
    "ended": Lens(
        "已失效或终止",
        lambda on: ~in_force(on),
        "有效期届满，或者被终止、注销、撤销的备案会列在这里。",
        ENDED_ORDER,
    ),
    "all": Lens("全部", lambda on: Q(), "市中心同意备案后，机构会列在这里。"),
}

# The ways of looking that show more than what is in force.
UNBOUNDED = ("ended", "all")


def _ended_as(state: FilingState) -> Callable[[datetime.date], Q]:
    # An expired one has ended by its dates, whether or not its lapse has been carried out.
    states = [state, FilingState.ACTIVE] if state == FilingState.EXPIRED else [state]
    return lambda on: ~in_force(on) & Q(state__in=states)


# How a filing stands on a day, by its dates.
STATUSES: dict[str, Callable[[datetime.date], Q]] = {
    FilingState.ACTIVE: in_force,
    SUSPENDED: lambda on: in_force(on) & Q(suspended(on)),
    **{state: _ended_as(state) for state in FilingState if state != FilingState.ACTIVE},
}

STATUS_CHOICES = [(str(key), LABELS[key]) for key in STATUSES]


def matching(rows: QuerySet[Filing], wanted: Mapping[str, Any], on: datetime.date) -> QuerySet[Filing]:
    """Return the filings that fit a filter: lens (of LENSES), status (of STATUSES), area (of the seat or a site) and
    occupation, rows or their codes, q (name, filing code, credit code)."""
    if lens := wanted.get("lens"):
        rows = rows.filter(LENSES[lens].holds(on))
    if status := wanted.get("status"):
        rows = rows.filter(STATUSES[status](on))
    if area := getattr(wanted.get("area"), "pk", wanted.get("area")):
        site = FilingSite.objects.filter(standing(on), filing=OuterRef("pk"), area_id=area)
        rows = rows.filter(Q(area_id=area) | Exists(site))
    if occupation := getattr(wanted.get("occupation"), "pk", wanted.get("occupation")):
        scope = FilingScope.objects.filter(standing(on), filing=OuterRef("pk"), occupation_id=occupation)
        rows = rows.filter(Exists(scope))
    if text := str(wanted.get("q") or "").strip():
        rows = rows.filter(Q(name__icontains=text) | Q(code__icontains=text) | Q(credit_code__istartswith=text))
    return rows


def counts(rows: QuerySet[Filing], on: datetime.date) -> dict[str, int]:
    """Return how many filings each way of looking at what is in force shows, in one query: of what is over, whose
    number nothing bounds, there is `bounded_count`."""
    counted = {name: Count("pk", filter=lens.holds(on)) for name, lens in LENSES.items() if name not in UNBOUNDED}
    return dict(rows.order_by().filter(in_force(on)).aggregate(**counted))
