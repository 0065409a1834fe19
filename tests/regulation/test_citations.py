"""Citations: code, running and by chapter, and every way back (the Measure's numbering)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.citations import (
    CHAPTERS,
    ITEMS,
    LAST_ARTICLE,
    Citation,
    at,
    cite,
    from_chinese,
    parse,
    to_chinese,
)
from tests.regulation.conftest import Measure

EVERY = [Citation(article) for article in range(1, 44)] + [
    Citation(article, item) for article, items in ITEMS.items() for item in range(1, items + 1)
]


def test_the_example_of_the_specification() -> None:
    citation = cite("M34(3)")
    assert citation == Citation(34, 3)
    assert (citation.chapter, citation.article_in_chapter, citation.chapter_title) == (6, 2, "监管处理")
    assert citation.code == str(citation) == "M34(3)"
    assert citation.full == "第六章第二条第(三)项(第三十四条)"
    assert citation.running == "第三十四条第(三)项"


@pytest.mark.parametrize(
    ("code", "full", "running"),
    [
        ("M1", "第一章第一条(第一条)", "第一条"),
        ("M10", "第二章第五条(第十条)", "第十条"),
        ("M15", "第三章第一条(第十五条)", "第十五条"),
        ("M20", "第三章第六条(第二十条)", "第二十条"),
        ("M36(10)", "第六章第四条第(十)项(第三十六条)", "第三十六条第(十)项"),
        ("M41(2)", "第七章第一条第(二)项(第四十一条)", "第四十一条第(二)项"),
        ("M43", "第八章第二条(第四十三条)", "第四十三条"),
    ],
)
def test_printed_forms(code: str, full: str, running: str) -> None:
    assert cite(code).full == full
    assert cite(code).running == running


@pytest.mark.parametrize("citation", EVERY, ids=str)
def test_every_form_reads_back(citation: Citation) -> None:
    assert cite(citation.code) == citation
    assert parse(citation.code) == citation
    assert parse(citation.full) == citation
    assert parse(citation.running) == citation
    assert parse(citation.full.rsplit("(第", 1)[0]) == citation
    assert at(citation.chapter, citation.article_in_chapter, citation.item) == citation


def test_full_width_brackets_read_too() -> None:
    wide = str.maketrans("()", "\uff08\uff09")
    for text in ("M34(3)", "第三十四条第(三)项", "第六章第二条第(三)项(第三十四条)"):
        assert parse(text.translate(wide)) == Citation(34, 3)


def test_numbering_is_that_of_the_text(measure: Measure) -> None:
    assert measure.chapters == [chapter.title for chapter in CHAPTERS]
    assert list(measure.articles) == list(range(1, LAST_ARTICLE + 1))
    for running, article in measure.articles.items():
        citation = Citation(running)
        assert (citation.chapter, citation.article_in_chapter) == (article.chapter, article.in_chapter)
        assert ITEMS.get(running, 0) == len(article.items)


def test_the_text_refers_to_itself_by_running_number(measure: Measure) -> None:
    """M35(1) names 第三十四条 and M36(6) 第三十五条: only the running number makes sense of them."""
    assert parse("第三十四条").running in measure.articles[35].items[0]
    assert parse("第三十五条").running in measure.articles[36].items[5]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("M44", "共43条"),
        ("M100", "共43条"),
        ("M34(9)", "共8项"),
        ("M36(11)", "共10项"),
        ("M10(1)", "不分项"),
        ("M0", "应写作"),
        ("M034", "应写作"),
        ("M34(0)", "应写作"),
        ("34", "应写作"),
        ("m34", "应写作"),
        ("M34 ", "应写作"),
        ("M٣٤", "应写作"),
        ("", "应写作"),
    ],
)
def test_nonsense_codes_are_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        cite(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("第四十四条", "共43条"),
        ("第三十四条第(九)项", "共8项"),
        ("第六章第二条(第三十五条)", "前后不一致"),
        ("第九章第一条", "共8章"),
        ("第六章第九条", "共8条"),
        ("第三四条", "中文数字"),
        ("第一十条", "中文数字"),
    ],
)
def test_nonsense_in_print_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse(text)


@pytest.mark.parametrize("place", [(0, 1), (9, 1), (6, 0), (6, 9), (7, 2)])
def test_places_that_are_not_there(place: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="请核对"):
        at(*place)


@given(st.integers(1, 99))
def test_chinese_numerals_read_back(number: int) -> None:
    assert from_chinese(to_chinese(number)) == number


@given(st.text("零一二三四五六七八九十", max_size=4))
def test_numerals_are_read_only_as_they_are_written(text: str) -> None:
    try:
        number = from_chinese(text)
    except ValueError:
        return
    assert to_chinese(number) == text


@pytest.mark.parametrize("number", [0, -1, 100])
def test_numerals_end_at_99(number: int) -> None:
    with pytest.raises(ValueError, match="1 至 99"):
        to_chinese(number)
