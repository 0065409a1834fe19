"""A person at one page, in what is meant: press this, write that. How it is done is each hand's own."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browsing import assert_accessible

Name = str | re.Pattern[str]
LEAVES = "a => !('paper' in a.dataset) && !a.hasAttribute('download') && a.pathname !== location.pathname"
WIDE = {"width": 1440, "height": 900}


def beginning(name: Name, *, exact: bool = False) -> re.Pattern[str]:
    """Return what a control's name must match."""
    return name if isinstance(name, re.Pattern) else re.compile(rf"^\s*{re.escape(name)}" + (r"\s*$" if exact else ""))


class Hand:
    """A person at one page; the subclasses say how a control is pressed, written in, chosen from, given a file."""

    options: dict[str, Any] = {"viewport": WIDE}

    def __init__(self, page: Page, place: Page | Locator | None = None) -> None:
        self.page = page
        self.place = place or page

    def within(self, role: Any, name: Name = "", *, exact: bool = False) -> "Hand":
        """Return the same person, looking at one part of the page only."""
        found = (
            self.place.get_by_role(role, name=beginning(name, exact=exact)) if name else self.place.get_by_role(role)
        )
        return type(self)(self.page, found.first)

    def at(self, selector: str) -> "Hand":
        """Return the same person, looking at what a CSS selector finds."""
        return type(self)(self.page, self.place.locator(selector).first)

    # What a person does

    def open(self, address: str) -> None:
        """Go to an address."""
        self.page.goto(address)
        self.arrive()

    def press(self, name: Name, *, exact: bool = False) -> None:
        """Press a button."""
        self.act(self.found("button", name, exact))

    def follow(self, name: Name, *, exact: bool = False) -> None:
        """Follow a link; where it leads to another page, until that is there."""
        link = self.found("link", name, exact)
        if link.evaluate(LEAVES):
            with self.page.expect_navigation(wait_until="domcontentloaded"):
                self.act(link)
            self.arrive()
        else:
            self.act(link)

    def unfold(self, name: Name) -> None:
        """Open what is folded away under these words."""
        self.act(self.place.locator("summary").filter(has_text=name, visible=True).first)

    def confirm(self, name: Name) -> None:
        """Press a button that asks back, and say yes."""
        self.press(name)
        self.press("确定")

    def write(self, label: Name, text: str, *, exact: bool = False) -> None:
        """Write into a field, in place of what stands there."""
        self.enter(self.field(label, exact=exact), text)

    def choose(self, label: Name, option: str) -> None:
        """Choose from a list by what the choice is called, or by its value."""
        field = self.field(label)
        value = field.evaluate(
            "(list, said) => [...list.options].find(o => o.label.trim() === said || o.value === said)?.value", option
        )
        assert value is not None, f"{label} does not offer {option}"
        self.pick(field, value)
        expect(field).to_have_value(value)

    def tick(self, label: Name, *, exact: bool = False) -> None:
        """Tick a box, or choose one of several."""
        box = self.field(label, exact=exact)
        self.mark(box)
        expect(box).to_be_checked()

    def upload(self, file: Path, label: Name = "") -> None:
        """Choose a file from the disk."""
        self.feed(self.field(label) if label else self.place.locator("input[type=file]").first, file)

    def see(self, text: Name) -> None:
        """Wait until these words stand on the page."""
        expect(self.place.get_by_text(text).filter(visible=True).first).to_be_visible()
        self.arrive()

    # Finding

    def found(self, role: Any, name: Name, exact: bool = False) -> Locator:
        return self.place.get_by_role(role, name=beginning(name, exact=exact)).filter(visible=True).first

    def field(self, label: Name, *, exact: bool = False) -> Locator:
        return self.place.get_by_label(beginning(label, exact=exact)).filter(visible=True).first

    def arrive(self) -> None:
        """Look at a page that is there for the first time, as this hand must."""
        if not self.page.evaluate("'lookedAt' in window || (window.lookedAt = false)"):
            self.glance()

    # How: each in its own way

    def glance(self) -> None: ...

    def judge(self) -> None:
        """Look at the page as it stands now for what bars this hand from it."""
        assert_accessible(self.page)

    def act(self, control: Locator) -> None:
        control.click()

    def enter(self, field: Locator, text: str) -> None:
        field.fill(text)

    def pick(self, field: Locator, value: str) -> None:
        field.select_option(value)

    def mark(self, box: Locator) -> None:
        box.check()

    def feed(self, chooser: Locator, file: Path) -> None:
        with self.page.expect_file_chooser() as opened:
            self.act(chooser.locator("xpath=following-sibling::label").first)  # the portal's own button over it
        opened.value.set_files(file)
