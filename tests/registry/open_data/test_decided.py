"""What the offices decide, in the open data: each number and cap with its days, assignments, criteria with weights."""

import datetime

import pytest

from core.clock.clock import now
from core.publications import register
from core.publications.models import Publication
from registry.open_data import decided, editions
from tests.registry.open_data.packages import tables
from tests.registry.telling import choose, set_year, tell
from tests.world import DAY

pytestmark = pytest.mark.django_db

ONE = datetime.timedelta(days=1)
FIRST = datetime.date(2023, 1, 1)


def limits(on: datetime.date) -> list[tuple[object, ...]]:
    return [(one.area, one.number, one.since, one.until) for one in decided.limits(on)]


def test_what_is_decided_is_there_with_its_days(world, application, client, today):
    tell(world)
    editions.make(DAY, now())
    found = tables(client)
    quota = [(row["area"], row["number"], row["since"], row["until"], row["source"]) for row in found["quota-json"]]
    new_year = datetime.date(2026, 1, 1)
    assert quota == [
        ("全市", 40, FIRST, new_year - ONE, None), ("全市", 42, new_year, None, "年度文件"),
        ("市区", 3, FIRST, DAY - ONE, None), ("市区", 4, DAY, None, None), ("县（市）", 2, FIRST, None, None),
    ]  # fmt: skip
    (assigned,) = found["assignments-json"]
    assert (assigned["code"], assigned["area"], assigned["stands"]) == ("S000041000001", "汤阴县", True)
    weights = {row["key"]: (row["full_marks"], row["total"], row["until"]) for row in found["criteria-json"]}
    assert weights == {"venue": (40, 100, None), "staff": (30, 100, None), "record": (30, 100, DAY)}
    urban = next(row for row in found["places-json"] if (row["occupation"], row["area"]) == ("6-18-02-04", "市区"))
    assert (urban["cap"], urban["taken"], urban["free"], urban["urgent"]) == (4, 1, 3, True)


def test_before_anything_is_decided_the_measures_own_figures_hold(world):
    own = [("全市", 40, FIRST, None), ("市区", 3, FIRST, None), ("县（市）", 2, FIRST, None)]
    assert limits(DAY) == own
    choose(world, "cap_county", 1, DAY + 9 * ONE, DAY + ONE)
    set_year(world, 2027, 45, DAY + ONE)
    assert limits(DAY) == own
    assert limits(DAY + ONE) == [
        ("全市", 40, FIRST, datetime.date(2026, 12, 31)), ("全市", 45, datetime.date(2027, 1, 1), None),
        ("市区", 3, FIRST, None), ("县（市）", 2, FIRST, DAY + 8 * ONE), ("县（市）", 1, DAY + 9 * ONE, None),
    ]  # fmt: skip
    for row in Publication.objects.filter(kind__in=("caps", "quota")):
        register.withdraw(row.key, on=DAY + ONE, reason="公布有误")
    assert limits(DAY + ONE) == own


def test_an_assignment_that_has_ended_stays_there_and_says_so(world, application):
    tell(world)
    last = datetime.date(2029, 9, 18)
    assert [one for day in (DAY, last) for _, one in decided.assignments(day)] == [True, True]
    assert [one for _, one in decided.assignments(last + ONE)] == [False]  # its filing has run out
    register.withdraw(Publication.objects.get(kind="assignment").key, on=DAY, reason="公布有误")
    assert list(decided.assignments(DAY)) == []
