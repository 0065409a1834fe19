"""Twenty approvals at once on the same occupation, against the same statements by bare psycopg2 under the same lock.

As a web server would have them: several processes, each with threads, all begun at one moment. Three copies of one
database are worked on in turn. On the first, twenty threads of this process decide twenty proposals, and what each
sends is written down with the order in which they got the quota years' lock. On the second, the processes decide the
same proposals, with nobody writing down: that is measured. On the third, as many processes with as many threads send
by psycopg2 alone what was written down, the lock included, and come to it in the order in which it was got.
"""

import datetime
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from typing import Any

import django
from django.conf import settings
from django.db import connection

from bench._sending import Sent, bare, copied, recorded, send_again, use
from scripts.bench import Row

PROCESSES, THREADS, ROUNDS = 4, 5, 3
AT_ONCE = PROCESSES * THREADS
LONGEST = 120  # seconds that one waits for the others to begin
LOCK = '"filings_quotayear"', "FOR UPDATE"
ENDED = "UPDATE filings_filing SET state = 'terminated', ended_on = %s WHERE state = 'active'"

# When one began and ended, by the clock that all processes share.
Times = list[tuple[float, float]]


def bench_approvals() -> Iterator[Row]:
    """Prepare, copy, decide and send again, round by round, the first to warm up; after each the places are free."""
    from tests.world import make_world

    settings.CLOCK_MOVABLE = False
    world = make_world()
    waiting = _prepared(world)
    chief = world.people["centre chief"].pk
    name = str(connection.settings_dict["NAME"])
    noted, plain = copied(name, "noted"), copied(name, "bare")
    ours: list[float] = []
    alone: list[float] = []
    statements = 0
    with _web(chief) as decide:
        for first in range(0, len(waiting), AT_ONCE):
            these = waiting[first : first + AT_ONCE]
            use(noted)
            sent = _note(chief, these)
            ours.append(decide(these))
            alone.append(_send(plain, sent))
            statements = sum(len(one) for one in sent) // AT_ONCE
            for each in (name, noted, plain):
                _end(each)
    # The first round warms both up.
    mine, others = sum(ours[1:]), sum(alone[1:])
    yield Row(
        f"{AT_ONCE} approvals at once on one occupation: rate against the same statements by bare psycopg2",
        others / mine,
        0.5,
        at_least=True,
        details={
            "ours_ms": round(mine / ROUNDS / AT_ONCE * 1000, 1),
            "bare_ms": round(others / ROUNDS / AT_ONCE * 1000, 1),
            "statements_each": statements,
            "processes": f"{PROCESSES} x {THREADS} threads",
        },
    )


def _prepared(world: Any) -> list[int]:
    """Propose to approve as many applications as there are rounds for; return the proposals."""
    from core.reference import settings as figures
    from core.workflow import proposals
    from filings.models import QuotaYear, SerialBlock
    from tests.filings.factories import OCCUPATION, another_agency, quick_assessing
    from tests.world import DAY, SINCE

    SerialBlock.objects.create(first=1000, last=9999, next=1000, source="省中心批复", granted_on=SINCE)
    QuotaYear.objects.update(places=200)
    administrator = world.actor("operator administrator")
    figures.set_value("cap_urban", 50, effective_from=DAY, note="测量", actor=administrator, on=DAY)
    payload = {"granted": [OCCUPATION], "left_out": [], "relaxed": {}}
    handler = world.actor("centre handler")
    applications = [quick_assessing(world, another_agency(world, n)) for n in range(AT_ONCE * (ROUNDS + 1))]
    return [proposals.propose(one, "approve", actor=handler, on=DAY, payload=payload).pk for one in applications]


# -- ours ----------------------------------------------------------------------------------------------------------


def _decision(chief: int) -> Callable[[int], object]:
    """Return what decides a proposal, as the chief of this position."""
    from core.accounts.actors import actor_for
    from core.accounts.models import Position
    from core.workflow import proposals
    from core.workflow.models import Proposal
    from tests.world import DAY

    actor = actor_for(Position.objects.select_related("user", "organisation").get(pk=chief), DAY)
    return lambda pk: proposals.decide(Proposal.objects.get(pk=pk), actor=actor, on=DAY)


def _note(chief: int, waiting: list[int]) -> list[list[Sent]]:
    """Decide them in threads of this process; return what each sent, in the order in which they got the lock."""
    order: list[int] = []
    sent: dict[int, list[Sent]] = {}
    decide = _decision(chief)

    def one(pk: int) -> None:
        def watch(execute: Any, sql: str, *rest: Any) -> Any:
            answer = execute(sql, *rest)
            if pk not in order and all(part in sql for part in LOCK):
                order.append(pk)  # held from here on
            return answer

        with recorded() as own, connection.execute_wrapper(watch):
            decide(pk)
        sent[pk] = own

    _at_once([lambda pk=pk: one(pk) for pk in waiting], threading.Barrier(AT_ONCE))
    if len(order) != len(waiting):
        raise RuntimeError("not every approval got the lock")
    return [sent[pk] for pk in order]


