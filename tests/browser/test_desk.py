"""What every page of a desk has: its menu."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core.accounts.models import Position, Role
from tests.hands import Keyboard
from tests.world import SINCE, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_on_a_phone_the_menu_is_one_row_with_the_open_page_in_sight(db, sign_in, assert_accessible):
    page = sign_in(make_world(), "centre handler", viewport={"width": 360, "height": 740})
    page.goto(reverse("filings:criteria"))
    menu = page.locator(".side ul")
    expect(menu.get_by_role("link", name="评估标准")).to_be_in_viewport(ratio=0.95)
    assert menu.bounding_box()["height"] < 70
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    # Whoever goes on by keyboard reaches what stands outside the row's sight.
    last = menu.get_by_role("link").last
    last.focus()
    expect(last).to_be_in_viewport(ratio=0.95)
    assert_accessible(page)


def test_by_keyboard_a_position_is_passed_over_until_enter(db, sign_in):
    """The arrow keys go through the positions; none is taken up before it is meant (WCAG 3.2.2)."""
    world = make_world()
    user = world.people["county chief"].user
    for name in ("centre handler", "bureau handler"):
        Position.objects.create(user=user, organisation=world.organisation(name), role=Role.HANDLER, since=SINCE)
    hand = Keyboard(sign_in(world, "county chief", **Keyboard.options))
    hand.open("/positions/")
    hand.press("文峰区人社局")
    here = hand.page.locator("#position")
    hand.choose("切换岗位", here.locator("option").last.get_attribute("value"))
    expect(here).to_be_focused()
    hand.page.keyboard.press("Enter")
    expect(hand.page.locator("#position option:checked")).to_contain_text("安阳市人力资源和社会保障局")
    expect(hand.page.locator("#main")).to_contain_text("全市名额")
