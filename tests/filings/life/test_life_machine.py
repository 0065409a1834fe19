"""The life of several filings at once: applications of every kind, clocks, ends, quota, in any order.

After every step the model, an SQL reckoning of its own and the code's queries agree (driver.py). What hypothesis found
is kept below as ordinary tests, each a way of words: operation:agency:number.
"""

import os

import pytest
from django.db import transaction as database
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.filings.life.driver import AGENCIES, Driver, life_world
from tests.filings.life.operations import OPERATIONS

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]

LONG = os.environ.get("FAULTS") == "long"

# Common ways to go before chance takes over.
FILED = "first:a:1 assess:a approve:a first:b assess:b approve:b"
OPENED = f"{FILED} boundary:a:1"  # the day on which a's renewal opens
IN_TIME = f"{FILED} boundary:a:4"  # the last timely day of a's renewal
WAYS = (
    "",
    FILED,
    f"{FILED} first:c:0 assess:c approve:c",
    f"{FILED} change:a:0 assess:a approve:a",
    OPENED,
    f"{OPENED} renew:a assess:a approve:a",
    f"{IN_TIME} renew:a",
    f"{IN_TIME} renew:a boundary:a:9",
)


class LifeMachine(Driver, RuleBasedStateMachine):
    """Random operations on four agencies. The world is made once, and rolled back to."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = database.atomic()
        self.savepoint.__enter__()
        self.begin()

    def teardown(self) -> None:
        database.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @invariant()
    def everything_agrees(self) -> None:
        self.check()

    @initialize(way=st.sampled_from(WAYS))
    def start_somewhere(self, way: str) -> None:
        self.go(way)

    @rule(data=st.data(), who=st.sampled_from(sorted(AGENCIES)), number=st.integers(0, 20))
    def something_likely(self, data, who: str, number: int) -> None:
        likely = [name for name, one in OPERATIONS.items() if one.ready(self, who)]
        self.go(f"{data.draw(st.sampled_from(likely))}:{who}:{number}")

    @rule(name=st.sampled_from(sorted(OPERATIONS)), who=st.sampled_from(sorted(AGENCIES)), number=st.integers(0, 20))
    def anything(self, name: str, who: str, number: int) -> None:
        self.go(f"{name}:{who}:{number}")

    def go(self, way: str) -> None:
        """Go a way word by word."""
        for word in way.split():
            name, who, number = [*word.split(":"), "a", "0"][:3] if ":" not in word else f"{word}:0".split(":")[:3]
            self.model.settle(self.day)
            OPERATIONS[name].run(self, who, int(number))


@pytest.fixture
def machine(db) -> type[LifeMachine]:
    """The machine with its world."""
    LifeMachine.world = life_world()
    return LifeMachine


def walk(machine: type[LifeMachine], way: str) -> None:
    """Go a way from the beginning, looking after each word; name the word at which something does not agree."""
    one, gone = machine(), []
    try:
        for word in way.split():
            gone.append(word)
            one.go(word)
            one.check()
    except BaseException as failure:
        failure.add_note(f"{' '.join(gone)}, on {one.day}")
        raise
    finally:
        one.teardown()


def test_the_common_ways(machine):
    for way in WAYS:
        walk(machine, way)


@pytest.mark.timeout(0 if LONG else 300)
def test_the_filings_live_as_their_model(machine):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=400 if LONG else 8,
            stateful_step_count=30 if LONG else 12,
            suppress_health_check=list(HealthCheck),
        ),
    )
