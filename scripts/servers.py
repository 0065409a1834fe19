"""Private PostgreSQL and Redis servers for tests and benchmarks: loopback only, in a temporary folder, stopped by pid.

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
from pathlib import Path

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


@contextlib.contextmanager
def running(
    command: list[str], *, log: Path, user: str | None, stop: signal.Signals
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in its own session; at the end send `stop`, and kill it where that is not enough."""
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=log.parent,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    try:
        yield server
    finally:
        server.send_signal(stop)
        try:
            server.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_until(ready: Callable[[], bool], server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers; raises RuntimeError with its log where it stops or stays silent."""
    give_up = time.monotonic() + READY_WITHIN
    while not ready():
        if server.poll() is not None or time.monotonic() > give_up:
            raise RuntimeError(f"{server.args!r} did not start:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.05)


@contextlib.contextmanager
def temporary_folder(prefix: str, user: str | None) -> Iterator[Path]:
    """A temporary folder that belongs to `user` (where one is named), removed at the end."""
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        if user:
            shutil.chown(name, user, user)
        yield Path(name)


@contextlib.contextmanager
def private_postgres(*, durable: bool = False) -> Iterator[str]:
    """Run a PostgreSQL with C.UTF-8 and an empty database; yield its `postgresql://` address.

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
        data, log, port = folder / "data", folder / "log", free_port()
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
        # SIGINT is PostgreSQL's fast shutdown: it ends sessions instead of waiting for them.
        with running(command, log=log, user=user, stop=signal.SIGINT) as server:
            question = [str(ready), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "portal", "-d", "postgres"]
            wait_until(lambda: subprocess.run(question).returncode == 0, server, log)
            yield f"postgresql://portal@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def private_redis() -> Iterator[str]:
    """Run a Redis that keeps nothing on disk; yield its `redis://` address, to which `/number` can be added."""
    program = shutil.which("redis-server")
    if not program:
        raise ServerMissing("Redis is not installed (package redis-server)")
    with temporary_folder("portal-redis-", None) as folder:
        port, log = free_port(), folder / "log"
        command = [program, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
        command += ["--save", "", "--appendonly", "no", "--databases", "64"]

        def answers() -> bool:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            return False

        with running(command, log=log, user=None, stop=signal.SIGTERM) as server:
            wait_until(answers, server, log)
            yield f"redis://127.0.0.1:{port}"


@contextlib.contextmanager
def both_servers() -> Iterator[dict[str, str]]:
    """Run both servers; yield the environment under which the test settings use them."""
    with private_postgres() as database, private_redis() as redis:
        yield {"PORTAL_DATABASE_URL": database, "PORTAL_TEST_REDIS": redis}


def main(command: list[str]) -> int:
    """Run one command with both servers; return its exit status."""
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    with both_servers() as environment:
        return subprocess.run(command, env={**os.environ, **environment}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
