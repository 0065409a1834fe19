"""The hands themselves: each finds what bars it from a page, and nothing on a page that is in order."""

from urllib.parse import quote

import pytest

from tests.hands import Hand, Keyboard, Phone

pytestmark = pytest.mark.browser

HEAD = (
    "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<style>:focus-visible { outline: 3px solid } body { margin: 0 }</style>"
)
PLAIN = "<p><a href='#a'>去</a> <input type=date aria-label=日> <input type=radio name=r><input type=radio name=r></p>"
BARRED = {
    "pressed by mouse alone: <div": "<div style='cursor: pointer'>打开</div>",
    "pressed by mouse alone: <button": "<button tabindex=-1>打开</button>",
    "nothing shows the focus on <button": "<style>button:focus-visible { outline: none }</style><button>打开</button>",
    "out of order by tabindex: <button": "<button tabindex=3>打开</button>",
    # Whoever comes in does not get out.
    "Tab does not come to <button id=second": "<button onkeydown='event.preventDefault()'></button><button id=second>",
}


@pytest.fixture
def at_page(browser):
    """`at_page(kind, body)`: that hand at a page of these words."""
    contexts = []

    def opened(kind: type[Hand], body: str) -> Hand:
        contexts.append(browser.new_context(**kind.options))
        hand = kind(contexts[-1].new_page())
        hand.page.goto("data:text/html," + quote(HEAD + body))
        return hand

    yield opened
    for context in contexts:
        context.close()


def test_the_keyboard_finds_what_only_a_mouse_can_press(at_page):
    at_page(Keyboard, PLAIN).judge()
    for said, body in BARRED.items():
        with pytest.raises(AssertionError, match=said):
            at_page(Keyboard, PLAIN + body).judge()


def test_the_keyboard_comes_to_no_control_that_tab_does_not_reach(at_page):
    at_page(Keyboard, PLAIN + "<button>打开</button>").press("打开")
    with pytest.raises(AssertionError, match="Tab does not come to"):
        at_page(Keyboard, PLAIN + "<b role=button tabindex=-1>打开</b>").press("打开")


def test_the_phone_finds_what_is_wider_than_it(at_page):
    at_page(Phone, PLAIN).judge()
    with pytest.raises(AssertionError, match="500 pixels wide on a phone"):
        at_page(Phone, "<p style='width: 500px'>宽</p>").judge()
