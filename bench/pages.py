"""Every page of the catalogue with 40,000 agencies against 40: the time the server takes.

The demo's stories are told, and agencies come until there are forty; that database is copied, and in the copy as many
more come as make 40,000: ten times as many in force as the city's number allows (M37), the rest over. The pages are
those the catalogue's walk finds (scripts/walking.py). Each is asked for in both databases in turn, and the least time
counts, which others on the machine lengthen least; a page that seems too slow is asked for more often.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

import lxml.html
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from bench import _crowd
from bench._sending import copied, use
from core.accounts.models import Organisation, OrganisationKind, User
from core.clock import clock
from core.reference.models import Setting
from desks.demo.people import ACCOUNTS
from scripts.bench import Row
from scripts.walking import PUBLIC, Opened, walk

FEW, MANY = 40, 40_000
IN_FORCE = 400  # of the many
TURNS, MORE = 3, 12  # times that a page is asked for; one that seems too slow again
GOAL = 1.5
SHOWN = 12  # of those that grow most, where all is well
# What tells a page's state: its first tags.
TAGS, TELLING = "//main//*[contains(concat(' ', @class, ' '), ' tag ')]", 2


@dataclass(frozen=True)
class _Page:
    """A page as one visitor has it."""

    visitor: str
    client: Client
    path: str


class City:
    """A database, on a connection of its own."""

    def __init__(self, name: str) -> None:
        self.connection = connections.create_connection("default")
        self.connection.settings_dict = {**self.connection.settings_dict, "NAME": name}

    def asked(self, page: _Page) -> float:
        """Ask for a page here; return the milliseconds that it takes."""
        connections["default"] = self.connection
        begin = time.perf_counter()
        page.client.get(page.path)
        return (time.perf_counter() - begin) * 1000


@dataclass(frozen=True)
class Timed:
    """A page, and its least times in milliseconds among few and among many agencies."""

    visitor: str
    path: str
    few: float
    many: float

    @property
    def ratio(self) -> float:
        return self.many / self.few

    def __str__(self) -> str:
        return f"{self.ratio:6.2f}  {self.few:6.1f} ms {self.many:6.1f} ms  {self.visitor} {self.path}"


def bench_pages() -> Iterator[Row]:
    """Tell, copy, crowd, walk, time."""
    few, many, clients = _cities()
    cities = {name: City(name) for name in (few, many)}
    use(few)
    found = [_Page(visitor, client, path) for visitor, client in clients.items() for path in _paths(visitor, client)]
    timed = _timed(found, cities, TURNS)
    timed |= _timed([page for page in found if timed[page].ratio > GOAL], cities, MORE)
    grown = sorted(timed.values(), key=lambda page: page.ratio, reverse=True)
    over = [page for page in grown if page.ratio > GOAL]
    print("\n".join(map(str, grown[: max(len(over), SHOWN)])), file=sys.stderr)
    worst = grown[0]
    yield Row(
        f"server time of the page that grows most, at {MANY} agencies / at {FEW}",
        worst.ratio,
        GOAL,
        details={
            "page": f"{worst.visitor} {worst.path}", "few_ms": round(worst.few, 1), "many_ms": round(worst.many, 1),
            "pages": len(grown), "over": len(over),
        },
    )  # fmt: skip


def _cities() -> tuple[str, str, dict[str, Client]]:
    """Return the names of the databases with few and with many agencies, and the visitors, signed in to both."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.DEMO_MODE = True
    call_command("demo_prepare", verbosity=0)
    settings.DEMO_MODE = settings.CLOCK_MOVABLE = False
    on = clock.today()
    # Who asks so often is held back, in either city.
    for key in ("verify_per_minute", "look_up_per_minute"):
        Setting.objects.create(key=key, value=1_000_000, effective_from=on, note="bench")
    there = Organisation.objects.filter(kind=OrganisationKind.AGENCY).count()
    _crowd.come(0, FEW - there, over=False, on=on)
    clients = {PUBLIC: Client()}
    for account in ACCOUNTS:
        clients[account.label] = Client()
        clients[account.label].force_login(User.objects.get(username=account.username))
    few = str(connection.settings_dict["NAME"])
    many = copied(few, "many")
    use(many)
    _crowd.come(FEW, IN_FORCE - FEW, over=False, on=on)
    _crowd.come(IN_FORCE, MANY - IN_FORCE, over=True, on=on)
    return few, many, clients


def _paths(visitor: str, client: Client) -> list[str]:
    """Return the paths of the pages on this visitor's walk."""

    def open_page(path: str) -> Opened | None:
        answer = client.get(path, follow=True)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            return None
        page = lxml.html.fromstring(answer.content)
        words = [str(tag.text_content()) for tag in page.xpath(TAGS)[:TELLING]]
        at = answer.request["PATH_INFO"]  # of the page it led to
        links = [urljoin(at, str(link)) for link in page.xpath("//a[not(@download)]/@href")]
        return Opened(answer.status_code, page.findtext(".//title") or "", words, links)

    start = "/" if visitor == PUBLIC else "/desk/"
    return [found.path for found in walk(start, visitor, open_page)]


def _timed(pages: list[_Page], cities: dict[str, City], turns: int) -> dict[_Page, Timed]:
    """Ask for each page in one city, then in the other, in turn."""
    found = {}
    for page in pages:
        times: dict[str, list[float]] = {name: [] for name in cities}
        for turn in range(turns + 1):
            for name, city in cities.items():
                spent = city.asked(page)
                if turn:  # the first reads what is kept
                    times[name].append(spent)
        found[page] = Timed(page.visitor, page.path, *(min(taken) for taken in times.values()))
    return found
