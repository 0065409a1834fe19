"""What people write in a cell is read; what cannot be is named with what to do."""

import datetime

import pytest

from filings.imports import cells
from filings.imports.cells import CellError

AREAS = cells.Areas(
    [
        ("410502", "文峰区"),
        ("410522", "安阳县"),
        ("410523", "汤阴县"),
        ("410571", "安阳高新技术产业开发区"),
        ("410581", "林州市"),
    ]
)
OCCUPATIONS = cells.Occupations(
    [
        ("6-18-02-04", "焊工"),
        ("6-31-01-03", "电工"),
        ("4-14-01-02", "家政服务员"),
        ("4-10-01-05", "养老护理员"),
        ("5-05-02-01", "同名工"),
        ("5-05-02-02", "同名工"),
    ]
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("五级、四级、三级", [5, 4, 3]),
        ("三级/高级工", [3]),
        ("三级（高级工）", [3]),
        ("高级工（三级）", [3]),
        ("初级工，中级工", [5, 4]),
        ("初级、中级", [5, 4]),
        ("技师和高级技师", [2, 1]),
        ("５，４，３", [5, 4, 3]),
        ("五级/初级工、四级/中级工", [5, 4]),
        ("五级/四级/三级", [5, 4, 3]),
        ("五级至三级", [5, 4, 3]),
        ("5—3", [5, 4, 3]),
        ("初级工~高级工", [5, 4, 3]),
        ("五、四、三 级", [5, 4, 3]),
        ("543", [5, 4, 3]),
        (3.0, [3]),
        (4, [4]),
        ("二级(技师)", [2]),
    ],
)
def test_levels(written, read):
    assert cells.levels(written) == read


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("三级/中级工", "前后不一致"),
        ("特级", "看不懂"),
        ("三级及以上", "看不懂"),
        ("6", "看不懂"),
        ("五级至", "没有写完"),
        (datetime.date(2026, 5, 3), "当成了日期"),
    ],
)
def test_levels_that_are_none(written, said):
    with pytest.raises(CellError, match=said):
        cells.levels(written)


@pytest.mark.parametrize(
    "written",
    [
        datetime.date(2027, 3, 1),
        datetime.datetime.combine(datetime.date(2027, 3, 1), datetime.time()),
        "2027-03-01",
        "2027/3/1",
        "2027.3.1",
        "2027年3月1日",
        " ２０２７年３月１日 ",
        "20270301",
        20270301.0,
        "2027-03-01 00:00:00",
        "2027－3－1",
    ],
)
def test_days(written):
    assert cells.day(written) == datetime.date(2027, 3, 1)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2027-02-29", "没有“2027-02-29”这一天"),
        ("长期", "不是日期"),
        ("2027年3月", "不是日期"),
        (46000.0, "不是日期"),
        ("1927-03-01", "2000 年至 2100 年"),
    ],
)
def test_days_that_are_none(written, said):
    with pytest.raises(CellError, match=said):
        cells.day(written)


@pytest.mark.parametrize("written", ["S000041000801", "s０００041000801", " S0000 4100 0801 ", "S0000-41-000801"])
def test_filing_codes(written):
    assert cells.filing_code(written) == "S000041000801"


@pytest.mark.parametrize("written", ["S000042000801", "S00004100080", "S000041000000", "备案", 801.0])
def test_filing_codes_that_are_none(written):
    with pytest.raises(CellError, match="请核对"):
        cells.filing_code(written)


def test_credit_codes():
    assert cells.credit_code("52410502ｍｊ0000003 7") == "52410502MJ00000037"
    # A wrong check digit is let through and compared with the licence later; a malformed one is refused.
    assert cells.credit_code("52410502MJ0000003K") == "52410502MJ0000003K"
    assert cells.check_digit("52410502MJ0000003K") is not None
    assert cells.check_digit("52410502MJ00000037") is None
    with pytest.raises(CellError, match="应为18位"):
        cells.credit_code("52410502MJ000003")
    with pytest.raises(CellError, match="末几位已经丢失"):
        cells.credit_code(9.14105001234568e17)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("文峰区", "410502"),
        ("安阳市文峰区", "410502"),
        ("河南省安阳市文峰区", "410502"),
        ("文峰", "410502"),
        (410502.0, "410502"),
        ("４１０５２３", "410523"),
        ("高新区", "410571"),
        ("安阳高新区", "410571"),
        ("林州", "410581"),
        ("安阳县", "410522"),
    ],
)
def test_areas(written, code):
    assert AREAS(written) == code


@pytest.mark.parametrize("written", ["安阳", "郑州市", "410501"])
def test_areas_that_are_none(written):
    with pytest.raises(CellError, match="没有“"):
        AREAS(written)


@pytest.mark.parametrize(
    "written",
    [
        "6-18-02-04",
        "６－１８－０２－０４",
        "焊工",
        "焊 工",
        "焊工 6-18-02-04",
        "6-18-02-04焊工",
        "焊工（6-18-02-04）",
        "焊工（电焊工）",
    ],
)
def test_occupations(written):
    assert OCCUPATIONS(written) == "6-18-02-04"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("养老护理", "是不是：养老护理员"),
        ("9-99-99-99", "职业目录里没有 9-99-99-99"),
        ("电工 6-18-02-04", "是“焊工”"),
        ("6-18-02-04、6-31-01-03", "几个职业"),
        ("焊工、电工", "一行只写一个职业"),
        ("同名工", "有几个代码：5-05-02-01、5-05-02-02"),
    ],
)
def test_occupations_that_are_none(written, said):
    with pytest.raises(CellError, match=said):
        OCCUPATIONS(written)


def test_words_keep_their_punctuation():
    read = cells.words(20)
    assert read("安阳市（示例） 学校\n２号楼") == "安阳市（示例）学校 2号楼"
    with pytest.raises(CellError, match="最多 20 个字"):
        read("长" * 21)
