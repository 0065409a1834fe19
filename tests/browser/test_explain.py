"""An article or a word is explained beside the work, by mouse and keyboard; without the script it is a link."""

import pytest

from core.web.navigation import find_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_article_and_a_word_beside_the_work(live_server, page, assert_accessible):
    page.goto(f"{live_server.url}{find_url('registry:guide')}")
    link = page.locator("#materials a.cite").first
    link.focus()
    page.keyboard.press("Enter")
    box = page.locator("#explain")
    box.get_by_text("申请备案应当提交的六项材料").wait_for()
    assert page.url.endswith("/guide/")
    assert_accessible(page)
    page.keyboard.press("Escape")
    box.wait_for(state="hidden")
    assert link.evaluate("one => one === document.activeElement")

    page.locator("a.term").first.click()
    box.get_by_text("全部用语").click()
    page.wait_for_url("**/guide/terms/#*")
    assert_accessible(page)


def test_on_a_phone_it_stays_on_the_screen(live_server, new_page):
    page = new_page(viewport={"width": 360, "height": 700})
    page.goto(f"{live_server.url}{find_url('registry:guide')}")
    page.locator("#places a.cite").first.click()
    box = page.locator("#explain")
    box.get_by_text("在管理办法条款中查看").wait_for()
    place = box.bounding_box()
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 360
    assert place["y"] >= 0
    assert place["y"] + place["height"] <= 700


def test_without_the_script_it_is_a_link(live_server, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(f"{live_server.url}{find_url('registry:guide')}")
    page.locator("#places a.cite").first.click()
    assert page.url.endswith("/rules/#M37")
