"""Hands that point: a mouse on a wide screen, a thumb on a phone."""

from typing import Any

from playwright.sync_api import Locator

from tests.hands.hand import Hand

PHONE = {"width": 360, "height": 780}


class Mouse(Hand):
    """A wide screen, a mouse; axe-core judges the pages."""


class Phone(Hand):
    """A phone held upright: nothing is wider than its screen, everything is tapped."""

    options: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}

    def glance(self) -> None:
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], f"{self.page.url} is {width} pixels wide on a phone"

    def judge(self) -> None:
        self.glance()

    def act(self, control: Locator) -> None:
        control.tap()

    def enter(self, field: Locator, text: str) -> None:
        field.tap()
        field.fill(text)

    def mark(self, box: Locator) -> None:
        if not box.is_checked():
            box.tap()
