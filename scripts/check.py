"""Runs everything that must hold, step by step, and says at the end what passed, failed and could not run.

    python -m scripts.check                   everything (`make test`)
    python -m scripts.check lint              one group: lint, sqlite, postgres, browser, demo, faults
    python -m scripts.check lint postgres     several

With CI=true whatever could not run, and every skipped test, fails the run.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from scripts.servers import ServerMissing, both_servers, postgres_program
from scripts.setup import ROOT

PYTHON = sys.executable
REPORTS = ROOT / "var" / "reports"
SOURCES = ("regulation", "core", "filings", "registry", "desks", "anyang_sep", "scripts", "bench", "tests", "manage.py")
GROUPS = ("lint", "sqlite", "postgres", "browser", "demo", "faults")
# `make faults` runs for long and has its own command.
USUAL = tuple(group for group in GROUPS if group != "faults")


class CannotRun(Exception):
    """A step lacks something on this machine; the message names it."""


@dataclass
class Counts:
    """What one pytest run counted, from its JUnit report."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """One thing to check: a command, or the tests marked so."""

    group: str
    name: str
    command: tuple[str, ...] = ()
    servers: bool = False
    marked: str = ""  # a pytest run: which tests, by marker expression
    environment: tuple[tuple[str, str], ...] = ()
    processes: int = 2  # of pytest


@dataclass
class Outcome:
    """How a step went: "passed", "failed" or "not run", with seconds and a word why."""

    step: Step
    state: str
    seconds: float
    why: str = ""
    tests: Counts | None = None


def module(name: str, *arguments: str) -> tuple[str, ...]:
    return (PYTHON, "-m", name, *arguments)


def typed_paths() -> tuple[str, ...]:
    """Return what mypy judges: regulation/, core/ and every workflow, be it a file or a folder."""
    found = [*ROOT.glob("[!.]*/workflow.py"), *ROOT.glob("[!.]*/workflow/__init__.py")]
    workflows = sorted(
        {str((p if p.name == "workflow.py" else p.parent).relative_to(ROOT)) for p in found} - {"core/workflow"}
    )
    return ("regulation", "core", *workflows)


def need_chromium() -> None:
    from tests.browsing import chromium_path

    if chromium_path() is None:
        raise CannotRun("there is no Chromium (package chromium-headless-shell)")


def steps() -> list[Step]:
    """Return all steps; those that are no tests are begun before the tests, the longest, the demo, first of all."""
    existing = tuple(name for name in SOURCES if (ROOT / name).exists())
    return [
        Step("demo", "demo comes up", module("scripts.demo", "--try")),
        Step("lint", "format", module("ruff", "format", "--check", *existing)),
        Step("lint", "lint", module("ruff", "check", "--output-format", "concise", *existing)),
        Step("lint", "templates", module("djlint", "templates", "--lint", "--quiet")),
        Step("lint", "layers", (str(Path(PYTHON).parent / "lint-imports"), "--no-cache")),
        Step("lint", "types", module("mypy", *typed_paths())),
        Step("lint", "migrations", (PYTHON, "manage.py", "makemigrations", "--check", "--dry-run")),
        Step("lint", "OpenAPI", module("scripts.openapi_drift")),
        Step("sqlite", "tests on SQLite", marked="not browser and not postgres_only and not jobs and not faults"),
        Step(
            "postgres",
            "tests on PostgreSQL",
            servers=True,
            marked="not browser and not any_engine",
            processes=3,  # one waits for the processes that it starts and kills
        ),
        Step("browser", "browser tests", servers=True, marked="browser", processes=3),  # they wait for each other
        Step("faults", "production comes up", module("scripts.production_like", "--try")),
        Step("faults", "all on PostgreSQL", servers=True, marked="not browser and not faults"),
        Step(
            "faults",
            "faults, long",
            servers=True,
            marked="faults",
            environment=(("FAULTS", "long"),),
        ),
    ]


def migrated_template(environment: dict[str, str]) -> dict[str, str]:
    """Migrate a database that every test process copies, instead of each migrating its own; return how it is told."""
    server, _, _ = environment["PORTAL_DATABASE_URL"].rpartition("/")
    subprocess.run([postgres_program("createdb"), "--maintenance-db", f"{server}/postgres", "migrated"], check=True)
    migrate = [PYTHON, "manage.py", "migrate", "--verbosity", "0"]
    told = {**os.environ, "DJANGO_SETTINGS_MODULE": "anyang_sep.settings.test"}
    subprocess.run(migrate, cwd=ROOT, env=told | {"PORTAL_DATABASE_URL": f"{server}/migrated"}, check=True)
    return {"PORTAL_TEST_TEMPLATE": "migrated"}


def pytest_command(step: Step, report: Path) -> tuple[str, ...]:
    """Return the pytest command of a step; a long fault loop has no time limit for each test."""
    return module(
        "pytest",
        "-q",
        "-m",
        step.marked,
        f"--junitxml={report}",
        "-n",
        str(step.processes),
        "--dist",
        "worksteal",
        *(("--timeout=0",) if step.group == "faults" else ()),
    )


def read_report(report: Path) -> Counts:
    """Read pytest's JUnit report."""
    tests = Counts()
    if not report.exists():
        return tests
    for case in ElementTree.parse(report).iter("testcase"):  # our own file
        kinds = {child.tag: child for child in case}
        if "failure" in kinds or "error" in kinds:
            tests.failed += 1
        elif "skipped" in kinds:
            why = kinds["skipped"].get("message", "")
            tests.skipped.append(f"{case.get('classname')}.{case.get('name')}: {why}")
        else:
            tests.passed += 1
    return tests


