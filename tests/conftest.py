"""Fixtures for every test: servers, real processes, a browser.

Which database: PORTAL_DATABASE_URL (the test settings read it), else SQLite in memory.
`python -m scripts.servers pytest …` runs pytest with a private PostgreSQL and Redis.
"""

import gc
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler, StaticFilesHandlerMixin
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from scripts import servers
from tests import stages
from tests.browsing import PICTURES, Watch, assert_accessible, launch
from tests.processes import Processes, Running, own_environment

pytest_plugins = ["tests.lifting"]

# The same examples in every run, so that `make test` says the same twice; `make faults` searches on.
hypothesis.settings.register_profile("usual", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("long", deadline=None, max_examples=2000, print_blob=True)
hypothesis.settings.load_profile("long" if os.environ.get("FAULTS") == "long" else "usual")


@pytest.fixture
def faults_long() -> bool:
    """Whether faults last and repeat as long as in `make faults`."""
    return os.environ.get("FAULTS") == "long"


@pytest.fixture
def fault_rounds(faults_long: bool) -> int:
    """How often a fault test kills or races: 5 in `make test`, 200 in `make faults`."""
    return 200 if faults_long else 5


@pytest.fixture
def race_rounds() -> int:
    """How often a race about filings is run: 5 times in `make test`, 1,000 in `make faults`."""
    return 1000 if os.environ.get("FAULTS") == "long" else 5


# Servers and processes


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The address of a Redis database of this test process alone: PORTAL_TEST_REDIS's server, else a private one."""
    number = re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or "0"
    if shared := os.environ.get("PORTAL_TEST_REDIS"):
        yield f"{shared}/{number}"
        return
    with servers.redis_server() as private:
        yield f"{private.address}/{number}"


# What the scanner of the tests takes for a virus.
VIRUS = b"PORTAL-TEST-VIRUS:nothing-but-a-line-to-be-found"


@pytest.fixture(scope="session")
def clamd() -> Iterator[str]:
    """The address of a real virus scanner that knows one signature."""
    with servers.clamd_server(f"Portal.Test:0:*:{VIRUS.hex()}\n") as private:
        yield private.address


@pytest.fixture
def virus_scanner(clamd: str, settings) -> None:
    """Let what is handed in be scanned."""
    parts = urlsplit(clamd)
    settings.VIRUS_SCANNER = (parts.hostname, parts.port)


@pytest.fixture
def broker(redis_server: str) -> Iterator[str]:
    """Let what the test itself sends with `.delay()` go to an emptied Redis; yield its address."""
    import kombu.pools
    import redis

    from anyang_sep.celery import app

    def connect_to(address: str) -> None:
        kombu.pools.reset()
        app.conf.broker_url = address
        app._pool = app.amqp._producer_pool = None

    redis.Redis.from_url(redis_server).flushdb()
    before = app.conf.broker_url
    connect_to(redis_server)
    yield redis_server
    connect_to(before)


@pytest.fixture
def processes(transactional_db: None, broker: str, tmp_path: Path) -> Iterator[Processes]:
    """Start real web, worker and beat processes on this test's PostgreSQL database and Redis."""
    assert connection.vendor == "postgresql", (
        "mark this test `jobs` or `postgres_only`: other processes need PostgreSQL"
    )
    portal = Processes(own_environment() | {"PORTAL_BROKER_URL": broker}, tmp_path)
    try:
        yield portal
    finally:
        portal.close()


@pytest.fixture
def celery_worker_process(processes: Processes) -> Running:
    """A real Celery worker that takes jobs."""
    return processes.start_worker()


@pytest.fixture
def web_process(processes: Processes) -> Running:
    """A real granian; its `address` answers."""
    return processes.start_web()


# Browser

# How long a page may take to show what is expected, on a busy machine too: milliseconds.
PATIENCE = 15_000
# A person presses no key and fills in no field in the milliseconds before a page's scripts have run, nor on a page that
# is about to go; Playwright does. What is not visible it waits for. (What happens on a slow line is tested by itself:
# test_fields.py.) Where a download is what comes, the page does not go: it is seen again.
UNSEEN_BETWEEN_PAGES = """
const veil = new CSSStyleSheet();
veil.replaceSync("html { visibility: hidden !important }");
const lift = () => { document.adoptedStyleSheets = []; };
const cover = () => { document.adoptedStyleSheets = [veil]; };
if (document.readyState === "loading") {
  cover();
  document.addEventListener("DOMContentLoaded", lift);
}
addEventListener("beforeunload", () => { cover(); setTimeout(lift, 1500); });
addEventListener("pageshow", lift);
"""


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Headless Chromium, one for all browser tests."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    # Playwright's loop runs in this thread, which Django would otherwise take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", serve_to_keep)
        running = launch(playwright)
        yield running
        running.close()


