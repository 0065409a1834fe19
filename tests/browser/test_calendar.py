"""The calendar of a year loaded in late 2026, in a real browser: what it moves is seen before, and told after."""

import datetime

import pytest
import time_machine

from core.calendars.models import CalendarYear
from core.clock.clock import SHANGHAI
from core.deadlines import clocks
from tests.core.calendars.conftest import YEAR_2027
from tests.world import accepted, make_world, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DECEMBER = datetime.date(2026, 12, 28)
PHONE = {"width": 390, "height": 844}
# New Year's holiday a working day longer than reckoned, with no day to make up for it.
ANNOUNCED = YEAR_2027 + "\n2027-01-04,放假,元旦\n"


@pytest.fixture(autouse=True)
def _december():
    with time_machine.travel(datetime.datetime(2026, 12, 28, 10, tzinfo=SHANGHAI), tick=True):
        yield


@pytest.fixture
def world(db):
    return make_world()


def test_loading_the_calendar_of_a_year_that_moves_a_clock(world, sign_in, assert_accessible, picture):
    application = accepted(world, DECEMBER)
    submitted(world, "rival admin", DECEMBER)
    assert clocks.running(application, "decision").due_on == datetime.date(2027, 1, 19)
    page = sign_in(world, "operator administrator")
    page.goto("/desk/calendar/2027/")
    page.get_by_role("link", name="载入").first.click()
    page.get_by_label("来源").fill("国务院办公厅关于2027年部分节假日安排的通知")

    # A file with faults is refused whole, each fault with its line.
    bad = ANNOUNCED.replace("2027-02-09,放假,春节\n", "") + "2027-05-01,放假,劳动节\n2028-01-01,放假,元旦\n"
    page.get_by_label("或上传 CSV 文件").set_input_files(
        {"name": "2027.csv", "mimeType": "text/csv", "buffer": bad.encode("gb18030")}
    )
    page.get_by_role("button", name="预览影响").click()
    for said in (
        "第 33 行：2027-05-01 与第 16 行重复",
        "第 34 行：2028-01-01 不在 2027 年内",
        "第 8 行之后：2027-02-09",
    ):
        page.get_by_text(said).first.wait_for()
    assert_accessible(page)
    picture(page, "calendar-refused")
    assert not CalendarYear.objects.filter(pk=2027).exists()

    page.get_by_label("或上传 CSV 文件").set_input_files(
        {"name": "2027.csv", "mimeType": "text/csv", "buffer": ANNOUNCED.encode("gb18030")}
    )
    page.get_by_role("button", name="预览影响").click()
    moved = page.get_by_role("row").filter(has_text="备案决定")
    for said in (
        application.number,
        "2027年1月19日",
        "2027年1月20日",
        "安阳市职业技能鉴定指导中心、文峰区甲职业培训学校",
    ):
        moved.get_by_text(said).first.wait_for()
    assert_accessible(page)
    picture(page, "calendar-moves")
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    picture(page, "calendar-moves-phone")
    assert clocks.running(application, "decision").due_on == datetime.date(2027, 1, 19)

    page.get_by_role("button", name="确认载入").click()
    page.get_by_text("2027 年日历已更新").wait_for()
    clock = clocks.running(application, "decision")
    assert (clock.due_on, clock.provisional) == (datetime.date(2027, 1, 20), False)
    picture(page, "calendar-moved-phone")

    agency = sign_in(world, "agency admin", viewport=PHONE)
    agency.goto("/inbox/")
    agency.get_by_text("期限调整到 2027年1月20日").first.click()
    agency.get_by_text("因载入2027年节假日安排，“备案决定”的最后一日由 2027年1月19日 调整为 2027年1月20日。").wait_for()
    picture(agency, "calendar-told-phone")