def headed(step: Step, said: str = "") -> None:
    print(f"\n── {step.name} {'─' * max(0, 76 - len(step.name))}\n{said}", end="", flush=True)


# What runs just now, so that it ends where the whole does.
_running: set[subprocess.Popen[bytes]] = set()


def run(command: tuple[str, ...], environment: dict[str, str], **more: Any) -> tuple[int, str]:
    """Run a command to its end; return its exit status and, where it was asked for, what it said."""
    with subprocess.Popen(command, cwd=ROOT, env=environment, **more) as process:
        _running.add(process)
        try:
            said, _ = process.communicate()
        finally:
            _running.discard(process)
    return process.returncode, (said or b"").decode(errors="replace")


def stop(*_: object) -> None:
    """End what runs, then this: on SIGTERM (a time limit, for instance) as on Ctrl-C, so that the servers stop."""
    for process in list(_running):
        process.terminate()
    sys.exit(143)


def perform(step: Step, servers: Callable[[], dict[str, str]] | None = None) -> Outcome:
    """Run one step and say how it went: the tests as they go, anything else when it has ended."""
    if step.marked:
        headed(step)
    begun = time.monotonic()
    tests: Counts | None = None

    def outcome(state: str, why: str = "") -> Outcome:
        return Outcome(step, state, time.monotonic() - begun, why, tests)

    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "anyang_sep.settings.test",
        **dict(step.environment),
    }
    try:
        if step.servers:
            assert servers is not None, "tests alone have servers"
            environment |= servers()
        if step.group == "browser":
            need_chromium()
        if not step.marked:
            status, said = run(step.command, environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            headed(step, said)
            return outcome("failed", f"exit status {status}") if status else outcome("passed")
        report = REPORTS / f"{step.group}-{step.name.replace(' ', '-')}.xml"
        report.unlink(missing_ok=True)
        status, _ = run(pytest_command(step, report), environment)
        tests = read_report(report)
        if status == 5:  # pytest: nothing collected
            return outcome("not run", "no test is marked so")
        return outcome("failed", f"exit status {status}") if status else outcome("passed")
    except (CannotRun, ServerMissing) as missing:
        return outcome("not run", str(missing))


def summarise(outcomes: list[Outcome], seconds: float) -> bool:
    """Print the table of steps, what was skipped, and a closing line as pytest has it; return whether all is well."""
    strict = os.environ.get("CI", "").lower() in {"1", "true"}
    signs = {"passed": "ok", "failed": "FAILED", "not run": "NOT RUN"}
    skipped = [name for outcome in outcomes if outcome.tests for name in outcome.tests.skipped]
    passed = sum(outcome.tests.passed for outcome in outcomes if outcome.tests)
    failed = sum(outcome.tests.failed for outcome in outcomes if outcome.tests)
    print("\n" + "═" * 80)
    for outcome in outcomes:
        counted = f"{outcome.tests.passed} passed" if outcome.tests else ""
        detail = ", ".join(part for part in (counted, outcome.why) if part)
        print(f"{signs[outcome.state]:8} {outcome.step.name:24} {outcome.seconds:7.1f} s  {detail}")
    if any(outcome.step.group == "sqlite" for outcome in outcomes):
        print("SQLite leaves out what is marked postgres_only, jobs, faults or browser; PostgreSQL runs all of it.")
        print(
            "PostgreSQL leaves out what is marked any_engine (plain Python, searches by chance, pages and API over a"
            " workflow that it runs); SQLite runs all of it, and `make faults` runs it on PostgreSQL too."
        )
    for name in skipped:
        print(f"skipped: {name}")
    broken = [outcome for outcome in outcomes if outcome.state == "failed"]
    absent = [outcome for outcome in outcomes if outcome.state == "not run"]
    for outcome in absent:
        print(f"could not run: {outcome.step.name} ({outcome.why})")
    well = not broken and not (strict and (absent or skipped))
    # A step that failed without a failed test (lint, or pytest itself breaking down) counts as one failure.
    failed += sum(1 for outcome in broken if outcome.tests is None or not outcome.tests.failed)
    others = [outcome for outcome in outcomes if not outcome.step.marked]
    counts = [f"{failed} failed"] if failed else []
    counts += [f"{passed + sum(outcome.state == 'passed' for outcome in others)} passed"]
    counts += [f"{len(skipped)} skipped"] if skipped else []
    counts += [f"{len(absent)} not run"] if absent else []
    print(f"{'=' * 20} {', '.join(counts)} in {seconds:.2f}s {'=' * 20}")
    return well


def main(arguments: list[str]) -> int:
    """Run the groups named, or the usual ones; return an exit status."""
    if unknown := set(arguments) - set(GROUPS):
        print(f"unknown: {', '.join(sorted(unknown))}\n{__doc__}", file=sys.stderr)
        return 2
    wanted = set(arguments or USUAL)
    signal.signal(signal.SIGTERM, stop)
    REPORTS.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    with contextlib.ExitStack() as stack:
        started: dict[str, str] = {}

        def servers() -> dict[str, str]:
            if not started:
                started.update(stack.enter_context(both_servers()))
                started.update(migrated_template(started))
            return started

        chosen = [step for step in steps() if step.group in wanted]
        # The tests take all cores; what is one process goes two at a time, before them.
        with ThreadPoolExecutor(2) as two:
            outcomes = list(two.map(perform, (step for step in chosen if not step.marked)))
        outcomes += [perform(step, servers) for step in chosen if step.marked]
    return 0 if summarise(outcomes, time.monotonic() - begun) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
