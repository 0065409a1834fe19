"""Three ways in which a person works a page: by mouse, by keyboard alone, by thumb on a phone.

A journey is written once, in what a person means ("press 提交申请", "write 联系电话"), and walked by each hand. A
control is found by what it is called; a name is how the control's own name begins, a regular expression stands as it is.
"""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browsing import assert_accessible

Name = str | re.Pattern[str]
SCRIPT = Path(__file__).with_suffix(".js")
LEAVES = "a => !('paper' in a.dataset) && !a.hasAttribute('download') && a.pathname !== location.pathname"
WIDE = {"width": 1440, "height": 900}
ROUNDS = (
    12  # a date is four stops, what scrolls is one more: as many keys as there are stops left to see, again and again
)
PHONE = {"width": 360, "height": 780}


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


class Keyboard(Hand):
    """No mouse at all. A control is come to by Tab, is seen to have the focus, and is worked by the keys.

    What lies further than a few stops is come to from its neighbour in the order of Tab; that the order leads through
    the whole page is walked once for each kind of page.
    """

    walked: set[str] = set()

    def __init__(self, page: Page, place: Page | Locator | None = None) -> None:
        super().__init__(page, place)
        if place is None:
            page.context.add_init_script(path=SCRIPT)
            # Listening from the start: Chromium is told of it apart from the keys, and a key may be faster.
            page.on("filechooser", lambda chooser: None)

    def glance(self) -> None:
        kind = re.sub(r"\d+", "0", re.sub(r"^\w+://[^/]+|\?.*", "", self.page.url))
        if kind not in self.walked:
            self.judge()
            self.walked.add(kind)

    def judge(self) -> None:
        """Walk the whole page by Tab: every stop is come to, and shows that it is."""
        self.page.evaluate("keyboard.drawn().then(keyboard.begin)")
        for _ in range(ROUNDS):
            for _ in range(left := self.page.evaluate("keyboard.left().length")):
                self.page.keyboard.down("Tab")
            self.page.keyboard.up("Tab")
            if not left:
                break
        faults = self.page.evaluate("keyboard.end()")
        assert not faults, f"{self.page.url}\n" + "\n".join(faults)

    def reach(self, control: Locator) -> None:
        """Come to a control by Tab, and see that it has the focus."""
        control.wait_for()
        self.arrive()
        element = control.element_handle()
        way = self.page.evaluate("one => keyboard.way(one)", element)
        assert way is not None, f"{self.page.url}: Tab does not come to {control}"
        # A date is three stops, what scrolls is one.
        for _ in range(4 * abs(way) + 6 if way else 0):
            self.page.keyboard.press("Tab" if way > 0 else "Shift+Tab")
            if self.page.evaluate("one => keyboard.there(one)", element):
                break
        else:
            assert not way, f"{self.page.url}: Tab passes {control} by"
        # The page scrolls to it when it is next drawn.
        fault = self.page.evaluate("() => keyboard.drawn().then(() => keyboard.unseen(document.activeElement))")
        assert fault is None, f"{self.page.url}: {fault}"

    def act(self, control: Locator) -> None:
        self.reach(control)
        self.page.keyboard.press("Enter")

    def enter(self, field: Locator, text: str) -> None:
        self.reach(field)
        if field.get_attribute("type") == "date":
            year, month, day = text.split("-")
            # Which part comes first is the browser's language; Tab may have come to the last from behind.
            for keys in ((*year, "ArrowRight", *month, *day), (*month, *day, *year)):
                for key in ("ArrowLeft", "ArrowLeft", *keys):
                    self.page.keyboard.press(key)
                if field.input_value() == text:
                    break
        else:
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.insert_text(text)
        expect(field).to_have_value(text)

    def pick(self, field: Locator, value: str) -> None:
        self.reach(field)
        steps = field.evaluate(
            "(list, value) => { const open = [...list.options].filter(o => !o.disabled);"
            " return open.findIndex(o => o.value === value) - open.indexOf(list.selectedOptions[0]); }",
            value,
        )
        for _ in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")

    def mark(self, box: Locator) -> None:
        self.reach(box)
        element = box.element_handle()
        for _ in range(12):
            if self.page.evaluate("one => one === document.activeElement", element):
                break
            self.page.keyboard.press("ArrowDown")
        if not box.is_checked():
            self.page.keyboard.press("Space")

    def feed(self, chooser: Locator, file: Path) -> None:
        self.reach(chooser)
        with self.page.expect_file_chooser() as opened:
            self.page.keyboard.press("Enter")
        opened.value.set_files(file)


HANDS = (Mouse, Keyboard, Phone)
