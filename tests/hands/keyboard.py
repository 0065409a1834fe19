"""The keyboard alone: every control is come to by Tab, is seen to have the focus, and is worked by the keys."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.hands.hand import Hand

SCRIPT = Path(__file__).with_suffix(".js")
# A date is four stops, what scrolls is one more: as many keys as stops are left to see, again and again.
ROUNDS = 12


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
