"""The county's queue with 100,000 applications against 1,000: time and number of queries."""

import datetime
import io
import statistics
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from core.accounts.models import Organisation
from filings.models import Application
from scripts.bench import Row
from tests.world import World, make_world

DAY = datetime.date(2026, 9, 18)
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
    county = world.organisation("county handler").pk
    numbers = range(first, last + 1)
    start = 1_000_000
    _copy(
        Organisation,
        (
            {"id": start + n, "kind": "agency", "name": f"机构{n:06}", "credit_code": f"91{n:016}", "active": True}
            for n in numbers
        ),
    )
    _copy(
        Application,
        (
            {
                "id": start + n, "number": f"B-{n:06}", "kind": "initial", "agency_id": start + n, "receiving_id": county,
                "state": "submitted", "runs": 1, "created_on": DAY, "created_at": "2026-09-18 02:00+00",
                "first_submitted_on": DAY, "received_on": DAY, "name": f"机构{n:06}", "area_id": "410502",
                "credit_code": f"91{n:016}", "deemed_accepted": False, "accepts_supervision": False,
                "not_for_profit": False,
            }
            for n in numbers
        ),
    )  # fmt: skip
    from core.deadlines.models import Clock

    _copy(
        Clock,
        (
            {
                "matter_type": "filings.application", "matter_id": str(start + n), "kind": "completeness",
                "starts_on": DAY, "amount": 5, "unit": "workday", "due_on": DAY + datetime.timedelta(days=n % 60),
                "provisional": False, "state": "running", "lapse": "deem_accepted", "started_at": "2026-09-18 02:00+00",
            }
            for n in numbers
        ),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(model: type, rows: Iterator[dict[str, object]]) -> None:
    """COPY rows into the model's table; text columns not named are empty, others null."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    first = next(rows)
    columns = [
        name for name, field in fields.items() if name in first or (field.empty_strings_allowed and not field.null)
    ]
    buffer = io.StringIO()
    for row in (first, *rows):
        buffer.write(
            "\t".join("" if name not in row else r"\N" if row[name] is None else str(row[name]) for name in columns)
            + "\n"
        )
    buffer.seek(0)
    names = ", ".join(f'"{fields[name].column}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {model._meta.db_table} ({names}) FROM STDIN", buffer)


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
