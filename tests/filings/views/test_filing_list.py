"""The offices' list of filings: what expires, renews, is late; each office its own, exported exactly as filtered."""

import csv
import datetime
import io

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from core.clock.clock import SHANGHAI
from filings import filed
from filings.models import Filing
from tests.filings.factories import a_filing, asked_about
from tests.world import World, make_world

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 9, 22)
DAYS = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(datetime.datetime(2026, 9, 22, 12, tzinfo=SHANGHAI), tick=True):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def every(world) -> dict[str, Filing]:
    """A filing in each position."""
    found = {
        "long": a_filing(world, 1, valid_until=TODAY + 181 * DAYS, codes=("6-31-01-03",)),
        "opened": a_filing(world, 2, valid_until=TODAY + 180 * DAYS),
        "soon": a_filing(world, 3, valid_until=TODAY + 30 * DAYS),  # its last timely day is today
        "untimely": a_filing(world, 4, valid_until=TODAY + 29 * DAYS),
        "last day": a_filing(world, 5, valid_until=TODAY),
        "timely": a_filing(world, 6, valid_until=TODAY + 20 * DAYS, held_open=True),
        "late": a_filing(world, 7, valid_until=TODAY + 10 * DAYS),
        "held": a_filing(world, 8, valid_until=TODAY - DAYS, held_open=True),
        "unswept": a_filing(world, 9, valid_until=TODAY - DAYS),
        "terminated": a_filing(
            world, 10, valid_until=TODAY + 400 * DAYS, state="terminated", ended_on=TODAY, area_id="410523"
        ),
        "away": a_filing(world, 11, valid_until=TODAY + 500 * DAYS, site="410523"),
        "elsewhere": a_filing(world, 12, valid_until=TODAY + 600 * DAYS, area_id="410523", site="410523"),
    }
    for name, on, late in (("timely", -20, False), ("late", 0, True), ("held", -40, False)):
        asked_about(world, found[name], "renewal", on=TODAY + on * DAYS, late=late)
    asked_about(world, found["long"], "change", on=TODAY)
    return found


def listed(every, answer) -> list[str]:
    names = {filing.pk: name for name, filing in every.items()}
    return [names[row.filing.pk] for row in answer.context["page"].items]


@pytest.mark.parametrize(
    ("lens", "expected"),
    [
        ("in_force", "held,last day,late,timely,untimely,soon,opened,long,away,elsewhere"),
        ("expiring30", "last day,late,timely,untimely,soon"),
        ("expiring90", "last day,late,timely,untimely,soon"),
        ("expiring180", "last day,late,timely,untimely,soon,opened"),
        ("renewing", "held,late,timely"),
        ("untimely", "last day,untimely"),
        ("ended", "terminated,unswept"),
        ("all", "unswept,held,last day,late,timely,untimely,soon,opened,long,terminated,away,elsewhere"),
    ],
)
def test_each_way_of_looking_by_the_end_of_validity(world, every, lens, expected):
    answer = world.browser("centre handler").get("/filings/", {"lens": lens})
    found = listed(every, answer)
    assert sorted(found) == sorted(expected.split(","))
    ends = [every[name].valid_until for name in found]
    assert ends == sorted(ends, reverse=lens == "ended")
    assert filed.counts(Filing.objects.all(), TODAY).get(lens, len(found)) == len(found)
    facets = {facet["name"]: facet["count"] for facet in answer.context["facets"]}
    assert facets.get(lens, len(found)) == len(found)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"area": "410523"}, "away,elsewhere"),
        ({"area": "410523", "lens": "all"}, "terminated,away,elsewhere"),
        ({"occupation": "6-31-01-03"}, "long"),
        ({"q": "第3职业"}, "soon"),
        ({"q": "S0000410000"}, "held,last day,late,timely,untimely,soon,opened,long,away,elsewhere"),
        ({"lens": "all", "status": "expired"}, "unswept"),
        ({"lens": "all", "status": "terminated"}, "terminated"),
        ({"lens": "ended", "status": "active"}, ""),
        ({"lens": "expiring30", "q": "没有这家"}, ""),
    ],
)
def test_the_filter_stands_in_the_address(world, every, query, expected):
    answer = world.browser("bureau handler").get("/filings/", query)
    assert sorted(listed(every, answer)) == sorted(expected.split(",")) if expected else not listed(every, answer)


def test_a_county_sees_those_with_seat_or_site_in_its_area(world, every):
    assert sorted(listed(every, world.browser("other county handler").get("/filings/"))) == ["away", "elsewhere"]
    own = listed(every, world.browser("county handler").get("/filings/", {"lens": "all"}))
    assert "elsewhere" not in own
    assert {"away", "long", "unswept"} <= set(own)
    # A site that the filing has given up is supervised no more.
    every["away"].sites.update(until=TODAY)
    assert listed(every, world.browser("other county handler").get("/filings/")) == ["elsewhere"]
    for name, status in (("away", 404), ("elsewhere", 200)):
        answer = world.browser("other county handler").get(f"/filings/{every[name].pk}/")
        assert answer.status_code == status


