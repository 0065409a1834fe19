"""What is wrong with what a page says, seen from its markup: words that nobody wrote, parts with nothing in them."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

# What templates print where there was nothing to print.
NOTHING = re.compile(
    r"\bNone\b|\bnan\b|\[\]|(?<![\w*])\(\)|（）|《》|“”|「」|(?<!\{)\{\}|：：|，，|、、|。。|<QuerySet|object at 0x"
)
HEADINGS = {"h1", "h2", "h3", "h4", "legend", "caption", "summary", "dt", "label", "button", "a", "option", "th"}
# A part, and what it holds.
PARTS = {"table": "tr", "ul": "li", "ol": "li", "dl": "dd", "select": "option", "fieldset": "*", "nav": "a"}
FILLED_IN = {"input", "select", "textarea", "img", "svg", "iframe", "button", "progress"}
BLOCKS = {"p", "li", "dd", "td", "div", "section", "small", "h1", "h2", "h3", "form", "article", "header"}
UNSEEN = {"script", "style", "template"}


def words(element: HtmlElement) -> str:
    """Return the element's text, spaces run together."""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def says(element: HtmlElement) -> bool:
    """Tell whether an element has words of its own, or what stands for them."""
    if words(element) or element.get("aria-label"):
        return True
    return any(one.tag in FILLED_IN for one in element.iter())


def faults(main: HtmlElement) -> Iterator[str]:
    """Yield what is wrong, one line each."""
    for element in main.iter():
        if not isinstance(element.tag, str) or element.tag in UNSEEN:
            continue
        for text in (element.text, element.tail):
            if text and (found := NOTHING.search(text)):
                yield f"says {found[0]!r}: {text.strip()[:80]!r}"
        if element.tag in HEADINGS and not says(element) and not element.get("value"):
            yield f"an empty {element.tag}: {_opening(element)}"
        if (inner := PARTS.get(element.tag)) and element.find(f".//{inner}") is None:
            yield f"a {element.tag} with nothing in it: {_opening(element)}"
        if element.tag == "table" and element.find("tbody") is not None and element.find("tbody//td") is None:
            yield f"a table without rows: {words(element)[:80]}"
        if element.tag in {"section", "article"} and _only_heading(element):
            yield f"a heading with nothing under it: {words(element)}"
        if element.tag in BLOCKS and _ends_with_colon(element):
            yield f"a colon with nothing behind it: {words(element)[-60:]!r}"


def says_why(main: HtmlElement) -> bool:
    """Tell whether a page with nothing in it says what would fill it: a title and a sentence, or a word instead."""
    boxes = main.find_class("empty")
    return all(len(box.xpath(".//p")) > 1 for box in boxes) and bool(
        boxes or main.find_class("none") or main.find_class("answer")
    )


def _opening(element: HtmlElement) -> str:
    return " ".join([element.tag, *(f"{name}={value[:40]}" for name, value in element.items())])


def _only_heading(element: HtmlElement) -> bool:
    headings = list(element.iter("h1", "h2", "h3"))
    return (
        len(headings) == 1
        and words(headings[0]) == words(element)
        and not any(one.tag in FILLED_IN - {"svg"} for one in element.iter())
    )


def _ends_with_colon(element: HtmlElement) -> bool:
    """Whether an element ends with a colon, and nothing follows it in what it stands in."""
    if not words(element).endswith(("：", ":")) or any(one.tag in FILLED_IN - {"svg"} for one in element.iter()):
        return False
    after = element.getnext()
    return not (element.tail or "").strip() and (after is None or not says(after))
