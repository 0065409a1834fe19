"""Twenty approvals at once on the same occupation, against the same statements by bare psycopg2 under the same lock.

As a web server would have them: several processes, each with threads, all begun at one moment. In each round twenty
applications are brought to their decision, and the database is copied three times. On one copy, twenty threads of this
process decide, and what each sends is written down with the order in which they got the quota years' lock. On another
the processes decide, with nobody writing down: that is measured. On the third, as many processes with as many threads
send by psycopg2 alone what was written down, and come to the lock in that order. Every thread on either side has a
connection that has asked before, as a server's have, what is asked ahead of the lock.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from django.conf import settings
from django.db import connection

from bench import _processes
from bench._processes import Work, at_once
from bench._sending import Sent, bare, copied, recorded, send_again, use
from core.accounts.actors import actor_for
from core.accounts.models import Position
from core.reference import settings as figures
from core.workflow import proposals
from core.workflow.models import Proposal
from core.workflow.spec import spec_for
from filings.models import QuotaYear, SerialBlock
from scripts.bench import Row
from tests.filings.factories import OCCUPATION, another_agency, quick_assessing
from tests.world import DAY, SINCE, World, make_world

PROCESSES, THREADS, ROUNDS = 4, 5, 3
AT_ONCE = PROCESSES * THREADS
LOCK = '"filings_quotayear"', "FOR UPDATE"
# What was decided on the copies competes no longer in the next round.
OVER = "UPDATE filings_application SET state = 'withdrawn' WHERE state = 'assessing'"


def bench_approvals() -> Iterator[Row]:
    """Prepare, copy, decide and send again, round by round, the first to warm up."""
    settings.CLOCK_MOVABLE = False
    world = make_world()
    _set_up(world)
    chief = world.people["centre chief"].pk
    name = str(connection.settings_dict["NAME"])
    ours: list[float] = []
    alone: list[float] = []
    statements = 0
    with _web(chief) as decide:
        for number in range(ROUNDS + 1):
            waiting = _proposed(world, number)
            noted, served_from, plain = (copied(name, f"{what}_{number}") for what in ("noted", "ours", "bare"))
            use(noted)
            sent = _note(chief, waiting)
            ours.append(decide([(served_from, pk) for pk in waiting]))
            alone.append(_send(plain, sent))
            statements = sum(len(one) for one in sent) // AT_ONCE
            use(name)
            with connection.cursor() as cursor:
                cursor.execute(OVER)
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


def _set_up(world: World) -> None:
    """Room for all: serials and places."""
    SerialBlock.objects.create(first=1000, last=9999, next=1000, source="省中心批复", granted_on=SINCE)
    QuotaYear.objects.update(places=200)
    administrator = world.actor("operator administrator")
    figures.set_value("cap_urban", 50, effective_from=DAY, note="测量", actor=administrator, on=DAY)


def _proposed(world: World, number: int) -> list[int]:
    """Bring as many applications as are decided at once to their proposal; return the proposals."""
    payload = {"granted": [OCCUPATION], "left_out": [], "relaxed": {}}
    handler = world.actor("centre handler")
    names = range(number * AT_ONCE, (number + 1) * AT_ONCE)
    applications = [quick_assessing(world, another_agency(world, name)) for name in names]
    return [proposals.propose(one, "approve", actor=handler, on=DAY, payload=payload).pk for one in applications]


# -- ours ----------------------------------------------------------------------------------------------------------


# A proposal, in the database of this name.
Waiting = tuple[str, int]


def served(chief: int) -> tuple[Callable[[Waiting], None], Callable[[Waiting], None]]:
    """Return what a thread does before it decides a proposal, and the decision, by the chief of this position."""
    settings.CLOCK_MOVABLE = False
    actor = actor_for(Position.objects.select_related("user", "organisation").get(pk=chief), DAY)
    connection.close()

    def before(one: Waiting) -> None:
        use(one[0])
        proposal = Proposal.objects.get(pk=one[1])
        matter, spec = proposals.matter_of(proposal), spec_for(proposal.matter_type)
        spec.freeze(matter)
        spec.transitions[proposal.transition].condition(matter, actor=actor, on=DAY, data=proposal.payload)

    def decide(one: Waiting) -> None:
        proposals.decide(Proposal.objects.get(pk=one[1]), actor=actor, on=DAY)

    return before, decide


def _note(chief: int, waiting: list[int]) -> list[list[Sent]]:
    """Decide them in threads of this process; return what each sent, in the order in which they got the lock."""
    order: list[int] = []
    sent: dict[int, list[Sent]] = {}
    name = str(connection.settings_dict["NAME"])
    before, decide = served(chief)

    def one(pk: int) -> None:
        def watch(execute: Any, sql: str, *rest: Any) -> Any:
            answer = execute(sql, *rest)
            if pk not in order and all(part in sql for part in LOCK):
                order.append(pk)  # held from here on
            return answer

        with recorded() as own, connection.execute_wrapper(watch):
            decide((name, pk))
        sent[pk] = own

    works = [(partial(before, (name, pk)), partial(one, pk)) for pk in waiting]
    at_once(works, threading.Barrier(AT_ONCE))
    if len(order) != len(waiting):
        raise RuntimeError("not every approval got the lock")
    return [sent[pk] for pk in order]


@contextmanager
def _web(chief: int) -> Iterator[Callable[[list[Waiting]], float]]:
    """Start the processes of a web server; yield what lets them decide proposals at one moment, and returns the
    seconds."""
    context = multiprocessing.get_context("spawn")
    os.environ["PORTAL_TEST_FIELD_KEY"] = settings.FIELD_KEYS[0]  # one for all that read the same rows
    gate = context.Barrier(AT_ONCE)
    with ExitStack() as stack:
        ends = []
        for _ in range(PROCESSES):
            end, far = context.Pipe()
            process = context.Process(target=_processes.serve, args=(__name__, chief, gate, far), daemon=True)
            process.start()
            stack.callback(process.join)
            ends.append(end)
        for end in ends:
            stack.callback(end.send, None)
            end.recv()  # ready

        def decide(waiting: list[Waiting]) -> float:
            for number, end in enumerate(ends):
                end.send(waiting[number::PROCESSES])
            return _processes.seconds(ends)

        yield decide


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
        return _processes.seconds(ends)
    finally:
        for one in processes:
            one.join()


def _send_some(name: str, sent: list[list[Sent]], numbers: range, turns: list[Any], gate: Any, end: Connection) -> None:
    """One process of bare psycopg2."""
    with ExitStack() as stack:

        def work(number: int) -> tuple[Work, Work]:
            alone, own = stack.enter_context(bare(name)), sent[number]
            lock = next(n for n, one in enumerate(own) if one[0] == "sql" and all(part in one[1] for part in LOCK))

            def again() -> None:
                send_again(alone, own[:lock])
                turns[number].acquire()
                send_again(alone, own[lock : lock + 1])
                # Whoever comes next asks for the lock while this one holds it.
                turns[number + 1].release()
                send_again(alone, own[lock + 1 :])

            asked = [one for one in own[:lock] if one[0] == "sql" and one[1].startswith("SELECT")]
            return partial(send_again, alone, [one for one in asked if "FOR UPDATE" not in one[1]]), again

        end.send(_processes.told(lambda: at_once([work(number) for number in numbers], gate)))
