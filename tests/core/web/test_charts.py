"""A chart's bars: how wide each piece is drawn, and the table that says the same."""

from django.template.loader import render_to_string
from lxml import html

from core.web.charts import chart

ROWS = [("市区", (6, 2), "/quota/"), ("滑县", (1, 0)), ("汤阴县", (0, 0))]


def drawn(rows=ROWS, **more):
    made = chart("各区域", rows, heading="区域", series=("已占", "候选"), unit="个", **more)
    return made, html.fragment_fromstring(
        render_to_string("components/chart.html", {"chart": made}), create_parent=True
    )


def test_the_longest_bar_fills_the_width_and_its_pieces_stand_one_after_the_other():
    made, _ = drawn()
    assert [(part.start, part.width) for part in made.bars[0].parts] == [(0, 75.0), (75.0, 25.0)]
    assert [part.width for part in made.bars[1].parts] == [12.5, 0]


def test_a_nought_is_not_drawn_and_stands_in_the_table():
    _, page = drawn()
    assert [rect.get("width") for rect in page.iter("rect")] == ["75.0%", "25.0%", "12.5%"]
    rows = [[cell.text_content() for cell in row.iter("th", "td")] for row in page.iter("tr")]
    assert rows == [["区域", "已占（个）", "候选（个）"], ["市区", "6", "2"], ["滑县", "1", "0"], ["汤阴县", "0", "0"]]
    assert [link.get("href") for link in page.iter("a")] == ["/quota/"]


def test_with_nothing_to_draw_it_says_what_would_fill_it():
    made, page = drawn([("市区", (0, 0))], empty="有机构备案之后，这里画出名额。")
    assert made.nothing
    assert page.find_class("empty")[0].find_class("empty-title")
    assert "有机构备案之后，这里画出名额。" in page.text_content()
