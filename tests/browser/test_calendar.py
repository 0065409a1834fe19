"""The calendar of a year loaded in late 2026, by every hand: what it moves is seen before, and told after."""

import datetime
import re

import pytest
import time_machine
from playwright.sync_api import expect

from core.calendars.models import CalendarYear
from core.clock.clock import SHANGHAI
from core.deadlines import clocks
from tests.core.calendars.conftest import YEAR_2027
from tests.world import accepted, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DECEMBER = datetime.date(2026, 12, 28)
# New Year's holiday a working day longer than reckoned, with no day to make up for it.
ANNOUNCED = YEAR_2027 + "\n2027-01-04,放假,元旦\n"


@pytest.fixture(autouse=True)
def _december():
    with time_machine.travel(datetime.datetime(2026, 12, 28, 10, tzinfo=SHANGHAI), tick=True):
        yield


def test_loading_the_calendar_of_a_year_that_moves_a_clock(hands, tmp_path):
    world = make_world()
    application = accepted(world, DECEMBER)
    assert clocks.running(application, "decision").due_on == datetime.date(2027, 1, 19)
    hand = hands(world, "operator administrator")
    hand.open("/desk/")
    hand.follow("工作日历")
    hand.follow("2027")
    hand.follow("载入")
    hand.write("来源", "国务院办公厅关于2027年部分节假日安排的通知")

    # A text with faults is refused whole, each fault with its line.
    bad = ANNOUNCED.replace("2027-02-09,放假,春节\n", "") + "2027-05-01,放假,劳动节\n2028-01-01,放假,元旦\n"
    hand.write("节假日和补班日", bad)
    hand.press("预览影响")
    hand.see("第 33 行：2027-05-01 与第 16 行重复")
    hand.see("第 34 行：2028-01-01 不在 2027 年内")
    hand.see("第 8 行之后：2027-02-09")
    hand.judge()
    assert not CalendarYear.objects.filter(pk=2027).exists()

    announced = tmp_path / "2027.csv"
    announced.write_bytes(ANNOUNCED.encode("gb18030"))
    hand.write("节假日和补班日", "")
    hand.upload(announced, "或上传 CSV 文件")
    hand.press("预览影响")
    moved = hand.page.get_by_role("row").filter(has_text="备案决定")
    for said in (
        application.number,
        "2027年1月19日",
        "2027年1月20日",
        "安阳市职业技能鉴定指导中心、文峰区甲职业培训学校",
    ):
        expect(moved.get_by_text(said).first).to_be_visible()
    hand.judge()
    assert clocks.running(application, "decision").due_on == datetime.date(2027, 1, 19)
    hand.press("确认载入")
    hand.see("2027 年日历已更新")
    hand.judge()
    clock = clocks.running(application, "decision")
    assert (clock.due_on, clock.provisional) == (datetime.date(2027, 1, 20), False)

    agency = hands(world, "agency admin")
    agency.open("/inbox/")
    agency.follow(re.compile("期限调整到 2027年1月20日"))
    agency.see("因载入2027年节假日安排，“备案决定”的最后一日由 2027年1月19日 调整为 2027年1月20日。")
