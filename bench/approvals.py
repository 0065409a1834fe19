"""Twenty approvals at once on the same occupation, against the same statements by bare psycopg2 under the same lock.

Two copies of one database are worked on in turn. On one, twenty threads decide twenty proposals at the same moment:
each waits for the quota years' lock, counts the places, files, numbers and publishes. On the other, twenty threads send
by psycopg2 alone what each of those has just sent, the lock included, and come to it in the order in which those came.
"""

import datetime
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db import connection

from bench._sending import Sent, bare, copied, recorded, send_again
from core.reference import settings as figures
from core.workflow import proposals
from core.workflow.models import Proposal
from filings.models import Filing, QuotaYear, SerialBlock
from scripts.bench import Row
from tests.filings.factories import OCCUPATION, another_agency, quick_assessing
from tests.world import DAY, SINCE, World, make_world

AT_ONCE, ROUNDS = 20, 4
LOCK = '"filings_quotayear"', "FOR UPDATE"
ENDED = "UPDATE filings_filing SET state = 'terminated', ended_on = %s WHERE state = 'active'"


def bench_approvals() -> Iterator[Row]:
    """Prepare, copy, decide and send again, round by round; after each the places are free again."""
    settings.CLOCK_MOVABLE = False
    world = make_world()
    SerialBlock.objects.create(first=1000, last=9999, next=1000, source="省中心批复", granted_on=SINCE)
    QuotaYear.objects.update(places=200)
    administrator = world.actor("operator administrator")
    figures.set_value("cap_urban", 50, effective_from=DAY, note="测量", actor=administrator, on=DAY)
    waiting = [_proposed(world, number) for number in range(AT_ONCE * ROUNDS)]
    copy = copied(str(connection.settings_dict["NAME"]), "bare")
    ours = plain = 0.0
    statements = 0
    for first in range(0, len(waiting), AT_ONCE):
        seconds, sent = _decide(world, waiting[first : first + AT_ONCE])
        ours += seconds
        plain += _send(copy, sent)
        statements += sum(len(one) for one in sent)
        _end(copy)
    details = {"ours_s": round(ours, 2), "bare_s": round(plain, 2), "statements_each": statements // len(waiting)}
    yield Row(
        f"{AT_ONCE} approvals at once on one occupation: rate against the same statements by bare psycopg2",
        plain / ours,
        0.5,
        at_least=True,
        details=details,
    )


def _proposed(world: World, number: int) -> int:
    application = quick_assessing(world, another_agency(world, number))
    payload = {"granted": [OCCUPATION], "left_out": [], "relaxed": {}}
    handler = world.actor("centre handler")
    return proposals.propose(application, "approve", actor=handler, on=DAY, payload=payload).pk


def _decide(world: World, waiting: list[int]) -> tuple[float, list[list[Sent]]]:
    """Decide them at one moment; return the seconds and what each sent, in the order in which they got the lock."""
    order: list[int] = []
    sent: dict[int, list[Sent]] = {}
    chief = world.actor("centre chief")

    def decide(pk: int) -> None:
        def watch(execute: Any, sql: str, *rest: Any) -> Any:
            answer = execute(sql, *rest)
            if pk not in order and all(part in sql for part in LOCK):
                order.append(pk)  # held from here on
            return answer

        with recorded() as own, connection.execute_wrapper(watch):
            proposals.decide(Proposal.objects.get(pk=pk), actor=chief, on=DAY)
        sent[pk] = own
        connection.close()

    seconds = _at_once([lambda pk=pk: decide(pk) for pk in waiting])
    if Filing.objects.filter(state="active").count() != len(waiting) or len(order) != len(waiting):
        raise RuntimeError("not every approval was given")
    return seconds, [sent[pk] for pk in order]


def _send(name: str, sent: list[list[Sent]]) -> float:
    """Send it all again at the same moment, each in a thread and connection of its own, the locks in the same order."""
    turns = [threading.Event() for _ in range(len(sent) + 1)]
    turns[0].set()

    def again(number: int) -> None:
        until = next(
            n for n, one in enumerate(sent[number]) if one[0] == "sql" and all(part in one[1] for part in LOCK)
        )
        with bare(name) as alone:
            send_again(alone, sent[number][:until])
            turns[number].wait()
            send_again(alone, sent[number][until : until + 1])
            # Whoever comes next asks for the lock while this one holds it.
            turns[number + 1].set()
            send_again(alone, sent[number][until + 1 :])

    return _at_once([lambda number=number: again(number) for number in range(len(sent))])


def _at_once(works: list[Callable[[], None]]) -> float:
    """Start them all at one moment; return the seconds until the last is done. Raises what one of them raised."""
    gate = threading.Barrier(len(works) + 1)
    failures: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        gate.wait()
        try:
            work()
        except Exception as failure:  # noqa: BLE001 - raised again below, in the thread that measures
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    gate.wait()
    begin = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begin
    if failures:
        raise failures[0]
    return seconds


def _end(copy: str) -> None:
    """End what was filed, in both, so that the places are free for the next round."""
    day: datetime.date = DAY
    with connection.cursor() as cursor:
        cursor.execute(ENDED, [day])
    with bare(copy) as alone, alone.cursor() as other:
        other.execute(ENDED, [day])
