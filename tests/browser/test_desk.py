"""What every page of a desk has: its menu."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.world import make_world

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
