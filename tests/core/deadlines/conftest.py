"""A matter to run clocks on: an area of Anyang stands in for a procedure, its lapses written down as they happen."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from core.accounts.actors import Actor
from core.accounts.models import Organisation
from core.deadlines import audience, clocks, lapses
from core.deadlines.audience import Concerned
from core.deadlines.models import Clock
from core.reference.models import Area
from tests.world import seed_calendars

MATTER = "reference.area"
DAY = datetime.date(2026, 11, 20)

# For property tests on rows: each example starts its own clocks, so one transaction for all of them is enough.
one_database = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


class Broken(Exception):
    """What a lapse raises that cannot be carried out."""


@dataclass
class Procedure:
    """Rules of the stand-in matter; `done` lists (matter, lapse, legal date, sweep's day), `red` the overdue ones."""

    done: list[tuple[str, str, datetime.date, datetime.date]] = field(default_factory=list)
    red: list[tuple[str, datetime.date]] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def lock(self, matter_id: str) -> Area:
        self.locked.append(matter_id)
        return Area.objects.select_for_update().get(pk=matter_id)

    def lapse(self, matter: Area, clock: Clock, actor: Actor) -> None:
        Area.objects.filter(pk=clock.matter_id).update(kind="lapsed")
        if clock.matter_id in self.broken:
            raise Broken
        self.done.append((clock.matter_id, clock.lapse, clock.due_on, actor.on))

    def chain(self, matter: Area, clock: Clock, actor: Actor) -> None:
        """A lapse that starts the next clock from its legal date."""
        self.lapse(matter, clock, actor)
        clocks.start((clock.matter_type, clock.matter_id), "county_recommendation", on=clock.due_on, lapse="over")

    def overdue(self, matter: Area, clock: Clock, actor: Actor) -> None:
        self.red.append((clock.kind, actor.on))


@pytest.fixture
def procedure() -> Iterator[Procedure]:
    one = Procedure()
    rules = lapses.LapseRules(lock=one.lock, lapses={"over": one.lapse, "next": one.chain}, overdue=one.overdue)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(lapses._rules, MATTER, rules)
        yield one


@pytest.fixture
def seeded(db) -> None:
    seed_calendars(DAY)


@pytest.fixture
def matter(seeded, procedure) -> Area:
    return make_matter("410502")


def make_matter(code: str) -> Area:
    return Area.objects.create(code=code, name=f"事项{code}", kind="open", quota_area="市区")


@pytest.fixture
def office(db) -> Organisation:
    return Organisation.objects.create(kind="county", name="文峰区人社局")


@pytest.fixture
def concerned(office) -> Iterator[Organisation]:
    """The office is told of every clock."""

    def tell(clock: Clock) -> list[Concerned]:
        return [Concerned(office, ("handler",), f"请办理{clock.matter_id}", "请尽快办理。", "/desk/")]

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(audience._audiences, MATTER, tell)
        yield office
