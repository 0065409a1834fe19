"""Private PostgreSQL, Redis, virus scanner, for tests and benchmarks: loopback, a temporary folder, stopped by pid.

python -m scripts.servers pytest -m postgres_only     runs one command with both
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

# The virus scanner's settings in production; without what is another one here.
CLAMD_CONF = Path(__file__).parent.parent / "clamd.conf"
CLAMD_PLACES = ("User", "LocalSocket")
READY_WITHIN = 30  # seconds
STOPPED_WITHIN = 15  # seconds
SET_PARENT_DEATH_SIGNAL = 1  # prctl's PR_SET_PDEATHSIG
# Nothing a test writes has to survive a power cut; benchmarks keep the server's own settings.
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class ServerMissing(RuntimeError):
    """The server's program is not on this machine; the message names the package."""


def free_port() -> int:
    """Return a TCP port that is free on the loopback address just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def postgres_program(name: str) -> Path:
    """Return the path of a PostgreSQL program, the newest version's; raises ServerMissing."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    if found:
        return found[-1]
    if elsewhere := shutil.which(name):
        return Path(elsewhere)
    raise ServerMissing("PostgreSQL is not installed (package postgresql)")


def die_with_parent() -> None:
    """Ask the kernel to stop this process when its parent goes, so that not even kill -9 leaves a server behind."""
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGINT)


@dataclass
class Server:
    """A server that can be stopped and started again at the same address, as by an operator or a power cut.

    end: the signal that asks it to stop without waiting for its clients.
    """

    command: list[str]
    address: str
    log: Path
    answers: Callable[[], bool]
    end: signal.Signals
    user: str | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in its own session and wait until it answers; raises RuntimeError with its log where it does not."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=self.log.parent,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        give_up = time.monotonic() + READY_WITHIN
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"{self.command!r} did not start:\n{self.log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals | None = None) -> None:
        """Stop it by its own signal or another; kill it where that is not enough."""
        if self.process is None:
            return
        self.process.send_signal(how or self.end)
        try:
            self.process.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@contextlib.contextmanager
def temporary_folder(prefix: str, user: str | None) -> Iterator[Path]:
    """A temporary folder that belongs to `user` (where one is named), removed at the end."""
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        if user:
            shutil.chown(name, user, user)
        yield Path(name)


@contextlib.contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[Server]:
    """Run a PostgreSQL with C.UTF-8 and an empty database; `address` is a `postgresql://` one.

    Runs as the postgres user when root (the server refuses root). Raises ServerMissing.
    """
    initdb, postgres, ready = (postgres_program(name) for name in ("initdb", "postgres", "pg_isready"))
    user = None
    if os.geteuid() == 0:
        try:
            user = pwd.getpwnam("postgres").pw_name
        except KeyError:
            raise ServerMissing("there is no user `postgres` to run PostgreSQL as (package postgresql)") from None
    with temporary_folder("portal-postgres-", user) as folder:
        data, port = folder / "data", free_port()
        made = subprocess.run(
            [initdb, "-D", data, "-U", "portal", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
            cwd=folder,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise RuntimeError(f"initdb: {made.stdout}{made.stderr}")
        options = ["listen_addresses=127.0.0.1", "max_connections=100", *(() if durable else NOT_DURABLE)]
        command = [str(postgres), "-D", str(data), "-k", str(folder), "-p", str(port)]
        command += [part for option in options for part in ("-c", option)]
        question = [str(ready), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "portal", "-d", "postgres"]

        def answers() -> bool:
            return subprocess.run(question).returncode == 0

        address = f"postgresql://portal@127.0.0.1:{port}/postgres"
        # SIGINT is PostgreSQL's fast shutdown: it ends sessions instead of waiting for them.
        with Server(command, address, folder / "log", answers, end=signal.SIGINT, user=user) as server:
            yield server


@contextlib.contextmanager
def redis_server() -> Iterator[Server]:
    """Run a Redis that keeps nothing on disk; `/number` may follow its `redis://` address. Raises ServerMissing."""
    program = shutil.which("redis-server")
    if not program:
        raise ServerMissing("Redis is not installed (package redis-server)")
    with temporary_folder("portal-redis-", None) as folder:
        port = free_port()
        command = [program, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
        command += ["--save", "", "--appendonly", "no", "--databases", "64"]

        def answers() -> bool:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            return False

        with Server(command, f"redis://127.0.0.1:{port}", folder / "log", answers, end=signal.SIGTERM) as server:
            yield server


@contextlib.contextmanager
def clamd_server(signatures: str) -> Iterator[Server]:
    """Run a virus scanner that knows these signatures alone (ClamAV's .ndb, a line each), with production's limits; its
    address is a `clamd://` one. Raises ServerMissing."""
    program = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if not program:
        raise ServerMissing("ClamAV is not installed (package clamav-daemon)")
    with temporary_folder("portal-clamd-", None) as folder:
        port, known = free_port(), folder / "known"
        known.mkdir()
        (known / "own.ndb").write_text(signatures)
        configuration = folder / "clamd.conf"
        options: dict[str, object] = {name: value for name, value in _production_clamd() if name not in CLAMD_PLACES}
        options |= {"TCPAddr": "127.0.0.1", "TCPSocket": port, "DatabaseDirectory": known, "TemporaryDirectory": folder}
        configuration.write_text("".join(f"{name} {value}\n" for name, value in options.items()))

        def answers() -> bool:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"nPING\n")
                return connection.recv(16).startswith(b"PONG")
            return False

        command = [program, "--config-file", str(configuration)]
        with Server(command, f"clamd://127.0.0.1:{port}", folder / "log", answers, end=signal.SIGTERM) as server:
            yield server


def _production_clamd() -> Iterator[tuple[str, str]]:
    """Each setting of clamd.conf."""
    for line in CLAMD_CONF.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, value = line.split(maxsplit=1)
            yield name, value


@contextlib.contextmanager
def both_servers() -> Iterator[dict[str, str]]:
    """Run both servers; yield the environment under which the test settings use them."""
    with postgres_server() as database, redis_server() as redis:
        yield {"PORTAL_DATABASE_URL": database.address, "PORTAL_TEST_REDIS": redis.address}


def main(command: list[str]) -> int:
    """Run one command with both servers; return its exit status."""
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    with both_servers() as environment:
        return subprocess.run(command, env={**os.environ, **environment}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
