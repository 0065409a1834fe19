"""A year's table is read whole, or refused whole with the line of every fault."""

import datetime

import pytest

from core.calendars import seed
from core.calendars.arrangements import decoded, parse_csv, parse_rows
from core.refusals import Invalid


def faults(text: str, year: int = 2027) -> list[str]:
    with pytest.raises(Invalid) as refused:
        parse_csv(text, year)
    return [reason.text for reason in refused.value.reasons]


def test_a_year_is_read(year_2027):
    rows = parse_csv(year_2027, 2027)
    assert rows[0] == (datetime.date(2027, 1, 1), "holiday", "元旦")
    assert (datetime.date(2027, 2, 20), "makeup", "春节") in rows
    assert len(rows) == len(year_2027.splitlines()) - 1


def test_tabs_chinese_commas_english_kinds_and_slashes_are_read_as_well(year_2027):
    other = year_2027.replace("放假", "holiday").replace("补班", "makeup").replace("2027-0", "2027/")
    assert parse_csv(other.replace(",", "\t"), 2027) == parse_csv(year_2027.replace(",", "，"), 2027)


def test_every_fault_is_named_with_its_line(year_2027):
    bad = (
        "2027-02-30,放假,春节\n2026-10-01,放假,国庆节\n2027-10-01,也许,国庆节\n2027-10-01,放假,\n2027-06-10,补班,端午节"
    )
    said = faults(bad)
    assert said[0].startswith("第 1 行：“2027-02-30”不是有效的日期")
    assert said[1] == "第 2 行：2026-10-01 不在 2027 年内。"
    assert said[2] == "第 3 行：不认识类别“也许”，应为放假或补班。"
    assert said[3] == "第 4 行：没有写节日名称。"
    assert said[4] == "第 4 行：2027-10-01 与第 3 行重复，请删去一行。"
    assert said[5] == "第 5 行：2027-06-10 是工作日，补班只能在周末。"


def test_the_same_day_twice_is_refused(year_2027):
    assert faults(year_2027 + "\n2027-01-01,放假,元旦")[0].endswith("2027-01-01 与第 2 行重复，请删去一行。")


def test_a_statutory_holiday_must_be_there(year_2027):
    said = faults(year_2027.replace("2027-05-02,放假,劳动节\n", "").replace("2027-01-01,放假,元旦\n", ""))
    assert said == [
        "开头：缺少法定节日 2027-01-01（元旦），请补上这一行。",
        "第 16 行之后：缺少法定节日 2027-05-02（劳动节），请补上这一行。",
    ]


def test_a_forgotten_day_inside_a_holiday_is_asked_for(year_2027):
    # A Tuesday between two days off; a Saturday would be off anyway.
    said = faults(year_2027.replace("2027-02-09,放假,春节\n", ""))
    assert said == ["第 8 行之后：2027-02-09 夹在假期中间却没有列出，请补上这一行。"]
    parse_csv(year_2027.replace("2027-02-07,放假,春节\n", ""), 2027)


def test_a_forgotten_day_between_two_holidays_that_run_into_each_other():
    # 2025: national day 1-5 and 7-8 October, mid-autumn on the 6th; 7 October, a Tuesday, is left out.
    rows = [row for row in seed.announced()[2025] if row[0] != datetime.date(2025, 10, 7)]
    with pytest.raises(Invalid, match="2025-10-07 夹在假期中间"):
        parse_rows(rows, 2025)


def test_a_holiday_that_follows_the_moon_must_be_named(year_2027):
    without = year_2027.replace("2027-09-15,放假,中秋节\n", "").replace("2027-06-09,放假,端午节\n", "")
    assert [text[:10] for text in faults(without)] == ["没有列出端午节的放假", "没有列出中秋节的放假"]
    joined = without.replace("放假,国庆节", "放假,国庆节、中秋节") + "\n2027-06-09,放假,端午"
    parse_csv(joined, 2027)


def test_everything_wrong_is_said_at_once(year_2027):
    bad = year_2027.replace("2027-02-09,放假,春节\n", "").replace("2027-10-02,放假,国庆节\n", "")
    said = faults(bad + "\n2027-01-01,放假,元旦\n2028-01-01,放假,元旦\n2027-05-09,,劳动节")
    assert said == [
        "第 31 行：2027-01-01 与第 2 行重复，请删去一行。",
        "第 32 行：2028-01-01 不在 2027 年内。",
        "第 33 行：没有写类别，应为放假或补班。",
        "第 24 行之后：缺少法定节日 2027-10-02（国庆节），请补上这一行。",
        "第 8 行之后：2027-02-09 夹在假期中间却没有列出，请补上这一行。",
    ]


@pytest.mark.parametrize("year", range(seed.FIRST, seed.LAST + 1))
def test_every_year_as_it_was_announced_is_taken(year):
    rows = seed.announced()[year]
    assert parse_rows(rows, year) == rows


@pytest.mark.parametrize("nothing", ["", "\n \n", "日期,类别,节日"])
def test_an_empty_table_is_refused(nothing):
    assert "没有读到任何日期" in faults(nothing)[0]


def test_spreadsheets_text_is_read_in_both_encodings(year_2027):
    assert decoded(year_2027.encode("gb18030")) == decoded(b"\xef\xbb\xbf" + year_2027.encode()) == year_2027
    with pytest.raises(Invalid, match="不是文本表格"):
        decoded(b"PK\x03\x04\xff\xff\x00\x80\x81")
