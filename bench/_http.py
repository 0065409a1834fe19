"""A server of another process, and many readers asking it at once."""

import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

Process = subprocess.Popen[bytes]
READERS = 8
PATIENCE = 60  # seconds until a server answers


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def served(command: Sequence[str], port: int, environment: Mapping[str, str], cwd: Path) -> Iterator[Process]:
    """Run a server until the block ends; it has begun to answer."""
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, env=dict(environment), cwd=cwd, stdout=silent, stderr=silent)
    try:
        _await(port, process)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{process.args} does not answer")


def resident(process: Process) -> int:
    """Kilobytes of memory that a server and its children hold."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return sum(_resident(pid) for pid in (str(process.pid), *children))


def _resident(pid: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


@dataclass
class Answered:
    """How long each answer took, in seconds, and how long all of it lasted."""

    times: list[float] = field(default_factory=list)
    lasted: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.lasted

    @property
    def p99(self) -> float:
        """Milliseconds within which 99 of 100 were answered."""
        return statistics.quantiles(self.times, n=100)[98] * 1000

    @property
    def median(self) -> float:
        """Milliseconds within which half were."""
        return statistics.median(self.times) * 1000

    def add(self, other: "Answered") -> None:
        """Take another round to it."""
        self.times += other.times
        self.lasted += other.lasted


def asked(port: int, paths: Sequence[str], seconds: float, readers: int = READERS) -> Answered:
    """Let so many readers ask for these paths in turn, each its own share, for so long. An answer other than 200 is an
    error."""
    answered = Answered()
    failed: list[str] = []
    end = time.monotonic() + seconds

    def read(share: Sequence[str]) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=600)
        for path in cycle(share):
            if time.monotonic() > end or failed:
                break
            begun = time.perf_counter()
            connection.request("GET", path, headers={"Accept": "application/json"})
            answer = connection.getresponse()
            answer.read()
            answered.times.append(time.perf_counter() - begun)
            if answer.status != 200:
                failed.append(f"{answer.status} {path}")
        connection.close()

    threads = [threading.Thread(target=read, args=(paths[n::readers],)) for n in range(readers)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(failed[0])
    answered.lasted = time.monotonic() - begun
    return answered


def word(text: str) -> str:
    """A text as it stands in an address."""
    return quote(text, safe="")
