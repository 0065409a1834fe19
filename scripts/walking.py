"""The walk along the portal's links: the same pages for the pictures (scripts/catalogue.py) and the times (bench/)."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

PUBLIC = "公众"
STATES = 3  # of pages made alike, at most so many are kept
# No pages of people's, or shown to everyone alike.
LEFT_OUT = re.compile(r"^/(api|admin|static|accounts/logout)/")

# A step, a part, an act: pages of their own, unlike those of one matter and another.
WORD = re.compile(r"[a-z]+([-_][a-z]+)*")


@dataclass(frozen=True)
class Opened:
    """What came of opening a page: its answer's status, title, telling words, and the addresses it leads to."""

    status: int
    title: str
    words: list[str]
    links: list[str]

    @property
    def state(self) -> str:
        """The words that tell pages made alike apart."""
        return "、".join(dict.fromkeys(word.strip() for word in self.words))


@dataclass(frozen=True)
class Found:
    """A page on the walk. name: its address's in the portal, with a number where several are kept."""

    name: str
    path: str
    opened: Opened


def named(path: str) -> str:
    """Return how the portal calls the page at a path, with the words in it: "filings:application",
    "filings:agency-step-people"; the path of one it does not know."""
    from django.urls import Resolver404, resolve

    try:
        found = resolve(path)
    except Resolver404:
        return path
    words = [said for said in found.kwargs.values() if isinstance(said, str) and WORD.fullmatch(said)]
    return "-".join([found.view_name, *words]) if found.view_name else path


def walk(start: str, visitor: str, open_page: Callable[[str], Opened | None]) -> Iterator[Found]:
    """Yield each page that this visitor can reach by links, just opened, in the order of the links; of pages made alike
    the first of each telling state. open_page: None for what is no page; links outside the portal have a host."""
    waiting = deque([start])
    known = set(waiting)
    kept: dict[str, list[str]] = {}
    tried: dict[str, int] = {}
    while waiting:
        path = waiting.popleft()
        name = named(path.partition("?")[0])
        if visitor != PUBLIC and name.startswith(("registry:", "open_data:")):
            continue
        if len(kept.get(name, ())) >= STATES or tried.get(name, 0) >= 3 * STATES:
            continue
        tried[name] = tried.get(name, 0) + 1
        opened = open_page(path)
        if opened is None:
            continue
        if name not in kept or opened.state not in kept[name]:
            kept.setdefault(name, []).append(opened.state)
            yield Found(f"{name.replace(':', '-')}-{len(kept[name])}", path, opened)
        for link in opened.links:
            further = link.partition("#")[0]
            if further.startswith("/") and further not in known and not LEFT_OUT.match(further) and "?" not in further:
                known.add(further)
                waiting.append(further)
