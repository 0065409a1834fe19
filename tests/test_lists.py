"""Every list asks the database as often for three rows as for one; a page that is new must say whether it is a list."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import listing
from tests.world import DAY, World, make_world

pytestmark = pytest.mark.django_db

PUBLIC = "the public"
Add = Callable[[World, int], str]


@dataclass(frozen=True)
class List:
    """A list: its address's name, who looks at it, what adds a row, what narrows it; `hidden`: it only counts rows."""

    name: str
    who: str
    add: Add
    query: str = ""
    hidden: bool = False

    def __str__(self) -> str:
        return f"{self.name}{self.query} {self.add.__name__} {self.who}"


def _each(names: str, who: str, *adds: Add, query: str = "", hidden: bool = False) -> list[List]:
    people = [one.strip() for one in who.split(",")]
    return [List(name, one, add, query, hidden) for name in names.split() for one in people for add in adds]


OFFICES = "county handler, centre handler, bureau handler"
OFFER = "?occupation=6-18-02-04&area=汤阴县"
LISTS = [
    *_each("desks:home", "county handler, bureau handler", listing.submitted),
    *_each("desks:home", OFFICES, listing.filing, hidden=True),
    *_each("desks:home", "county chief", listing.claim, hidden=True),
    *_each("desks:home", "centre handler, centre chief", listing.assignment, listing.deregistration, hidden=True),
    *_each("desks:home", "agency admin", listing.own_paper),
    *_each("desks:home", "experts expert", listing.expert_task),
    *_each("desks:home", "operator administrator", listing.serial, listing.calendar_year, hidden=True),
    *_each("desks:health", "operator administrator", listing.undelivered, query="?part=messages"),
    *_each("desks:health", "operator administrator", listing.unissued, query="?part=papers"),
    *_each("desks:health", "operator administrator", listing.a_checkpoint, query="?part=checkpoints"),
    *_each("desks:health", "operator administrator", listing.a_checkpoint, query="?part=checkpoints&export=csv"),
    *_each("filings:applications", "county handler, bureau handler", listing.submitted),
    *_each("filings:applications", "county handler, bureau handler", listing.submitted, query="?view=all"),
    *_each("filings:applications", "county handler", listing.submitted, query="?turn=county"),
    *_each("filings:filings", OFFICES, listing.filing),
    *_each("filings:filings", OFFICES, listing.filing, query="?lens=all&export=csv"),
    *_each("filings:filings", "centre handler", listing.filing_ended, query="?lens=ended"),
    *_each("filings:assignments", "centre handler, other county handler", listing.assignment),
    *_each("filings:deregistrations", "centre handler, centre chief", listing.deregistration),
    *_each("filings:imports", "centre handler, centre chief", listing.an_import),
    *_each("filings:claims", "county handler", listing.claim),
    *_each("filings:counter", "county handler", listing.counter_draft),
    *_each("filings:criteria", "centre handler, centre chief", listing.criterion),
    *_each("filings:expert-tasks", "experts expert", listing.expert_task),
    *_each("filings:quota-board", OFFICES, listing.urgent, query="?show=all"),
    *_each("filings:quota-years", "bureau handler, bureau chief", listing.quota_year),
    *_each("filings:urgent", "bureau handler, bureau chief", listing.urgent),
    *_each("filings:figures", "operator administrator", listing.figure),
    *_each("filings:serials", "operator administrator", listing.serial),
    *_each("filings:offer-assignment", "centre handler", listing.filing_at_its_seat, query=OFFER),
    *_each("filings:agency-applications", "agency admin", listing.own_application),
    *_each("filings:agency-papers", "agency admin", listing.own_paper),
    *_each("notifications:inbox", "centre handler", listing.message),
    *_each("accounts:organisations", "operator administrator", listing.organisation, query="?kind=county"),
    *_each("accounts:users", "operator administrator", listing.user),
    *_each("accounts:staff", "centre chief", listing.colleague),
    *_each("accounts:deputies", "centre chief, operator administrator", listing.deputy),
    *_each("accounts:recusals", "centre handler, centre chief, operator administrator", listing.recusal),
    *_each("accounts:tokens", "centre handler", listing.token),
    *_each("accounts:devices", "centre handler", listing.device),
    *_each("accounts:consent", "agency admin", listing.consent),
    *_each("accounts:choose-position", "centre handler", listing.position),
    *_each("calendars:overview", "operator administrator", listing.calendar_year, hidden=True),
    *_each("registry:home registry:announcements registry:agencies", PUBLIC, listing.published),
    *_each("registry:agencies", PUBLIC, listing.published, query="?export=csv"),
    *_each("registry:agencies", PUBLIC, listing.published, query="?occupation=6-18-02-04"),
    *_each("registry:suggest", PUBLIC, listing.published, query="?q=gongshi"),
    *_each("registry:announcement-feed", PUBLIC, listing.published),
    *_each("registry:places", PUBLIC, listing.occupation),
    *_each("registry:places", PUBLIC, listing.published, hidden=True),
    *_each("registry:guide", PUBLIC, listing.published, hidden=True),
    *_each("open_data:changes open_data:feed", PUBLIC, listing.changed),
]

