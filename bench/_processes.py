"""Works that begin at one moment, in threads of several processes, and when each began and ended."""

import importlib
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from django.db import connection

LONGEST = 120  # seconds that one waits for the others to begin

# When each began and ended, by the clock that all processes share.
Times = list[tuple[float, float]]
Work = Callable[[], object]


def at_once(works: list[tuple[Work, Work]], gate: Any) -> Times:
    """Let them all begin when the gate opens, each in a thread; return when each began and ended. Raises what one of
    them raised. works: what each does before, not measured, and what it does."""
    times: Times = []
    failures: list[Exception] = []

    def run(before: Work, work: Work) -> None:
        before()
        gate.wait(LONGEST)
        begin = time.perf_counter()
        try:
            work()
            times.append((begin, time.perf_counter()))
        except Exception as failure:  # noqa: BLE001 - raised again below, in the thread that asked
            failures.append(failure)
        connection.close()  # this thread's own, where it opened one

    threads = [threading.Thread(target=run, args=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return times


def told(work: Callable[[], Times]) -> Times | str:
    """What a process tells: its times, or what failed."""
    try:
        return work()
    except Exception as failure:  # noqa: BLE001 - raised by the process that asked
        return repr(failure)


def seconds(ends: list[Connection]) -> float:
    """Return the seconds from the first one's beginning to the last one's end. Raises RuntimeError."""
    times: Times = []
    for answer in [end.recv() for end in ends]:
        if isinstance(answer, str):
            raise RuntimeError(answer)
        times += answer
    return max(end for _, end in times) - min(begin for begin, _ in times)


def serve(module: str, argument: Any, gate: Any, end: Connection) -> None:
    """A process of its own, as of a web server: the module's `served(argument)` gives what is done before each thing
    told and with it, all of them at once in threads."""
    import django

    django.setup()
    before, do = importlib.import_module(module).served(argument)
    end.send("ready")
    while things := end.recv():
        works = [(partial(before, thing), partial(do, thing)) for thing in things]
        end.send(told(partial(at_once, works, gate)))
