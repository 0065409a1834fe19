"""The life of several filings at once: applications of every kind, clocks, ends, quota, in any order.

After every step the model, an SQL reckoning of its own and the code's queries agree (driver.py). What hypothesis found
is kept below as ordinary tests, each a way of words: operation:agency:number.
"""

import pytest
from django.db import transaction as database
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.filings.life import asking, deciding, elsewhere, ending, passing, undoing
from tests.filings.life.driver import AGENCIES, LONG, Driver, life_world, new_model
from tests.filings.life.operations import OPERATIONS
from tests.world import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]

# Where the operations are written; a room of its own for each new way in which filings live.
ROOMS = (asking, deciding, elsewhere, ending, passing, undoing)

# What is filed before everything: a for two occupations, b for one; c has no consent to the portal, d is of a county.
FIRST = "first:a:1 assess:a approve:a first:b assess:b approve:b"

# Common ways to go before chance takes over; together they and FOUND take every operation.
WAYS = (
    "",
    "first:c:1 assess:c approve:c first:d assess:d approve:d",
    "change:a:0 assess:a approve:a",
    "opens:a renew:a assess:a approve:a",
    "opens:a renew:a:1 assess:a approve:a",
    "timely:a renew:a end:a:5",
    "timely:a:1 renew:a end:a:1",
    "first:c assess:c approve:c timely:c renew:c assess:c refuse:c",
    "opens:a change:a:2 renew:a",
    "first:c assess:c approve_after_the_number_was_lowered:c override:c approve:c year_number:a:9",
    "caps:a:0 first:c assess:c approve:c override:c approve:c change:b:6 decline:b",
    "timely:a renew:a assess:a end:a:2 refuse:a days:a set_aside:a:1 approve:a",
    "timely:a renew:a correct:a end:a:1 set_aside:a:1 answer:a",
    "change:b:6 decline:b set_aside:b:1 first:c assess:c refuse:c set_aside:c approve:c set_aside:c approve:c",
    "suspend_evaluation:a suspend_evaluation:a:13 change:a:6 assess:a approve:a lift_suspension:a days:a:3",
    "timely:a renew:a end:a:9 deregister:a",
    "change:a:6 opens:a renew:a deregister:a first:a assess:a approve:a",
    "first:c assess:c approve:c suspend_evaluation:c deregister:c days:c:3 change:c:6 serve_deregistration:c",
    "timely:a renew:a set_aside:a end:a:3 reinstate:a",
    "set_aside:b withdraw:b days:b:9 reinstate:b",
    "assign:a:1 assign:b first:d assess:d approve:d",
    "opens:a assign:a:1 renew:a:1 assess:a approve:a end:a:1",
    "keep_draft:a:4 send:a correct:a days:a:3 answer:a accept:a boundary:a:1 assess:a approve_in_part:a:0",
)

# What was found, or suspected and confirmed: each was a fault, and is a way that must stay good.
FOUND = {
    "an initial draft is begun before the sweep lets a late renewal go on as one": (
        "timely:a:1 renew:a end:a:1 keep_draft:a:0 sweep"
    ),
    "a refusal is served while another timely renewal is undecided": (
        "first:c assess:c approve:c opens:c renew:c assess:c refuse:c renew:c serve:c end:c:1 sweep"
    ),
    "an occupation added while a renewal was under way is in the new term": (
        "opens:a change:a:0 renew:a assess:a assess:a approve:a:0 approve:a end:a:1"
    ),
    "a site added while a renewal was under way is in the new term": (
        "opens:a renew:a change:a:3 assess:a:1 approve:a assess:a approve:a end:a:1"
    ),
    "a site moved while a renewal was under way is in the new term": (
        "opens:a renew:a change:a:4 assess:a:1 approve:a assess:a approve:a end:a:1"
    ),
    "a site left out of a renewal ends with the old term": (
        "change:a:3 assess:a approve:a opens:a renew:a:3 assess:a approve:a end:a:1"
    ),
    "a site moves after a renewal ahead has narrowed its occupation": (
        "opens:a renew:a:2 assess:a approve:a change:a:4 assess:a approve:a end:a:1"
    ),
    "a receipt that a change replaced before it began is superseded": (
        "opens:a renew:a assess:a approve:a change:a:6 assess:a approve:a end:a:1"
    ),
    "an item that moved with the new term is confirmed": (
        "opens:a renew:a:2 assess:a approve:a end:a change:a:8 days:a:1 assess:a confirm:a approve:a"
    ),
    "a correction that ran out holds nothing open, swept or not": "timely:a renew:a correct:a end:a:1 first:a",
    "a correction that ran out makes room for a new change, swept or not": (
        "opens:a change:a:6 correct:a days:a:30 change:a:6"
    ),
    "a filing restored by a ruling ends once more beside a late renewal that went on as an initial application": (
        "first:c assess:c approve:c timely:c renew:c assess:c refuse:c days:c:2 renew:c end:c:3 serve:c set_aside:c:1"
        " withdraw:c"
    ),
    "a renewal refused in time is taken up after another has been granted": (
        "opens:a renew:a assess:a refuse:a renew:a assess:a approve:a set_aside:a:1"
    ),
    "a refusal is recorded after a change was approved, as served before": (
        "first:c assess:c approve:c timely:c renew:c assess:c refuse:c end:c:3 change:c:6 assess:c approve:c serve:c:5"
    ),
    "a grant is set aside while a new application has run out, swept or not": (
        "end:b:1 first:b correct:b days:b:20 set_aside:b"
    ),
    "a change is begun on the very day on which a withdrawal has ended the filing": (
        "timely:a renew:a end:a:2 withdraw:a change:a:6 days:a:2"
    ),
    "a filing from paper is the local one, and ends an assignment": "assign:b from_paper:a:1",
    "a timely renewal is withdrawn before the end, and the end not swept": "timely:a renew:a withdraw:a end:a:9",
}


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


def walk(machine: type[LifeMachine], way: str, *, last: int = 100) -> None:
    """Go a way from the beginning, looking after each of its last words; name the word at which something does not
    agree."""
    one, gone, words = machine(), [], way.split()
    try:
        for word in words:
            gone.append(word)
            go(one, word)
            if len(words) - len(gone) < last:
                one.check()
    except Exception as failure:
        failure.add_note(f"{' '.join(gone)}, on {one.day}")
        raise
    finally:
        one.teardown()


def test_what_was_found(machine):
    for way in FOUND.values():
        walk(machine, way, last=1)


@pytest.mark.timeout(1200)
def test_the_common_ways(machine):
    for way in WAYS:
        walk(machine, way, last=2)
    assert {word.partition(":")[0] for way in (*WAYS, *FOUND.values()) for word in way.split()} == set(OPERATIONS)


@pytest.mark.timeout(0 if LONG else 1200)
def test_the_filings_live_as_their_model(machine):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=400 if LONG else 6,
            stateful_step_count=30 if LONG else 10,
            suppress_health_check=list(HealthCheck),
        ),
    )
