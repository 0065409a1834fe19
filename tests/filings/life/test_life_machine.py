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

from tests.filings.life.driver import AGENCIES, Driver, life_world, new_model
from tests.filings.life.operations import OPERATIONS
from tests.world import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]

LONG = os.environ.get("FAULTS") == "long"

# What is filed before everything: a for two occupations, b for one; c has no consent to the portal, d is of a county.
FIRST = "first:a:1 assess:a approve:a first:b assess:b approve:b"

# Common ways to go before chance takes over.
WAYS = (
    "",
    "first:c:1 assess:c approve:c first:d assess:d approve:d",
    "change:a:0 assess:a approve:a",
    "opens:a renew:a assess:a approve:a",
    "opens:a renew:a:1 assess:a approve:a",
    "timely:a renew:a",
    "timely:a renew:a end:a:5",
    "timely:a:1 renew:a end:a:1",
    "first:c assess:c approve:c timely:c renew:c assess:c refuse:c",
    "opens:a change:a:2 renew:a",
)

FOUND = (
    # late renewal, then initial draft before the sweep
    "timely:a:1 renew:a end:a:1 keep_draft:a:0 sweep",
    "timely:a:1 renew:a end:a:1 first:a sweep",
    # c: a refusal not served, another timely renewal, then served
    "first:c assess:c approve:c opens:c renew:c assess:c refuse:c renew:c serve:c end:c:1 sweep",
    # renewal handed in, change adds in between
    "opens:a change:a:0 renew:a assess:a assess:a approve:a:0 approve:a end:a:1",
    "opens:a renew:a change:a:3 assess:a:1 approve:a assess:a approve:a end:a:1",
    "opens:a renew:a change:a:4 assess:a:1 approve:a assess:a approve:a end:a:1",
    # a site left out of a renewal
    "change:a:4 assess:a approve:a change:a:3 assess:a approve:a opens:a renew:a:3 assess:a approve:a end:a:1",
    # renewed ahead and narrowed, then the site moves
    "opens:a renew:a:2 assess:a approve:a change:a:4 assess:a approve:a end:a:1",
    "opens:a renew:a assess:a approve:a change:a:6 assess:a approve:a end:a:1",
    # abandoned after the end, not swept
    "timely:a renew:a correct:a end:a:1",
    "opens:a change:a:6 correct:a days:a:30 change:a:6",
    "timely:a renew:a correct:a end:a:1 first:a",
    # a timely renewal withdrawn before the end, and the end not swept
    "timely:a renew:a withdraw:a end:a:9",
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
        go(self, way)

    @rule(data=st.data(), who=st.sampled_from(sorted(AGENCIES)), number=st.integers(0, 20))
    def something_likely(self, data, who: str, number: int) -> None:
        likely = [name for name, one in OPERATIONS.items() if one.ready(self, who)]
        go(self, f"{data.draw(st.sampled_from(likely))}:{who}:{number}")

    @rule(name=st.sampled_from(sorted(OPERATIONS)), who=st.sampled_from(sorted(AGENCIES)), number=st.integers(0, 20))
    def anything(self, name: str, who: str, number: int) -> None:
        go(self, f"{name}:{who}:{number}")


def go(driver: Driver, way: str) -> None:
    """Go a way word by word."""
    for word in way.split():
        name, who, number, *_ = *word.split(":"), "", ""
        driver.model.settle(driver.day)
        OPERATIONS[name].run(driver, who or "a", int(number or 0))


@pytest.fixture
def machine(db) -> type[LifeMachine]:
    """The machine with its world."""
    LifeMachine.world, LifeMachine.first = life_world(), None
    driver = Driver()
    driver.world, driver.day = LifeMachine.world, DAY
    driver.model = new_model()
    go(driver, FIRST)
    LifeMachine.first = driver.model
    return LifeMachine


def walk(machine: type[LifeMachine], way: str) -> None:
    """Go a way from the beginning, looking after each word; name the word at which something does not agree."""
    one, gone = machine(), []
    try:
        for word in way.split():
            gone.append(word)
            go(one, word)
            one.check()
    except Exception as failure:
        failure.add_note(f"{' '.join(gone)}, on {one.day}")
        raise
    finally:
        one.teardown()


def test_what_was_found(machine):
    for way in FOUND:
        walk(machine, way)


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