# Pages without a list that grows: why.
NO_LIST = {
    "accounts:new-organisation": "a form",
    "accounts:profile": "one's own account",
    "accounts:register-agency": "a form",
    "accounts:switch-position": "an act",
    "registry:workdays": "a calculator",
    "filings:agency-claim": "one's own claim",
    "filings:agency-start": "an act",
    "filings:counter-agency": "a form",
    "filings:counter-start": "an act",
    "filings:import-template": "a file",
    "notifications:open-all": "an act",
    "ops:alive": "an answer to a machine",
    "ops:metrics": "figures for a machine",
    "ops:ready": "an answer to a machine",
    "open_data:home": "the data sets, which are as many as the code declares",
    "registry:complaint": "the dozen authorities of the city",
    "registry:pledge-sample": "a file",
    "registry:rules": "the articles of the Measure",
    "registry:subscribe": "a form",
    "registry:terms": "the glossary",
    "registry:verify": "a form",
    "web:favicon": "a file",
    "web:keep-filter": "an act",
    "web:session": "an answer to a script",
    "web:style": "the parts of pages",
    "web:style-upload": "an act",
}
# Whose pages these are: not ours to list.
OTHERS = ("admin/", "api/", "^api/", "accounts/")


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(datetime.datetime.combine(DAY, datetime.time(4), datetime.UTC), tick=True):
        yield


def read(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.parametrize("one", LISTS, ids=str)
def test_as_many_queries_for_three_rows_as_for_one(one: List) -> None:
    world = make_world()
    browser = Client() if one.who == PUBLIC else world.browser(one.who)
    address = reverse(one.name) + one.query
    words = [one.add(world, 1)]
    read(browser, address)  # what is kept from one request to the next is asked for once
    counts = []
    for further in ((), (2, 3)):
        words += [one.add(world, number) for number in further]
        with CaptureQueriesContext(connection) as asked:
            page = read(browser, address)
        assert one.hidden or all(word in page for word in words), "the row is there"
        counts.append([query["sql"] for query in asked.captured_queries])
    few, many = counts
    assert len(few) == len(many), "\n".join(sorted(set(many) - set(few)))


def _pages(resolver: URLResolver, route: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """Yield (name, route) of every address without a parameter."""
    for entry in resolver.url_patterns:
        here = route + str(entry.pattern)
        if here.startswith(OTHERS):
            continue
        if isinstance(entry, URLResolver):
            yield from _pages(entry, here, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern) and "<" not in here:
            yield f"{namespace}{entry.name}", here


def test_every_page_is_in_the_table_or_has_no_list() -> None:
    there = {name for name, _ in _pages(get_resolver())}
    listed = {one.name for one in LISTS}
    assert listed | set(NO_LIST) == there
    assert not listed & set(NO_LIST)
