"""Racers: processes of their own that act at the same moment on the test's PostgreSQL database."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from core.calendars.models import CalendarYear, YearStatus
from core.clock.clock import today
from filings.models import SerialBlock
from scripts.servers import die_with_parent
from tests.mailing import MailServer, mail_server
from tests.processes import Processes, own_environment
from tests.world import SINCE, World, make_world

ROOT = Path(__file__).resolve().parent.parent.parent
# How far apart two acts of a race may start, in seconds: about as long as one of them takes.
APART = 0.03


@dataclass
class Answer:
    """What became of one act: "done", or the refusal's name with its reasons (code, sentence)."""

    outcome: str
    reasons: list[list[str]]

    @property
    def codes(self) -> set[str]:
        return {code for code, _ in self.reasons}


@dataclass
class Racers:
    """Processes that wait for orders."""

    folder: Path
    chance: random.Random = field(default_factory=lambda: random.Random(int(os.environ.get("FAULTS_SEED", "2026"))))
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self) -> subprocess.Popen[str]:
        with (self.folder / f"racer-{time.monotonic_ns()}.log").open("w") as log:
            racer = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.racer"],
                cwd=ROOT,
                env=own_environment() | {"PORTAL_LOG_LEVEL": "WARNING"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                preexec_fn=die_with_parent,
            )
        self.started.append(racer)
        return racer

    def race(self, *orders: dict[str, Any]) -> list[Answer]:
        """Let each order be carried out by a process of its own, at nearly the same moment; return their answers."""
        while len(self.started) < len(orders):
            self.start()
        for racer in self.started:
            if not hasattr(racer, "is_ready"):
                racer.is_ready = self._line(racer) == "ready"
        start = time.time() + 0.02
        for racer, order in zip(self.started, orders, strict=False):
            line = json.dumps({"at": start + self.chance.uniform(0, APART), **order}, default=str)
            racer.stdin.write(line + "\n")
            racer.stdin.flush()
        return [Answer(**json.loads(self._line(racer))) for racer in list(self.started[: len(orders)])]

    def _line(self, racer: subprocess.Popen[str]) -> str:
        if line := racer.stdout.readline().strip():
            return line
        self.started.remove(racer)  # the next test starts another
        logs = "\n".join(log.read_text()[-3000:] for log in sorted(self.folder.glob("racer-*.log")))
        raise AssertionError(f"a racer ended:\n{logs}")

    def close(self) -> None:
        for racer in self.started:
            racer.stdin.close()
            try:
                racer.wait(10)
            except subprocess.TimeoutExpired:
                racer.kill()
                racer.wait()
            racer.stdout.close()


@pytest.fixture(scope="module")
def racers(django_db_setup, tmp_path_factory) -> Iterator[Racers]:
    """Processes that act at the same moment; started once for all tests of a module."""
    running = Racers(tmp_path_factory.mktemp("racers"))
    yield running
    running.close()


@pytest.fixture
def crowd(transactional_db) -> World:
    """The small world, with filing codes enough for many rounds."""
    return make_crowd()


def make_crowd() -> World:
    """Make the small world and a block of filing codes."""
    world = make_world()
    SerialBlock.objects.create(first=1000, last=9999, next=1000, source="省中心批复", granted_on=SINCE)
    return world


@pytest.fixture
def chance() -> random.Random:
    return random.Random(int(os.environ.get("FAULTS_SEED", "2026")))


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def portal(processes: Processes, mail: MailServer) -> Iterator[Processes]:
    """Processes that send their mail to the test's server."""
    with faulty(processes.environment, mail, processes.folder) as running:
        yield running


@contextmanager
def faulty(environment: Mapping[str, str], mail: MailServer, folder: Path) -> Iterator[Processes]:
    """Let processes be started in an environment with the settings of fault tests; stop what is left at the end."""
    more = {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "PORTAL_TEST_SMTP_PORT": str(mail.port),
        "PORTAL_LOG_LEVEL": "WARNING",
    }
    running = Processes({**environment, **more}, folder)
    try:
        yield running
    finally:
        running.close()


@pytest.fixture
def now_world(crowd: World) -> World:
    """The small world as it may be today."""
    return as_of_today(crowd)


def as_of_today(crowd: World) -> World:
    """Give a world this year's plain weeks, so that clocks of these days may lapse, and its officers mail."""
    for year in (today().year - 1, today().year, today().year + 1):
        CalendarYear.objects.get_or_create(year=year, defaults={"status": YearStatus.ANNOUNCED, "source": "样例"})
    for name in ("county handler", "county chief", "centre handler"):
        user = crowd.people[name].user
        user.email = f"{name.replace(' ', '-')}@example.org"
        user.save()
    return crowd
