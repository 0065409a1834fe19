"""The look-up finds what a person types, on either engine the same, and narrows by every filter."""

import datetime

import pytest

from core.reference.models import Area
from registry.search import COLUMNS, Query, cells, search
from tests.world import DAY


@pytest.fixture
def every(application, publish_agency) -> None:
    Area.objects.create(code="410581", name="林州市", kind="县级市", quota_area="林州市")
    publish_agency(
        300,
        "Hongqi红旗渠技能学校",
        area="林州市",
        area_code="410581",
        address="林州市示例路9号",
        scope=[{"code": "4-10-01-05", "occupation": "养老护理员", "levels": [5], "sites": ["北校"]}],
        sites=[{"name": "北校", "area": "汤阴县", "area_code": "410523", "address": "汤阴县示例路3号"}],
    )
    publish_agency(301, "汤阴县丙学校", area="汤阴县", area_code="410523", state="terminated", ended_on="2026-09-18")


def codes(query: Query) -> list[str]:
    return [code[-6:] for code in search(query, DAY, DAY)[:50]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("红旗", ["000300"]),
        ("甲职业", ["000001"]),
        ("ｈＯＮＧｑｉ", ["000300"]),
        ("s000041000300", ["000300"]),
        ("52410502mj0000001x", ["000001"]),
        ("焊工", ["000001", "000301"]),
        ("4-10-01-05", ["000300"]),
        ("养老护理员 汤阴", ["000300"]),
        ("养老护理员　文峰", []),
        ("没有这家", []),
        ("%", []),
        ("", ["000001", "000300", "000301"]),
    ],
)
def test_every_term_somewhere(every, text, found):
    assert codes(Query(text)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(area="410523"), ["000300", "000301"]),
        (Query(area="林州市"), ["000300"]),
        (Query(occupation="6-18-02-04"), ["000001", "000301"]),
        (Query(level=5), ["000001", "000300", "000301"]),
        (Query(level=1), []),
        (Query(occupation="4-10-01-05", level=4), []),
        (Query(status="valid"), ["000001", "000300"]),
        (Query(status="terminated"), ["000301"]),
        (Query("焊工", status="valid"), ["000001"]),
    ],
)
def test_filters_narrow_together(every, query, found):
    assert codes(query) == found


def test_the_rows_of_a_file_hold_what_was_found(application):
    (row,) = cells(search(Query(), DAY, DAY), DAY, DAY)
    found = dict(zip(COLUMNS, row, strict=True))
    assert found["职业（工种）和等级"].startswith("6-18-02-04 焊工（五—三级）")
    assert found["有效期至"] == datetime.date(2029, 9, 18)


def test_a_slice_and_the_batches_run_over_both_parts_in_one_order(every):
    found = search(Query(), DAY, DAY)
    whole = [code for batch in found.batches(size=1) for code in batch]
    assert [code[-6:] for code in whole] == ["000001", "000300", "000301"]
    assert len(found) == 3
    assert [found[n : n + 1] for n in range(4)] == [[code] for code in whole] + [[]]
    assert found[1:3] == whole[1:]
    assert found[-1] == whole[-1]