def test_nobody_but_the_offices(world, every):
    for who in ("agency admin", "experts expert", "operator administrator"):
        assert world.browser(who).get("/filings/").status_code == 403, who


def test_what_a_row_says_of_renewal_and_change(world, every):
    rows = {row.filing.pk: row for row in world.browser("centre handler").get("/filings/").context["page"].items}

    def said(name):
        row = rows[every[name].pk]
        return row.words, row.left, f"{row.renewal} {row.renewal_more}".strip()

    assert said("opened") == ("有效", "还剩 180 日", "未申请 2027年2月19日前为按期")
    assert said("soon") == ("有效", "还剩 30 日", "未申请 2026年9月22日前为按期")
    assert said("untimely") == ("有效", "还剩 29 日", "未申请 按期日2026年9月21日已过")
    assert said("last day")[1] == "今天届满"
    assert said("timely") == ("有效", "还剩 20 日", "按期提出")
    assert said("late")[2] == "逾期提出"
    assert said("held") == ("有效", "期满后继续有效", "按期提出")
    assert said("long")[2] == ""
    change = rows[every["long"].pk].change_asked
    assert (change.words, change.url) == ("待审核", f"/applications/{change.application.pk}/")
    # The county knows of it, but has no part in it unless it is asked for its opinion.
    seen = world.browser("county handler").get("/filings/").context["page"].items
    assert {row.change_asked.url for row in seen if row.change_asked} == {""}


@pytest.mark.parametrize(("lens", "said"), [("untimely", "还没有提出延续"), ("ended", "被终止、注销、撤销")])
def test_an_empty_list_says_what_would_fill_it(world, lens, said):
    assert said in world.browser("centre handler").get("/filings/", {"lens": lens}).content.decode()


def rows_of(answer) -> list[list]:
    data = b"".join(answer.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_the_file_holds_every_filtered_row_in_order(world, every, monkeypatch):
    monkeypatch.setattr("core.web.pagination.batches.__kwdefaults__", {"size": 2})  # several batches
    browser, query = world.browser("centre handler"), {"lens": "all", "area": "410502"}
    shown = listed(every, browser.get("/filings/", query))
    heading, *rows = rows_of(browser.get("/filings/", {**query, "export": "xlsx"}))
    assert heading[:4] == ["备案编码", "机构名称", "统一社会信用代码", "所在区域"]
    assert [row[0] for row in rows] == [every[name].code for name in shown]
    at = {
        name: heading.index(name)
        for name in ("有效期至", "剩余天数", "所在区域", "场地所在的其他区域", "职业（工种）和等级")
    }
    by_code = {row[0]: row for row in rows}
    away = by_code[every["away"].code]
    assert away[at["有效期至"]] == every["away"].valid_until
    assert away[at["剩余天数"]] == 500
    assert (away[at["所在区域"]], away[at["场地所在的其他区域"]]) == ("文峰区", "汤阴县")
    assert away[at["职业（工种）和等级"]] == "焊工（五—三级）"
    lines = b"".join(browser.get("/filings/", {**query, "export": "csv"}).streaming_content).decode("utf-8-sig")
    assert [line[0] for line in csv.reader(io.StringIO(lines))][1:] == [row[0] for row in rows]


def test_the_file_goes_past_the_page(world, every, monkeypatch):
    monkeypatch.setattr("core.web.pagination.by_key.__kwdefaults__", {"per_page": 3})
    browser = world.browser("centre handler")
    assert len(listed(every, browser.get("/filings/"))) == 3
    assert len(rows_of(browser.get("/filings/", {"export": "xlsx"}))) == 1 + 10


def test_pages_go_on_by_key(world, every, monkeypatch):
    monkeypatch.setattr("core.web.pagination.by_key.__kwdefaults__", {"per_page": 4})
    browser, found, cursor = world.browser("centre handler"), [], ""
    while cursor is not None:
        answer = browser.get("/filings/", {"cursor": cursor})
        found += listed(every, answer)
        cursor = answer.context["page"].next_cursor
    assert len(found) == len(set(found)) == 10


def test_the_home_page_counts_and_leads_there(world, every):
    for who in ("county handler", "centre handler", "bureau chief"):
        browser = world.browser(who)
        home = browser.get("/desk/")
        for one in home.context["lenses"]:
            address = f"/filings/?lens={one['name']}"
            assert address in home.content.decode()
            assert browser.get(address).context["page"].count == one["count"], (who, one)
        for one in home.context["late"]:
            address = f"/applications/?late={one['name']}"
            assert address in home.content.decode()
            assert browser.get(address).context["page"].count == one["count"], (who, one)


def test_every_filing_has_one_standing(every):
    """The statuses divide the filings: none is in two, none in no one."""
    held = [set(Filing.objects.filter(holds(TODAY)).values_list("pk", flat=True)) for holds in filed.STATUSES.values()]
    assert sum(map(len, held)) == len(set().union(*held)) == len(every)
