"""The look-up finds what a person types, on either engine the same, says why, and narrows by every filter."""

import datetime

import pytest
from django.http import QueryDict

from core.reference.models import Area, Occupation
from registry import entries, facets, matches
from registry.directory import as_listed
from registry.search import COLUMNS, Query, cells, search
from registry.suggestions import suggestions
from tests.world import DAY

NURSE = "4-10-01-05"


@pytest.fixture
def every(application, publish_agency) -> None:
    """000001 文峰区甲职业…, in force with the welder; and five more."""
    Area.objects.get_or_create(code="410581", defaults={"name": "林州市", "kind": "县级市", "quota_area": "林州市"})
    Occupation.objects.get_or_create(code=NURSE, defaults={"name": "养老护理员"})
    publish_agency(
        300,
        "Hongqi红旗渠技能学校（林州）",
        area="林州市",
        area_code="410581",
        address="林州市示例路9号",
        scope=[{"code": NURSE, "occupation": "养老护理员", "levels": [5], "sites": ["北校"]}],
        sites=[{"name": "北校", "area": "汤阴县", "area_code": "410523", "address": "汤阴县示例路3号"}],
    )
    publish_agency(301, "汤阴县丙学校", area="汤阴县", area_code="410523", state="terminated", ended_on="2026-09-18")
    publish_agency(302, "䶮㛃𠮷培训学校")
    publish_agency(303, "殷都电力职工学校")
    publish_agency(304, "重阳技工学校")


def found(text: str = "", **parts) -> list[str]:
    return [code[-3:] for code in search(Query(text, **parts), DAY, DAY).codes(50)]


EVERYTHING = ["001", "300", "302", "303", "304", "301"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("红旗", ["300"]),
        ("红", ["300"]),
        ("渠", ["300"]),
        ("旗渠技能", ["300"]),
        ("紅旗渠技能學校", ["300"]),  # traditional
        ("红旗渠技能学校林州", ["300"]),  # without the brackets
        ("甲职业", ["001"]),
        ("ｈＯＮＧｑｉ", ["300"]),
        ("hongqiqu", ["300"]),  # the sound
        ("hqqjnxx", ["300"]),  # initials
        ("qqjn", ["300"]),  # from the middle
        ("hong", ["300"]),  # not chong
        ("yddl", ["303"]),  # 殷都 is yindu
        ("cyjgxx", ["304"]),  # 重阳 is chongyang
        ("䶮㛃", ["302"]),
        ("𠮷", ["302"]),
        ("S000041000300", ["300"]),
        ("s000041000300", ["300"]),
        ("Ｓ０００041０００300", ["300"]),
        ("41000301", ["301"]),
        ("52410502mj0000001x", ["001"]),
        ("焊工", ["001", "302", "303", "304", "301"]),
        ("hangong", ["001", "302", "303", "304", "301"]),
        (NURSE, ["300"]),
        ("养老护理员 汤阴", ["300"]),
        ("养老护理员　文峰", []),
        ("林州 示例路9号", ["300"]),
        ("学校", EVERYTHING),
        ("学校 技能 红旗", ["300"]),
        ("没有这家机构", []),
        ("zzzzzz", []),
        ("%", []),
        ("_", []),
        ("（）", []),
        ("'; --", []),
        ("\x00\u202e", []),
        ("校" * 200, []),
        ("红旗 " * 100, ["300"]),
        ("学校 技能 红旗 渠 林州 示例路 不看的词", ["300"]),  # six words tell enough
        ("", EVERYTHING),
    ],
)
def test_every_word_somewhere(every, text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("宏旗渠", ["300"]),  # another character of the same sound
        ("殷督电力", ["303"]),
        ("红旗去技能", ["300"]),
        ("红大渠技能", ["300"]),  # another character
        ("红旗技能学校", ["300"]),  # one left out
        ("红旗渠大技能", ["300"]),  # one too many
        ("红渠旗技能", ["300"]),  # two in the wrong order
        ("hongqiqv", ["300"]),
        ("hogqiqu", ["300"]),
        ("hongqqiu", ["300"]),
        ("红黑白技能", []),  # two slips in a short word
        ("红大渠技能学人", ["300"]),  # two other characters
        ("红旗能学校林州", ["300"]),  # two left out
        ("红旗渠技人能学校们林", ["300"]),  # two too many
        ("红渠旗技能学人", ["300"]),  # turned, and another
        ("旗红渠技大能学校", ["300"]),
        ("红大白技能学人", []),  # three
        ("hobgqiqqji", ["300"]),
        ("hobgqiqqmi", []),
        ("honqqiqujnne", ["300"]),  # the longest
        ("红大白技人学人大林人州人", []),
        ("红大", []),  # too short to tell
        ("宏旗渠 焊工", []),
        ("宏旗渠 养老护理员", ["300"]),
    ],
)
def test_a_slip_is_allowed_for_where_nothing_contains_the_word(every, text, expected):
    answer = search(Query(text), DAY, DAY)
    assert ([code[-3:] for code in answer.codes(50)], answer.slips > 0) == (expected, True)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"area": "410523"}, ["300", "301"]),
        ({"area": "林州市"}, ["300"]),
        ({"occupation": "6-18-02-04"}, ["001", "302", "303", "304", "301"]),
        ({"level": 5}, EVERYTHING),
        ({"level": 1}, []),
        ({"occupation": NURSE, "level": 5}, ["300"]),
        ({"occupation": NURSE, "level": 4}, []),
        ({"status": "valid"}, EVERYTHING[:-1]),
        ({"status": "terminated"}, ["301"]),
        ({"text": "焊工", "status": "valid", "area": "410502"}, ["001", "302", "303", "304"]),
    ],
)
def test_filters_narrow_together(every, parts, expected):
    assert found(**parts) == expected


