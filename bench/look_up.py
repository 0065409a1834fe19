"""The public registry among a country's agencies: 40,000 with 1,000,000 rows of scope, then ten times as many.

The web server is the portal's own (granian, two processes) with its whole middleware; the readers ask over HTTP. Beside
it stand, on the same machine and in turn, a bare Django view that does one indexed read on the same server, and
datasette with its full-text search over the same records.
"""

import os
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.db import connection

from bench import _datasette, _nation
from bench._http import Answered, asked, free_port, resident, served, word
from bench._portal import portal
from core.clock import clock
from registry.folding import fold, sound
from registry.models import Entry
from scripts.bench import Row
from scripts.setup import ROOT

AGENCIES, TIMES = 40_000, 10
ROUNDS, SECONDS = 3, 8.0
MEMORY_AFTER, MEMORY_UNTIL = 10_000, 100_000  # requests
QUERIES = 400  # of each kind
LOOK_UP = "/api/v1/public/agencies/?q={}"


def bench_registry() -> Iterator[Row]:
    """Fill, ask in turn, grow tenfold, ask again."""
    on = clock.today()
    _nation.come(AGENCIES, on)
    codes, kinds = _codes(), _kinds()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        file = Path(folder) / "agency.db"
        _datasette.write(file, _nation.contents(AGENCIES, on), str(on))
        port = free_port()
        with portal() as (ours, _), served([sys.executable, *_datasette.command(file, port)], port, os.environ, ROOT):
            yield _by_code(ours, codes)
            for name, words in kinds.items():
                yield _beside(ours, port, name, words)
            few = _timed(ours, codes, kinds)
    connection.close()
    _nation.grow(TIMES)
    with portal() as (ours, _):
        many = _timed(ours, codes, kinds)
    for what, goal in (("code", 1.2), *((name, 2.0) for name in kinds)):
        yield Row(
            f"answer by {what} at {AGENCIES * TIMES} agencies / at {AGENCIES}",
            many[what].median / few[what].median,
            goal,
            details={"few_ms": round(few[what].median, 2), "many_ms": round(many[what].median, 2)},
        )


def bench_memory() -> Iterator[Row]:
    """What the web processes hold after so many requests of all kinds, against after the first of them."""
    codes, kinds = _codes(), _kinds()
    answers = [f"/api/v1/public/agencies/{code}/" for code in codes]
    look_ups = [path for name, words in kinds.items() for path in _paths(name, words)[0]]
    with portal() as (port, process):
        held = []
        for share in (MEMORY_AFTER, MEMORY_UNTIL - MEMORY_AFTER):
            so_far = 0
            while so_far < share:
                so_far += len(asked(port, look_ups, 1.0).times) + len(asked(port, answers, 4.0).times)
            held.append(resident(process))
    yield Row(
        f"memory of the web processes after {MEMORY_UNTIL} requests / after {MEMORY_AFTER}",
        held[1] / held[0],
        1.05,
        details={"first_mb": held[0] // 1024, "last_mb": held[1] // 1024},
    )


def _codes() -> list[str]:
    rows = list(Entry.objects.order_by("code").values_list("code", flat=True))
    return random.Random(1).sample(rows, 2_000)


def _kinds() -> dict[str, list[str]]:
    """What people type, of names drawn at random: three to six characters in a row, of what tells one from the others,
    its place and its brand; as many initials, four at least; its first six characters with one of them another."""
    dice = random.Random(2)
    names = list(Entry.objects.order_by("code").values_list("summary__name", flat=True))
    kinds: dict[str, list[str]] = {"part of a name": [], "initials": [], "a name with a slip": []}
    for name in dice.sample(names, QUERIES):
        many = dice.randint(3, 6)
        begin = dice.randrange(4)
        kinds["part of a name"].append(name[begin : begin + many])
        kinds["initials"].append(sound(fold(name)).initials[: max(many, 4)])
        wrong = dice.randint(1, 4)
        kinds["a name with a slip"].append(f"{name[:wrong]}龘{name[wrong + 1 : 6]}")
    return kinds


def _paths(name: str, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is asked of us, and of datasette."""
    search = _datasette.near if "slip" in name else _datasette.path
    return [LOOK_UP.format(word(one)) for one in words], [search(one) for one in words]


def _by_code(port: int, codes: Sequence[str]) -> Row:
    ours, bare = Answered(), Answered()
    for turn in range(ROUNDS + 1):
        one = asked(port, [f"/api/v1/public/agencies/{code}/" for code in codes], SECONDS / 2)
        other = asked(port, [f"/bare/{code}/" for code in codes], SECONDS / 2)
        if turn:  # the first warms both up
            ours.add(one)
            bare.add(other)
    return Row(
        "public agency answer by code: rate against a bare Django view with one indexed read on the same server",
        ours.rate / bare.rate,
        0.8,
        at_least=True,
        details={"ours_per_s": round(ours.rate), "bare_per_s": round(bare.rate), "p99_ms": round(ours.p99, 1)},
    )


def _beside(port: int, other_port: int, name: str, words: Sequence[str]) -> Row:
    ours, other = Answered(), Answered()
    our_paths, other_paths = _paths(name, words)
    for turn in range(ROUNDS + 1):
        one, two = asked(port, our_paths, SECONDS), asked(other_port, other_paths, SECONDS)
        if turn:
            ours.add(one)
            other.add(two)
    return Row(
        f"look-up by {name}, facets included: rate against datasette with full-text search",
        ours.rate / other.rate,
        2.0,
        at_least=True,
        details={
            "ours_per_s": round(ours.rate, 1), "datasette_per_s": round(other.rate, 1),
            "ours_p99_ms": round(ours.p99), "datasette_p99_ms": round(other.p99),
        },
    )  # fmt: skip


def _timed(port: int, codes: Sequence[str], kinds: dict[str, list[str]]) -> dict[str, Answered]:
    """One reader alone, so that a time is that of an answer and not of a queue."""
    paths = {"code": [f"/api/v1/public/agencies/{code}/" for code in codes]}
    paths |= {name: _paths(name, words)[0] for name, words in kinds.items()}
    for some in paths.values():
        asked(port, some, SECONDS / 4, 1)
    return {name: asked(port, some, SECONDS, 1) for name, some in paths.items()}
