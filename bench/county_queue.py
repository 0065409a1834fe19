"""The county's queue with 100,000 applications against 1,000: time and number of queries."""

import datetime
import statistics
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from bench._copying import copy
from core.accounts.models import Organisation
from core.deadlines.models import Clock
from filings.models import Application
from scripts.bench import Row
from tests.world import World, make_world

DAY = datetime.date(2026, 9, 18)
MOMENT = "2026-09-18 02:00+00"
FEW, MANY, ROUNDS = 1_000, 100_000, 15


def bench_county_queue() -> Iterator[Row]:
    """Load, look, load more, look again: the same page, signed in as the county's handler."""
    settings.ALLOWED_HOSTS = ["*"]
    world = make_world()
    client = Client()
    client.force_login(world.people["county handler"].user)
    _load(world, 1, FEW)
    few, few_queries = _look(client)
    _load(world, FEW + 1, MANY)
    many, many_queries = _look(client)
    details = {"few_ms": round(few * 1000), "many_ms": round(many * 1000), "rows": f"{FEW} / {MANY}"}
    yield Row("the county's queue at 100,000 applications / at 1,000", many / few, 1.5, details=details)
    yield Row(
        "queries of the county's queue at 100,000 / at 1,000",
        many_queries / few_queries,
        1.0,
        details={"queries": f"{few_queries} / {many_queries}"},
    )


def _load(world: World, first: int, last: int) -> None:
    """Copy agencies, submitted applications and their running clocks in; due dates spread over 60 days."""
    numbers = range(1_000_000 + first, 1_000_000 + last + 1)
    agency = {"kind": "agency", "area_id": "410502", "active": True}
    copy(Organisation, ({"id": n, "name": f"机构{n}", "credit_code": f"91{n:016}", **agency} for n in numbers))
    application = {
        "kind": "initial", "receiving_id": world.organisation("county handler").pk, "state": "submitted", "runs": 1,
        "created_on": DAY, "created_at": MOMENT, "first_submitted_on": DAY, "received_on": DAY, "area_id": "410502",
        "deemed_accepted": False, "accepts_supervision": True, "not_for_profit": True,
    }  # fmt: skip
    copy(
        Application, ({"id": n, "number": f"B-{n}", "agency_id": n, "name": f"机构{n}", **application} for n in numbers)
    )
    clock = {
        "matter_type": "filings.application", "kind": "completeness", "starts_on": DAY, "amount": 5, "unit": "workday",
        "provisional": False, "state": "running", "lapse": "deem_accepted", "started_at": MOMENT,
    }  # fmt: skip
    days = datetime.timedelta
    copy(Clock, ({"matter_id": str(n), "due_on": DAY + days(days=n % 60), **clock} for n in numbers))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _look(client: Client) -> tuple[float, int]:
    """Return the median time of the page in seconds, and its number of queries."""
    client.get("/applications/")
    queries: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        answer = client.get("/applications/")
    if answer.status_code != 200:
        raise RuntimeError(f"the queue answered {answer.status_code}")
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        client.get("/applications/")
        times.append(time.perf_counter() - begin)
    return statistics.median(times), len(queries)