def test_the_name_comes_before_what_else_contains_a_word(every, publish_agency):
    publish_agency(299, "内黄职工学校", address="红旗路1号")
    assert found("红旗") == ["300", "299"]
    assert found("汤阴县") == ["300", "301"]  # a site of the first; the second is over


@pytest.mark.parametrize(
    ("text", "marked", "also"),
    [
        ("红旗", "红旗", []),
        ("hongqiqu 示例路9号", "红旗渠", ["名称的拼音", "地址：林州市示例路9号"]),
        ("qqj", "旗渠技", ["名称的拼音"]),
        ("林州学校", "", []),
        ("养老 汤阴", "", ["职业（工种）：养老护理员", "场地：汤阴县示例路3号", "区域：汤阴县"]),
        ("41000300", "", ["备案编码：S000041000300"]),
        ("宏旗渠", "红旗渠", ["名称读音相同"]),
        ("红大渠技能", "红旗渠技能", ["名称相近"]),
        ("红大渠技能学人", "红旗渠技能学校", ["名称相近"]),
        ("hongqiqv", "红旗渠", ["名称的拼音相近"]),
    ],
)
def test_a_result_says_why_it_was_found(every, text, marked, also):
    query = Query(text)
    record = as_listed(search(Query("红旗"), DAY, DAY).page({}).items[0], DAY).current
    why = matches.why(record, query, slips=search(query, DAY, DAY).slips)
    assert "".join(part for part, sought in why.name if sought) == marked
    assert "".join(part for part, _ in why.name) == record.name
    assert list(why.also) == also


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"text": "学校"},
        {"text": "焊工"},
        {"area": "410523"},
        {"occupation": NURSE},
        {"occupation": "6-18-02-04", "status": "valid"},
        {"level": 5, "area": "410502", "status": "valid"},
        {"text": "宏旗渠"},
    ],
)
def test_each_count_is_what_is_left_with_it(every, parts):
    query = Query(**parts)
    answer, counts = facets.look_up(query, DAY, DAY)
    plain = search(query, DAY, DAY)
    assert (answer.codes(9), answer.slips) == (plain.codes(9), plain.slips)
    assert list(counts.sizes) == plain.sizes
    for part in facets.EMPTY:
        values = {str(value) for value in counts.by[part] if counts.by[part][value]}
        for value in values:
            narrowed = Query(**{**parts, part: int(value) if part == "level" else value})
            assert counts.by[part][value] == len(search(narrowed, DAY, DAY)), (part, value)
    shown = facets.facets(query, counts, QueryDict("q=x&cursor=y"))
    assert [one.part for one in shown] == ["status", "area", "occupation", "level"]
    assert all("cursor" not in choice.url for one in shown for choice in one.choices)


def counted(query, on, known):
    return facets.look_up(query, on, known)[0]


@pytest.mark.parametrize("ask", [search, counted])
def test_pages_by_key_run_over_every_part_in_one_order(every, ask):
    answer = ask(Query("学校"), DAY, DAY)
    forward, cursor = [], ""
    while cursor is not None:
        page = answer.page({"cursor": cursor}, per_page=2)
        forward.append([entry.code[-3:] for entry in page])
        cursor = page.next_cursor
    assert forward == [EVERYTHING[:2], EVERYTHING[2:4], EVERYTHING[4:]]
    assert (page.count, page.count_exact) == (6, True)
    backward = []
    while page.previous_cursor:
        page = answer.page({"cursor": page.previous_cursor}, per_page=2)
        backward.append([entry.code[-3:] for entry in page])
    assert backward == forward[1::-1]
    for broken in ("x", "WzAsOSwiUyJd", "W10"):
        assert [entry.code[-3:] for entry in answer.page({"cursor": broken}, per_page=2)] == EVERYTHING[:2]
    assert [entry.code[-3:] for rows in answer.batches(size=4) for entry in rows] == EVERYTHING


@pytest.mark.parametrize("parts", [{}, {"text": "学校"}, {"text": "宏旗渠"}])
def test_a_page_is_whole_where_something_is_published_between_count_and_page(every, parts):
    answer = counted(Query(**parts), DAY, DAY)
    codes = [entry.code for entry in search(Query(**parts), DAY, DAY).page({}, per_page=100)]
    entries.rebuild()  # lays all of them out anew, under other ids
    assert [entry.code for entry in answer.page({}, per_page=100)] == codes != []
    assert len(answer.page({}, per_page=1)) == 1


def test_the_rows_of_a_file_hold_what_was_found(application):
    (row,) = cells(search(Query(), DAY, DAY), DAY)
    told = dict(zip(COLUMNS, row, strict=True))
    assert told["职业（工种）和等级"].startswith("6-18-02-04 焊工（五—三级）")
    assert told["有效期至"] == datetime.date(2029, 9, 18)


def test_suggestions_offer_agencies_occupations_and_areas(every):
    told = {
        text: [(one.kind, one.name) for one in suggestions(text, DAY)] for text in ("hong", "hg", "tangyin", "", "%")
    }
    assert told["hong"] == [("机构", "Hongqi红旗渠技能学校（林州）")]
    assert ("职业（工种）", "焊工") in told["hg"]
    assert told["tangyin"][0] == ("机构", "汤阴县丙学校")
    assert ("区域", "汤阴县") in told["tangyin"]
    assert (told[""], told["%"]) == ([], [])
    (occupation,) = [one for one in suggestions("焊工", DAY) if one.kind != "机构"]
    assert occupation.url == "/agencies/?occupation=6-18-02-04&status=valid"
