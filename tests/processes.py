"""Real web, worker and beat processes on the test's database, to be stopped or killed at will."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from django.conf import settings
from django.db import connection

from scripts.servers import die_with_parent, free_port

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 40  # seconds


@dataclass
class Running:
    """One process group, with its log."""

    process: subprocess.Popen[bytes]
    log: Path
    ready: Callable[["Running"], bool]
    address: str = ""

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole group; nothing happens where it is gone already."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def wait_until_ready(self) -> None:
        """Raises RuntimeError with its log where it does not get there."""
        give_up = time.monotonic() + READY_WITHIN
        while not self.ready(self):
            if not self.alive or time.monotonic() > give_up:
                raise RuntimeError(
                    f"{self.process.args} did not start:\n{self.log.read_text(errors='replace')[-4000:]}"
                )
            time.sleep(0.05)

    def pids(self) -> list[int]:
        """The process and all that it has started."""
        found = [self.process.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        return found

    def kill(self) -> None:
        """Kill the whole group with -9, as a power cut would."""
        self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask the group to end; kill it after 10 seconds."""
        self.signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


def database_address() -> str:
    """The address of the database that this process's Django uses."""
    database = connection.settings_dict
    return f"postgresql://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


def own_environment() -> dict[str, str]:
    """The environment in which another process works with this one's database, files and keys."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "anyang_sep.settings.test",
        "PORTAL_DATABASE_URL": database_address(),
        "PORTAL_VAR": str(settings.VAR_DIR),
        "PORTAL_TEST_FIELD_KEY": settings.FIELD_KEYS[0],
    }


# Worker and beat say that they are ready in lines of this level.
TOLD = {"PORTAL_LOG_LEVEL": "INFO"}


@dataclass
class Processes:
    """Starts the portal's processes in one environment and stops what is left at the end."""

    environment: Mapping[str, str]
    folder: Path
    started: list[Running] = field(default_factory=list)

    def start(self, name: str, command: str, ready: Callable[[Running], bool], *, wait: bool = True) -> Running:
        """Start a program of the virtual environment and wait until it is ready.

        Raises RuntimeError with its log where it does not get there.
        """
        program, *arguments = shlex.split(command)
        log = self.folder / f"{name}-{len(self.started)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(BIN / program), *arguments],
                cwd=ROOT,
                env={**self.environment, **(TOLD if program == "celery" else {})},
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        running = Running(process, log, ready)
        self.started.append(running)
        if wait:
            running.wait_until_ready()
        return running

    def start_all(self) -> tuple[Running, Running, Running]:
        """Start web, worker and beat side by side."""
        found = self.start_web(wait=False), self.start_worker(wait=False), self.start_beat(wait=False)
        for one in found:
            one.wait_until_ready()
        return found

    def start_worker(self, *, wait: bool = True) -> Running:
        """Start a Celery worker and wait until it takes jobs."""
        return self.start(
            "worker",
            f"celery --app anyang_sep worker --pool solo --loglevel info --hostname t{len(self.started)}@%h"
            " --without-gossip --without-mingle --without-heartbeat",
            lambda running: " ready." in running.log.read_text(errors="replace"),
            wait=wait,
        )

    def start_beat(self, *, wait: bool = True) -> Running:
        """Start beat with the real schedule and wait until it runs."""
        return self.start(
            "beat",
            f"celery --app anyang_sep beat --loglevel info --pidfile= --schedule {self.folder / 'beat-schedule'}",
            lambda running: "beat: Starting" in running.log.read_text(errors="replace"),
            wait=wait,
        )

    def start_web(self, *, wait: bool = True) -> Running:
        """Start granian on a free loopback port and wait until it answers; `address` says where."""
        port = free_port()
        address = f"http://127.0.0.1:{port}"

        def answers(running: Running) -> bool:
            try:
                urlopen(address, timeout=2).close()
            except HTTPError:
                return True
            except (URLError, OSError):
                return False
            return True

        running = self.start(
            "web",
            f"granian --interface wsgi --host 127.0.0.1 --port {port} --workers 1 --blocking-threads 8 --no-ws"
            " anyang_sep.wsgi:application",
            answers,
            wait=wait,
        )
        running.address = address
        return running

    def close(self) -> None:
        """Stop whatever still runs."""
        for running in self.started:
            if running.alive:
                running.stop()
