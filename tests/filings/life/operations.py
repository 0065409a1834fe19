"""What can happen to the filings, one small function each: on the code and on the model, and both must say the same.

An operation takes the driver, an agency by its letter and a number by which it chooses among what there is. It is added
to OPERATIONS by `@operation`, which makes it a word of the common ways and a step of the machine.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.filings.life.driver import Driver
from tests.filings.life.model import Case

Act = Callable[[Driver, str, int], None]
Ready = Callable[[Driver, str], bool]


@dataclass(frozen=True)
class Operation:
    """run: does it, on both sides. ready: whether it is worth a step of the machine; run again checks what it needs."""

    run: Act
    ready: Ready


OPERATIONS: dict[str, Operation] = {}


def operation(ready: Ready = lambda driver, who: True) -> Callable[[Act], Act]:
    """Add a function to OPERATIONS under its own name."""

    def add(act: Act) -> Act:
        OPERATIONS[act.__name__] = Operation(act, ready)
        return act

    return add


def cases(driver: Driver, who: str, *states: str) -> list[Case]:
    """The agency's applications in these states as the law has them today, or in any open one."""
    mine = [case for case in driver.model.cases if case.agency == who]
    return [case for case in mine if (case.state in states if states else case.open)]


def any_in(*states: str) -> Ready:
    return lambda driver, who: bool(cases(driver, who, *states))


def chosen(driver: Driver, who: str, number: int, *states: str) -> Case | None:
    found = cases(driver, who, *states)
    return found[number % len(found)] if found else None
