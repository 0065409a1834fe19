"""Two hundred readers of the public pages beside twenty officers at work, among 40,000 agencies.

The officers' pages are asked for over HTTP by officers who read a while before they go on; first alone, then for five
minutes with the readers, each of whom asks every five seconds. An answer other than 200 is an error and ends it.
"""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from itertools import cycle

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from bench import _crowd
from bench._http import Answered
from bench._portal import portal
from core.accounts.models import User
from core.clock import clock
from filings.models import Application
from registry.models import Entry
from scripts.bench import Row

AGENCIES, IN_FORCE = 40_000, 400
OFFICERS, READS = 20, 2.0  # seconds that an officer reads a page
READERS, EVERY = 200, 5.0  # seconds
ALONE, BESIDE = 120.0, 300.0  # seconds
DESKS = ("centre", "centre-chief", "county", "county-chief", "bureau")
PAGES = ("/desk/", "/applications/", "/applications/?view=all", "/filings/", "/quota/", "/inbox/")


def bench_readers() -> Iterator[Row]:
    """Tell the demo's stories, let agencies come, ask."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.DEMO_MODE = True
    call_command("demo_prepare", verbosity=0)
    settings.DEMO_MODE = settings.CLOCK_MOVABLE = False
    on = clock.today()
    _crowd.come(0, IN_FORCE, over=False, on=on)
    _crowd.come(IN_FORCE, AGENCIES - IN_FORCE, over=True, on=on)
    desks = [(_cookie(name), _pages(name)) for name in DESKS]
    public = _public()
    connection.close()
    with portal() as (port, _):
        _work(port, desks, 10, [])  # warm
        alone = _work(port, desks, ALONE, [])
        beside = _work(port, desks, BESIDE, public)
    yield Row(
        f"p99 of {OFFICERS} officers' pages with {READERS} readers / without",
        beside.p99 / alone.p99,
        2.0,
        details={
            "alone_p99_ms": round(alone.p99), "beside_p99_ms": round(beside.p99), "pages": len(beside.times),
            "alone_ms": round(alone.median), "beside_ms": round(beside.median),
        },
    )  # fmt: skip


def _cookie(name: str) -> str:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _pages(name: str) -> list[str]:
    """What an officer opens who may open it."""
    client = Client()
    client.force_login(User.objects.get(username=name))
    matters = Application.objects.order_by("id").values_list("pk", flat=True)[:12]
    pages = [*PAGES, *(f"/applications/{pk}/" for pk in matters)]
    return [page for page in pages if client.get(page).status_code == 200]


def _public() -> list[str]:
    codes = list(Entry.objects.order_by("code").values_list("code", flat=True))
    some = random.Random(3).sample(codes, 200)
    pages = ["/", "/agencies/", "/announcements/", "/agencies/?q=%E7%84%8A%E5%B7%A5", "/guide/places/"]
    return pages * 20 + [f"/agencies/{code}/" for code in some] + [f"/api/v1/public/agencies/{code}/" for code in some]


def _work(port: int, desks: Sequence[tuple[str, list[str]]], seconds: float, public: Sequence[str]) -> Answered:
    """Let the officers work for so long, and readers read where there is something to; return the officers' times."""
    officers = Answered(lasted=seconds)
    failed: list[str] = []
    end = time.monotonic() + seconds

    def go_on(number: int, pages: Sequence[str], cookie: str, rest: float, times: list[float]) -> None:
        dice = random.Random(number)
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Cookie": cookie} if cookie else {}
        time.sleep(dice.uniform(0, rest))
        while time.monotonic() < end and not failed:
            page = dice.choice(pages)
            begun = time.perf_counter()
            try:
                connection.request("GET", page, headers=headers)
                answer = connection.getresponse()
                answer.read()
            except OSError as problem:
                failed.append(f"{problem!r} {page}")
                break
            times.append(time.perf_counter() - begun)
            if answer.status != 200:
                failed.append(f"{answer.status} {page}")
            time.sleep(rest if not cookie else dice.uniform(rest / 2, rest * 1.5))
        connection.close()

    threads = [
        threading.Thread(target=go_on, args=(n, pages, cookie, READS, officers.times))
        for n, (cookie, pages) in zip(range(OFFICERS), cycle(desks), strict=False)
    ]
    if public:
        threads += [threading.Thread(target=go_on, args=(OFFICERS + n, public, "", EVERY, [])) for n in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(failed[0])
    return officers
