"""The calculator and the administrator's calendar in a real browser: usable, accessible, at phone width too."""

import pytest

from core.calendars import seed
from core.calendars.models import CalendarYear
from core.clock.clock import today
from tests.core.calendars.conftest import YEAR_2027

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seeded(transactional_db) -> None:
    seed.load(today())


def test_a_visitor_calculates_a_period(seeded, new_page, picture, assert_accessible):
    page = new_page(viewport={"width": 320, "height": 700})
    page.goto("/workdays/")
    page.get_by_label("起算日").fill("2025-09-28")
    page.get_by_role("spinbutton").fill("5")
    picture(page, "workdays-form-phone")
    page.get_by_role("button", name="计算").click()
    page.get_by_role("heading", name="最后一日").wait_for()
    assert "2025年10月11日" in page.content()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert_accessible(page)
    picture(page, "workdays-result-phone")
    page.set_viewport_size({"width": 1280, "height": 900})
    picture(page, "workdays-result")


def test_the_administrator_loads_a_year(seeded, administrator, new_page, client, picture, assert_accessible, settings):
    client.force_login(administrator.user)
    page = new_page()
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "domain": "localhost",
                "path": "/",
            }
        ]
    )
    page.goto("/desk/calendar/2026/")
    assert_accessible(page)
    picture(page, "calendar-year")
    page.goto("/desk/calendar/2027/load/")
    page.get_by_label("来源").fill("国务院办公厅关于2027年部分节假日安排的通知")
    page.get_by_label("节假日和补班日").fill(YEAR_2027)
    picture(page, "calendar-load")
    page.get_by_role("button", name="预览影响").click()
    page.get_by_role("heading", name="变化的日期").wait_for()
    assert_accessible(page)
    picture(page, "calendar-preview")
    assert not CalendarYear.objects.filter(pk=2027).exists()
    page.get_by_role("button", name="确认载入").click()
    page.get_by_text("2027 年日历已更新").wait_for()
    assert CalendarYear.objects.filter(pk=2027).exists()
    picture(page, "calendar-loaded")
