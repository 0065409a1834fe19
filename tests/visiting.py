"""Going through the portal as a visitor does, by Django's client: from the home along the links of every page."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urljoin

from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html
from lxml.html import FormElement, InputElement, TextareaElement

ALIKE = 2  # of pages made alike, at most so many are visited by one visitor
# No pages of people's, or another program's.
LEFT_OUT = re.compile(r"^/(api|admin|static|accounts/logout|demo)/")


@dataclass(frozen=True)
class Page:
    """What one visitor got at an address."""

    visitor: str
    name: str
    path: str
    status: int
    media_type: str
    content: bytes
    headers: dict[str, str]
    came_from: str  # the page that has the link to it; none: nobody was led there

    @cached_property
    def text(self) -> str:
        """The page's source; of a file, nothing."""
        return self.content.decode() if self.media_type == "text/html" else ""

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.text)

    @property
    def main(self) -> html.HtmlElement:
        """What the page itself says, without the frame that all pages have."""
        return self.tree.get_element_by_id("main")

    @property
    def title(self) -> str:
        """What the page itself is called in the browser's window."""
        return "".join(self.tree.find(".//title").itertext()).partition("·")[0].strip()

    @property
    def state(self) -> str:
        """What the page says first of how its matter stands: the words of its badges."""
        return " ".join("".join(tag.itertext()) for tag in self.main.find_class("tag")[:2])

    def leads_to(self) -> Iterator[str]:
        """Yield the addresses within the portal that the page links or redirects to, without their fragments."""
        links = [link.get("href", "") for link in self.tree.iter("a")] if self.text else [self.headers["Location"]]
        for link in links:
            there = urljoin(self.path, link).partition("#")[0]
            if there.startswith("/") and not LEFT_OUT.match(there):
                yield there

    def __str__(self) -> str:
        return f"{self.visitor} {self.path} ({self.name})"


def named(path: str) -> str:
    """Return how the portal calls the page at a path, or the path itself where there is none."""
    try:
        return resolve(path.partition("?")[0]).view_name or path
    except Resolver404:
        return path


def kind(path: str) -> tuple[str, ...]:
    """Return a page's name with the steps and acts in its address: a wizard's steps are not alike, its matters are."""
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return (path,)
    acts = re.findall(r"<slug:(\w+)>", match.route)
    return (match.view_name or path, *(match.kwargs[act] for act in acts))


def get(client: Client, visitor: str, path: str, came_from: str = "") -> Page:
    """Open an address."""
    return _page(client.get(path), visitor, path, came_from)


def follow(
    client: Client, visitor: str, seeds: Iterable[str], leave: Callable[[str], bool] = lambda name: False
) -> Iterator[Page]:
    """Yield each page that this visitor reaches by links, and each file; of pages made alike the first few.

    An address with a query is another view of the page that offers it: of these only those that save a list as a file
    are opened. leave: tells of a page's name whether another visitor looks at it for everyone.
    """
    waiting = deque((path, "") for path in seeds)
    known = set(seeds)
    met: Counter[tuple[str | bool, ...]] = Counter()
    while waiting:
        path, came_from = waiting.popleft()
        alike = (*kind(path), "?" in path, "export=" in path)
        if met[alike] >= ALIKE or leave(named(path)):
            continue
        met[alike] += 1
        page = get(client, visitor, path, came_from)
        yield page
        for there in page.leads_to():
            if there not in known and ("?" not in there or "export=" in there or named(there) != page.name):
                known.add(there)
                waiting.append((there, path))


def send(client: Client, page: Page, form: FormElement, text: str) -> Page:
    """Send a form of a page with this text wherever something is written, and what no date or number is."""
    written = {"date": "2026-13-99", "number": "x", "email": text, "file": None, "checkbox": "on"}
    values = {}
    for field in form.inputs:
        if field.name and isinstance(field, InputElement) and field.type not in {"hidden", "radio"}:
            values[field.name] = written.get(field.type, text)
        elif field.name:
            values[field.name] = text if isinstance(field, TextareaElement) else field.value
    path = urljoin(page.path, form.action or page.path)
    answer = client.post(path, {name: value for name, value in values.items() if value is not None})
    return _page(answer, page.visitor, path, page.path)


def _page(answer: Any, visitor: str, path: str, came_from: str) -> Page:
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    headers = {name: answer.headers.get(name, "") for name in ("Content-Disposition", "Location")}
    return Page(visitor, named(path), path, answer.status_code, media_type, answer.getvalue(), headers, came_from)
