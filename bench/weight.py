"""What a visitor's browser has to load, and how far pages move while they load: headless Chromium, production's files.

Scripts, styles and icons are hashed, compressed by brotli and sent as in production (whitenoise), and weighed as they
come over the wire. Pages leave the portal plain: production's proxy compresses them (docs/running.md). A page is
therefore weighed as brotli makes it at the quality that proxies use; what it weighs plain stands beside.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import brotli
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.test.utils import override_settings
from playwright.sync_api import Browser, Page, Response, sync_playwright

from scripts import catalogue
from scripts.bench import Row
from scripts.walking import PUBLIC, walk
from tests.browsing import launch

QUALITY = 5  # nginx, Caddy and the like: from 4 to 6
KB = 1000
FIRST_KB, LATER_KB = 150, 25
WIDTHS = (360, 1440)
# Files of pages that are not looked at: the API's description, Django's admin.
ELSEWHERE = ["drf_spectacular_sidecar", "rest_framework", "admin"]
STORED = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


@dataclass(frozen=True)
class Load:
    """What one visit loads, in bytes: page (by brotli, and plain) and what it asks for beside."""

    path: str
    page: int
    plain: int
    beside: int

    @property
    def bytes(self) -> int:
        return self.page + self.beside

    def row(self, name: str, most_kb: int) -> Row:
        return Row(
            name,
            self.bytes / (most_kb * KB),
            1.0,
            details={
                "page": self.path, "kb": round(self.bytes / KB, 1), "page_kb": round(self.page / KB, 1),
                "page_plain_kb": round(self.plain / KB, 1), "files_kb": round(self.beside / KB, 1),
            },
        )  # fmt: skip


def bench_weight() -> Iterator[Row]:
    """Visit each public page with an empty cache, then after the home page; look at how far pages move."""
    with _portal() as home, sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        browser = launch(playwright)
        paths = _public(browser, home)
        first = max((_load(browser, home, path) for path in paths), key=lambda load: load.bytes)
        yield first.row(f"the heaviest of {len(paths)} public pages at first visit / {FIRST_KB} KB", FIRST_KB)
        later = max((_load(browser, home, path, after="/") for path in paths[1:]), key=lambda load: load.bytes)
        yield later.row(f"the heaviest public page at a later visit / {LATER_KB} KB", LATER_KB)
        settings.DEMO_MODE = True  # from here on anyone signs in by a click
        moved, what = max(_moves(browser, home, paths))
        yield Row(
            f"the greatest layout shift, of public pages and the desks' homes / {catalogue.MOST_MOVED}",
            moved / catalogue.MOST_MOVED,
            1.0,
            details={"shift": round(moved, 4), "page": what},
        )
        browser.close()


@contextmanager
def _portal() -> Iterator[str]:
    """The demo's stories behind production's middleware and files; yields its address."""
    settings.DEMO_MODE = True
    call_command("demo_prepare", verbosity=0)
    settings.DEMO_MODE = settings.CLOCK_MOVABLE = False
    with (
        tempfile.TemporaryDirectory(prefix="portal-bench-") as folder,
        override_settings(STORAGES=STORED, STATIC_ROOT=Path(folder)),
    ):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=ELSEWHERE)
        server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
        server.set_app(WSGIHandler())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None: ...


def _public(browser: Browser, home: str) -> list[str]:
    """Return the paths of the pages that the public can reach by links, the home page first."""
    page = browser.new_page(base_url=home)
    found = [one.path for one in walk("/", PUBLIC, catalogue.opener(page, home))]
    page.close()
    return found


def _load(browser: Browser, home: str, path: str, after: str = "") -> Load:
    """Visit a path with an empty cache, or after another page; weigh what comes."""
    context = browser.new_context(base_url=home, locale="zh-CN")
    page = context.new_page()
    if after:
        page.goto(after, wait_until="networkidle")
    beside = _counted(page)
    answer = page.goto(path, wait_until="networkidle")
    assert isinstance(answer, Response)
    body = answer.body()
    load = Load(path, len(brotli.compress(body, quality=QUALITY)), len(body), sum(beside.values()))
    context.close()
    return load


def _counted(page: Page) -> dict[str, int]:
    """Count, from now on, the bytes over the wire of all but the page itself, by request."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    documents: set[str] = set()
    sizes: dict[str, int] = {}

    def sent(event: dict[str, object]) -> None:
        if event.get("type") == "Document":
            documents.add(str(event["requestId"]))

    def finished(event: dict[str, object]) -> None:
        if event["requestId"] not in documents:
            sizes[str(event["requestId"])] = int(str(event["encodedDataLength"]))

    devtools.on("Network.requestWillBeSent", sent)
    devtools.on("Network.loadingFinished", finished)
    return sizes


def _moves(browser: Browser, home: str, paths: list[str]) -> Iterator[tuple[float, str]]:
    """Yield how far each page moves on each screen, and which it is."""
    for visitor in catalogue.visitors(browser, home):
        context, page = catalogue.enter(browser, home, visitor)
        for path in paths if visitor == PUBLIC else ["/desk/"]:
            for width in WIDTHS:
                yield catalogue.move(page, path, width), f"{visitor} {path} {width} px"
        context.close()
