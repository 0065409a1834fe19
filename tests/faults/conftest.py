"""Racers: processes of their own that act at the same moment on the test's PostgreSQL database."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from filings.models import SerialBlock
from scripts.servers import die_with_parent
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
        database = connection.settings_dict
        address = f"postgresql://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
        with (self.folder / f"racer-{time.monotonic_ns()}.log").open("w") as log:
            racer = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.racer"],
                cwd=ROOT,
                env={
                    **os.environ,
                    "DJANGO_SETTINGS_MODULE": "anyang_sep.settings.test",
                    "PORTAL_DATABASE_URL": address,
                    "PORTAL_VAR": str(settings.VAR_DIR),
                    "PORTAL_TEST_FIELD_KEY": settings.FIELD_KEYS[0],
                    "PORTAL_LOG_LEVEL": "WARNING",
                },
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
    world = make_world()
    SerialBlock.objects.create(first=1000, last=9999, next=1000, source="省中心批复", granted_on=SINCE)
    return world