def serve_to_keep(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
    """Answer a request for a static file, to be kept by the browser as it is in production: for good, since a test's
    day, from which the browser reckons its age, may be long past."""
    answer = StaticFilesHandlerMixin.serve(handler, request)
    answer["Cache-Control"] = "max-age=315360000, immutable"
    return answer


@pytest.fixture
def new_page(browser, live_server, request: pytest.FixtureRequest) -> Iterator[Callable]:
    """Open pages, each with its own cookies (one person each), on the live server.

    `new_page()` takes Playwright's context options (viewport, locale …). At the end of the test no page may have seen a
    script error, a violation of the content policy, or a request to another host. A failed test leaves its pictures.
    """
    opened = []

    def open_page(**options):
        context = browser.new_context(
            base_url=live_server.url,
            **{
                "locale": "zh-CN",
                "timezone_id": "Asia/Shanghai",
                "reduced_motion": "reduce",
                "viewport": {"width": 1280, "height": 900},
                **options,
            },
        )
        context.set_default_timeout(PATIENCE)
        if options.get("java_script_enabled", True):
            context.add_init_script(UNSEEN_BETWEEN_PAGES)
        page = context.new_page()
        opened.append((page, Watch(page, live_server.url)))
        return page

    yield open_page
    faults = []
    for number, (page, watch) in enumerate(opened):
        report = getattr(request.node, "report_call", None)
        if report is not None and report.failed:
            take_picture(page, f"failed-{request.node.name}-{number}")
        faults += watch.faults
        page.context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(new_page):
    """One page on the live server."""
    return new_page()


@pytest.fixture
def picture() -> Callable:
    """`picture(page, name)` leaves var/screens/NAME.png, the whole page, where PICTURES is set: it takes its time."""
    return take_picture if os.environ.get("PICTURES") else lambda page, name: None


@pytest.fixture(name="assert_accessible")
def assert_accessible_fixture() -> Callable:
    """`assert_accessible(page)` fails with every barrier axe-core finds (WCAG 2.2 A and AA)."""
    return assert_accessible


def take_picture(page, name: str) -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{re.sub(r'[^0-9A-Za-z_-]+', '-', name)}.png"
    page.screenshot(path=path, full_page=True)
    return path


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """The test database, made within the first test that asks for it: nothing of that is the test's own."""
    stages.forget()
    if connection.vendor == "postgresql":
        type(connection.ops).sql_flush = empty_what_was_filled


# What a flush would only have to write again.
LASTING = {"django_content_type", "auth_permission"}


def empty_what_was_filled(operations: Any, style: Any, tables: list[str], **_: Any) -> list[str]:
    """Return how a test that committed is undone: TRUNCATE writes every table and index anew, be it empty or not."""
    names = {table: operations.quote_name(table) for table in tables if table not in LASTING}
    with operations.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM {name} LIMIT 1)" for table, name in names.items()))
        filled = [names[table] for (table,) in cursor.fetchall()]
    # Neither the order of foreign keys nor the guard of the append-only tables stands in the way.
    return ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {name}" for name in filled)]


def pytest_collection_finish() -> None:
    """What stands here by now stays to the end: the collector looks at it no more, and seldom at the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test begins: what the one before was built of is gone."""
    stages.begin(item)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Let fixtures see at their end how the test itself went."""
    outcome = yield
    report = outcome.get_result()
    if report.when == "call":
        item.report_call = report


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A run of one kind alone (`-m browser`) reads no file that has none of it: to read all takes its time."""
    kind = config.option.markexpr
    if kind not in {"browser", "faults"} or collection_path.suffix != ".py" or collection_path.name == "conftest.py":
        return None
    return None if f"mark.{kind}" in collection_path.read_text(encoding="utf-8") else True


# Whose tests are the same on every engine: plain Python, set-up scripts, and what shows and takes the workflow, which
# is tried on both. Of that the ways from end to end stay; the browser's are on PostgreSQL. `make faults` runs all.
ANY_ENGINE = ("tests/regulation/", "tests/scripts/", "tests/desks/", "tests/filings/views/", "tests/filings/api/")
EVERY_ENGINE = ("tests/filings/api/test_whole_way.py",)
OWN_ENGINE = ("jobs", "faults", "browser", "postgres_only")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs to run on one engine only; put what shares a world first."""
    for item in items:
        path = item.path.relative_to(Path(__file__).parent.parent).as_posix()
        alike = path.startswith(ANY_ENGINE) and path not in EVERY_ENGINE
        if alike and not any(map(item.get_closest_marker, OWN_ENGINE)):
            item.add_marker(pytest.mark.any_engine)
    # What stands first in its process is not taken over by another, which would have to build the world again; and
    # what takes longest begins first.
    first = ("shared_world", "faults", "jobs")
    items.sort(key=lambda item: not any(map(item.get_closest_marker, first)))
