"""The offices' lists in a real browser: from the home page's figures into the list, narrowed, saved as a file."""

import datetime

import pytest
import time_machine
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from core.clock.clock import SHANGHAI
from tests.filings.factories import a_filing, asked_about
from tests.world import DAY, make_world, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TODAY = datetime.date(2026, 9, 22)
PHONE = {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(datetime.datetime(2026, 9, 22, 10, tzinfo=SHANGHAI), tick=True):
        yield


@pytest.fixture
def world(db):
    return make_world()


def test_from_the_home_page_to_the_file(world, sign_in, assert_accessible, picture, tmp_path):
    ends = {"timely": 20, "untimely": 12, "late": 7, "held": -3, "later": 120, "far": 800}
    made = {
        name: a_filing(
            world,
            number,
            valid_until=TODAY + datetime.timedelta(days),
            held_open=name in ("timely", "held"),
            site="410523" if name == "far" else "410502",
            codes=("6-18-02-04", "6-31-01-03") if name == "later" else ("6-18-02-04",),
        )
        for number, (name, days) in enumerate(ends.items(), 1)
    }
    for name in ("timely", "late", "held"):
        asked_about(world, made[name], "renewal", on=DAY, late=name == "late")
    asked_about(world, made["far"], "change", on=DAY, late=True)
    submitted(world)

    page = sign_in(world, "centre handler")
    page.goto("/desk/")
    picture(page, "home-lists")
    assert_accessible(page)
    page.get_by_role("region", name="到期、延续和逾期").get_by_role("link", name="30 日内届满").click()
    page.get_by_role("heading", name="备案机构").wait_for()
    assert page.get_by_role("row").count() == 1 + 3
    page.get_by_text("按期日2026年9月4日已过").wait_for()
    assert_accessible(page)
    page.goto("/filings/")
    picture(page, "filings-list")
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    picture(page, "filings-list-phone")
    page.set_viewport_size({"width": 1440, "height": 900})

    page.get_by_text("更多条件").click()
    page.get_by_label("注册地或场地所在区域").select_option(label="汤阴县")
    page.get_by_role("row").filter(has_text="第6职业").wait_for()
    expect(page.get_by_role("row")).to_have_count(1 + 1)
    assert "area=410523" in page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 XLSX").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    assert saved.name == "备案机构-20260922.xlsx"
    heading, *rows = CalamineWorkbook.from_path(saved).get_sheet_by_index(0).to_python()
    assert [row[heading.index("备案编码")] for row in rows] == [made["far"].code]
    page.goto("/filings/?lens=ended")
    page.get_by_text("现在没有这样的备案").wait_for()
    picture(page, "filings-empty")

    page.goto("/applications/?view=all")
    page.get_by_label("等谁办理").select_option(label="市局")
    page.get_by_text("没有符合条件的申请").wait_for()
    page.goto("/applications/?view=all&late=asked_late")
    page.get_by_role("row").filter(has_text="第6职业").wait_for()
    assert_accessible(page)
    picture(page, "queue-late")
    bureau = sign_in(world, "bureau handler", viewport=PHONE)
    bureau.goto("/applications/")
    bureau.get_by_role("row").filter(has_text="县（市、区）").wait_for()
    assert_accessible(bureau)
    picture(bureau, "queue-turns-phone")
    county = sign_in(world, "county handler")
    county.goto("/desk/")
    assert_accessible(county)
    picture(county, "home-lists-county")
