"""Sweeping 10,000 due clocks: among 1,000,000 against among 20,000, and against the same statements sent bare.

Each due clock is an application's completeness clock, so each lapse is a whole deemed acceptance: state, clocks, paper,
messages, event. Three copies of one database are worked on in turn, a few hundred lapses at a time, so that the
machine's moods fall on all of them: one with 20,000 clocks, one with 1,000,000, and a copy of that to which psycopg2
alone sends again every statement, in its transactions, that the sweep has just sent.
"""

import datetime
import time
from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from bench._copying import copy
from bench._sending import bare, copied, recorded, send_again, use
from core.accounts.models import Organisation
from core.deadlines.lapses import sweep
from core.deadlines.models import Clock
from filings.models import Application
from scripts.bench import Row
from tests.world import World, make_world

RECEIVED = datetime.date(2026, 9, 18)
DUE = datetime.date(2026, 9, 24)
SWEPT = datetime.date(2026, 9, 25)
AFTER = datetime.date(2026, 10, 22)
LAPSES, FEW, MANY = 10_000, 20_000, 1_000_000
FIRST = 1_000_000
MOMENT = "2026-09-18 02:00+00"

CHUNK = 250


def bench_sweep() -> Iterator[Row]:
    """Load, copy, sweep the three databases in turn."""
    settings.CLOCK_MOVABLE = False  # as in production: the day offset is never asked for
    _applications(make_world(), FIRST, LAPSES)
    _waiting(2 * FIRST, FEW - LAPSES)
    few = connection.settings_dict["NAME"]
    many = copied(few, "many")
    use(many)
    _waiting(3 * FIRST, MANY - FEW)
    copy_of_many = copied(many, "bare")
    seconds = dict.fromkeys(("few", "many", "bare"), 0.0)
    statements = 0
    with bare(copy_of_many) as alone:
        for _ in range(LAPSES // CHUNK):
            use(few)
            seconds["few"] += _timed_sweep()
            use(many)
            with recorded() as sent:
                seconds["many"] += _timed_sweep()
            seconds["bare"] += send_again(alone, sent)
            statements += len(sent)
    rounded = {f"{name}_s": round(value, 1) for name, value in seconds.items()}
    yield Row(
        f"sweeping {LAPSES} due clocks among {MANY}: rate against the same statements by bare psycopg2",
        seconds["bare"] / seconds["many"],
        0.25,
        at_least=True,
        details={**rounded, "statements": statements},
    )
    yield Row(
        f"sweeping {LAPSES} due clocks among {MANY} / among {FEW}",
        seconds["many"] / seconds["few"],
        1.2,
        details=rounded,
    )


def _applications(world: World, first: int, many: int) -> None:
    """Submitted applications of as many agencies, each with its completeness clock past its last day."""
    county = world.organisation("county handler").pk
    numbers = range(first, first + many)
    agency = {"kind": "agency", "area_id": "410502", "active": True}
    copy(Organisation, ({"id": n, "name": f"机构{n}", "credit_code": f"91{n:016}", **agency} for n in numbers))
    application = {
        "kind": "initial", "receiving_id": county, "state": "submitted", "runs": 1, "created_on": RECEIVED,
        "created_at": MOMENT, "first_submitted_on": RECEIVED, "received_on": RECEIVED, "area_id": "410502",
        "deemed_accepted": False, "accepts_supervision": True, "not_for_profit": True,
    }  # fmt: skip
    copy(
        Application, ({"id": n, "number": f"B-{n}", "agency_id": n, "name": f"机构{n}", **application} for n in numbers)
    )
    _clocks(numbers, DUE)


def _waiting(first: int, many: int) -> None:
    """Running clocks that are not due."""
    _clocks(range(first, first + many), AFTER)


def _clocks(numbers: range, due_on: datetime.date) -> None:
    clock = {
        "matter_type": "filings.application", "kind": "completeness", "starts_on": RECEIVED, "amount": 5,
        "unit": "workday", "due_on": due_on, "provisional": False, "state": "running", "lapse": "deem_accepted",
        "started_at": MOMENT,
    }  # fmt: skip
    copy(Clock, ({"matter_id": str(n), **clock} for n in numbers))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _timed_sweep() -> float:
    connection.ensure_connection()
    begin = time.perf_counter()
    result = sweep(SWEPT, limit=CHUNK)
    seconds = time.perf_counter() - begin
    if (result.lapses, result.failed) != (CHUNK, 0):
        raise RuntimeError(f"the sweep did something else: {result}")
    return seconds
