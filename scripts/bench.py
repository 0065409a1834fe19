"""Measures ratios in one run: a table on the screen, and var/bench.json (`make bench`).

    python -m scripts.bench              every file in bench/
    python -m scripts.bench receipts     one of them

Each file in bench/ runs in a process of its own, on a PostgreSQL database of its own (migrated, empty) that keeps the
server's durable settings, and a Redis. Its functions named bench_… take no arguments and yield a `Row` for each ratio.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from scripts.servers import ServerMissing, postgres_server, redis_server
from scripts.setup import ROOT

BENCHES = ROOT / "bench"
RESULTS = ROOT / "var" / "bench.json"


@dataclass(frozen=True)
class Row:
    """One ratio: good at `goal` or below (`at_least`: or above); `details` are the times behind it."""

    name: str
    ratio: float
    goal: float
    at_least: bool = False
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal


def measure(name: str, results: Path) -> int:
    """In a process of its own: run one file of bench/ and write its rows; return an exit status."""
    import django

    django.setup()
    rows: list[Row] = []
    module = importlib.import_module(f"bench.{name}")
    for title, function in vars(module).items():
        if title.startswith("bench_") and callable(function):
            print(f"  {name}.{title} …", file=sys.stderr, flush=True)
            rows.extend(function())
    results.write_text(json.dumps([{**asdict(row), "ok": row.ok} for row in rows]), encoding="utf-8")
    return 0


def databases(server: str, names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield (name, address) of a migrated database for each name, copied from one that is migrated once."""
    base = server.rsplit("/", 1)[0]
    environment = {**os.environ, "PORTAL_DATABASE_URL": server}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)
    connection = psycopg2.connect(f"{base}/template1")
    connection.autocommit = True
    for name in names:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "bench_{name}" TEMPLATE postgres')
        yield name, f"{base}/bench_{name}"
    connection.close()


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows as a table."""
    lines = [f"{'':6} {'ratio':>8} {'goal':>9}  what"]
    for row in rows:
        goal = f"{'≥' if row['at_least'] else '≤'} {row['goal']:g}"
        details = "  ".join(f"{key} {value}" for key, value in row["details"].items())
        lines.append(f"{'ok' if row['ok'] else 'MISSED':6} {row['ratio']:8.3f} {goal:>9}  {row['name']}  {details}")
    return "\n".join(lines)


def run(names: list[str]) -> int:
    """Measure the files named; return 1 where a goal is missed or a file fails."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "anyang_sep.settings.test"
    os.environ.setdefault("PORTAL_LOG_LEVEL", "WARNING")
    rows: list[dict[str, Any]] = []
    failed: list[str] = []
    begun = time.monotonic()
    with postgres_server(durable=True) as server, redis_server() as redis, tempfile.TemporaryDirectory() as folder:
        for name, database in databases(server.address, names):
            results = Path(folder) / f"{name}.json"
            environment = {**os.environ, "PORTAL_DATABASE_URL": database, "PORTAL_BROKER_URL": redis.address}
            command = [sys.executable, "-m", "scripts.bench", "--measure", name, str(results)]
            if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
                failed.append(name)
            else:
                rows += json.loads(results.read_text(encoding="utf-8"))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"rows": rows, "failed": failed}, ensure_ascii=False, indent=1), encoding="utf-8")
    print(table(rows))
    for name in failed:
        print(f"FAILED bench/{name}.py")
    missed = [row for row in rows if not row["ok"]]
    print(f"{len(rows) - len(missed)} of {len(rows)} goals met in {time.monotonic() - begun:.0f} s")
    return 1 if missed or failed else 0


def main(arguments: list[str]) -> int:
    """Measure all or the files named; return an exit status."""
    if arguments[:1] == ["--measure"]:
        return measure(arguments[1], Path(arguments[2]))
    known = sorted(path.stem for path in BENCHES.glob("*.py") if not path.stem.startswith("_"))
    if unknown := set(arguments) - set(known):
        print(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    try:
        return run(arguments or known)
    except ServerMissing as missing:
        print(f"bench: {missing}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
