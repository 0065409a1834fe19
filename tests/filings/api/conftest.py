import datetime
from collections.abc import Callable, Iterator

import pytest
import time_machine

from core.clock.clock import SHANGHAI
from tests.filings.api.calls import Caller, caller
from tests.world import DAY, World, make_world


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The small world, on the day that its calendar knows."""
    with time_machine.travel(datetime.datetime.combine(DAY, datetime.time(10), SHANGHAI), tick=False):
        yield make_world()


@pytest.fixture
def call(world: World) -> Callable[[str], Caller]:
    """`call("county handler")` returns a caller in that role."""
    callers: dict[str, Caller] = {}

    def as_role(name: str) -> Caller:
        if name not in callers:
            callers[name] = caller(world, name)
        return callers[name]

    return as_role