@contextmanager
def _web(chief: int) -> Iterator[Callable[[list[int]], float]]:
    """Start the processes of a web server; yield what lets them decide proposals at one moment, and returns the
    seconds."""
    context = multiprocessing.get_context("spawn")
    os.environ["PORTAL_TEST_FIELD_KEY"] = settings.FIELD_KEYS[0]  # one for all that read the same rows
    gate = context.Barrier(AT_ONCE)
    with ExitStack() as stack:
        ends = []
        for _ in range(PROCESSES):
            end, far = context.Pipe()
            process = context.Process(target=_serve, args=(chief, gate, far), daemon=True)
            process.start()
            stack.callback(process.join)
            ends.append(end)
        for end in ends:
            stack.callback(end.send, None)
            end.recv()  # ready

        def decide(waiting: list[int]) -> float:
            for number, end in enumerate(ends):
                end.send(waiting[number::PROCESSES])
            return _seconds(ends)

        yield decide


def _serve(chief: int, gate: Any, end: Connection) -> None:
    """One process of the web server: decide what it is told, each in a thread with a connection of its own."""
    django.setup()
    settings.CLOCK_MOVABLE = False
    decide = _decision(chief)
    end.send("ready")
    while waiting := end.recv():
        works = [lambda pk=pk: decide(pk) for pk in waiting]
        end.send(_told(lambda works=works: _at_once(works, gate, before=connection.ensure_connection)))


# -- bare ----------------------------------------------------------------------------------------------------------


def _send(name: str, sent: list[list[Sent]]) -> float:
    """Send it all again at one moment, from as many processes and threads, the lock got in the same order."""
    context = multiprocessing.get_context("fork")  # they find here what they send
    connection.close()
    gate = context.Barrier(AT_ONCE)
    turns = [context.Semaphore(number == 0) for number in range(len(sent) + 1)]
    ends, processes = [], []
    for process in range(PROCESSES):
        end, far = context.Pipe()
        numbers = range(process, len(sent), PROCESSES)
        processes.append(context.Process(target=_send_some, args=(name, sent, numbers, turns, gate, far), daemon=True))
        processes[-1].start()
        ends.append(end)
    try:
        return _seconds(ends)
    finally:
        for one in processes:
            one.join()


def _send_some(name: str, sent: list[list[Sent]], numbers: range, turns: list[Any], gate: Any, end: Connection) -> None:
    """One process of bare psycopg2."""
    with ExitStack() as stack:

        def work(number: int) -> Callable[[], None]:
            alone, own = stack.enter_context(bare(name)), sent[number]
            lock = next(n for n, one in enumerate(own) if one[0] == "sql" and all(part in one[1] for part in LOCK))

            def again() -> None:
                send_again(alone, own[:lock])
                turns[number].acquire()
                send_again(alone, own[lock : lock + 1])
                # Whoever comes next asks for the lock while this one holds it.
                turns[number + 1].release()
                send_again(alone, own[lock + 1 :])

            return again

        end.send(_told(lambda: _at_once([work(number) for number in numbers], gate)))


# -- both ----------------------------------------------------------------------------------------------------------


def _at_once(works: list[Callable[[], object]], gate: Any, before: Callable[[], object] = lambda: None) -> Times:
    """Let them all begin when the gate opens, each in a thread; return when each began and ended. Raises what one of
    them raised. before: what each thread does first, not measured."""
    times: Times = []
    failures: list[Exception] = []

    def run(work: Callable[[], object]) -> None:
        before()
        gate.wait(LONGEST)
        begin = time.perf_counter()
        try:
            work()
            times.append((begin, time.perf_counter()))
        except Exception as failure:  # noqa: BLE001 - raised again below, in the thread that asked
            failures.append(failure)
        connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return times


def _told(work: Callable[[], Times]) -> Times | str:
    """What a process tells: its times, or what failed."""
    try:
        return work()
    except Exception as failure:  # noqa: BLE001 - raised by the process that asked
        return repr(failure)


def _seconds(ends: list[Connection]) -> float:
    """Return the seconds from the first one's beginning to the last one's end. Raises RuntimeError."""
    times: Times = []
    for answer in [end.recv() for end in ends]:
        if isinstance(answer, str):
            raise RuntimeError(answer)
        times += answer
    if len(times) != AT_ONCE:
        raise RuntimeError("not every approval was given")
    return max(end for _, end in times) - min(begin for begin, _ in times)


def _end(name: str) -> None:
    """End what was filed, so that the places are free for the next round."""
    from tests.world import DAY

    day: datetime.date = DAY
    with bare(name) as alone, alone.cursor() as cursor:
        cursor.execute(ENDED, [day])
