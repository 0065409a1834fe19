"""The board of places with 40,000 filings against 400: time and number of queries.

The caps of M37 bound what is in force: 400 filings, a place in every occupation and area taken, stand in both. The
other 39,600 are what years of expiry, termination and deregistration leave behind.
"""

import datetime
import statistics
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from bench._copying import copy
from core.accounts.models import Organisation
from core.reference.models import Area, Occupation
from filings.models import Filing, FilingScope, FilingSite
from scripts.bench import Row
from tests.world import make_world

DAY = datetime.date(2026, 9, 18)
FEW, MANY, ROUNDS = 400, 40_000, 15
OCCUPATIONS = 5  # of each filing
FIRST = 1_000_000
BOARD = "/quota/?show=all"


def bench_board() -> Iterator[Row]:
    """Load, look, load more, look again: the same page, signed in as the centre's handler."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.CLOCK_MOVABLE = False
    world = make_world()
    call_command("load_reference", verbosity=0)
    client = Client()
    client.force_login(world.people["centre handler"].user)
    _load(FIRST, FEW, over=False)
    few, few_queries = _look(client)
    _load(FIRST + FEW, MANY - FEW, over=True)
    many, many_queries = _look(client)
    details = {"few_ms": round(few * 1000), "many_ms": round(many * 1000), "filings": f"{FEW} / {MANY}"}
    yield Row(f"the board of places at {MANY} filings / at {FEW}", many / few, 2.0, details=details)
    yield Row(
        f"queries of the board at {MANY} filings / at {FEW}",
        many_queries / few_queries,
        1.0,
        details={"queries": f"{few_queries} / {many_queries}"},
    )


def _load(first: int, many: int, *, over: bool) -> None:
    """Copy filings in, each with a site and five occupations; `over`: they ended years ago, one way or another."""
    numbers = range(first, first + many)
    areas = list(Area.objects.order_by("code").values_list("pk", flat=True))
    codes = list(Occupation.objects.order_by("code").values_list("pk", flat=True))
    agency = {"kind": "agency", "area_id": "410502", "active": True}
    copy(Organisation, ({"id": n, "name": f"机构{n}", "credit_code": f"91{n:016}", **agency} for n in numbers))
    ends = [_days(n) for n in numbers] if over else [("active", DAY, DAY + datetime.timedelta(days=900), None)] * many
    copy(
        Filing,
        (
            {
                "id": n, "agency_id": n, "code": f"S{n:012}", "name": f"机构{n}", "credit_code": f"91{n:016}",
                "area_id": areas[n % len(areas)], "address": "某路", "valid_from": begun, "valid_until": until,
                "term_from": begun, "held_open": False, "state": state, "runs": 0, "published": 1, "ended_on": ended,
            }
            for n, (state, begun, until, ended) in zip(numbers, ends, strict=True)
        ),
    )  # fmt: skip
    copy(
        FilingSite,
        (
            {
                "id": n, "filing_id": n, "name": "校本部", "area_id": areas[(n // 7) % len(areas)], "address": "某路",
                "since": begun, "until": None,
            }
            for n, (_, begun, _, _) in zip(numbers, ends, strict=True)
        ),
    )  # fmt: skip
    held = [
        {"id": n * OCCUPATIONS + k, "filing_id": n, "occupation_id": codes[(n * OCCUPATIONS + k) % len(codes)],
         "levels": "[5, 4, 3]", "since": begun, "until": None}
        for n, (_, begun, _, _) in zip(numbers, ends, strict=True)
        for k in range(OCCUPATIONS)
    ]  # fmt: skip
    copy(FilingScope, held)
    through = FilingSite.scope.through
    copy(
        through,
        ({"id": row["id"], "filingsite_id": row["filing_id"], "filingscope_id": row["id"]} for row in held),
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _days(number: int) -> tuple[str, datetime.date, datetime.date, datetime.date]:
    """State, first and last day of validity and day of end of a filing that is over."""
    begun = datetime.date(2016, 1, 1) + datetime.timedelta(days=number % 2500)
    until = begun + datetime.timedelta(days=1095)
    if number % 3:
        return "expired", begun, until, until
    return ("terminated" if number % 2 else "deregistered"), begun, until, begun + datetime.timedelta(days=500)


def _look(client: Client) -> tuple[float, int]:
    """Return the median time of the page in seconds, and its number of queries."""
    client.get(BOARD)
    queries: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        answer = client.get(BOARD)
    if answer.status_code != 200:
        raise RuntimeError(f"the board answered {answer.status_code}")
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        client.get(BOARD)
        times.append(time.perf_counter() - begin)
    return statistics.median(times), len(queries)
