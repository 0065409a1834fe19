"""The offices decide something of every kind that is published."""

import datetime

from core.reference import settings
from core.reference.models import Occupation
from core.workflow import proposals
from filings.models import Criterion, Filing
from filings.workflow import places
from tests.filings.workflow.test_assignments import made
from tests.world import DAY, World


def choose(world: World, key: str, figure: int, since: datetime.date, on: datetime.date) -> None:
    actor = world.same_actor("operator administrator")
    settings.set_value(key, figure, effective_from=since, note="局文件", actor=actor, on=on)


def set_year(world: World, year: int, number: int, on: datetime.date) -> None:
    proposal = places.propose_quota(
        actor=world.same_actor("bureau handler", on), on=on, year=year, places=number, source="年度文件"
    )
    proposals.decide(proposal, actor=world.same_actor("bureau chief", on), on=on)


def tell(world: World) -> None:
    """Of the one filing an assignment; a list, a cap, a number, the criteria."""
    made(world, Filing.objects.get())
    handler, centre = world.actor("bureau handler"), world.actor("centre chief")
    places.list_urgent(Occupation.objects.get(name="焊工"), actor=handler, on=DAY, since=DAY, source="目录")
    places.end_criterion(Criterion.objects.get(key="record"), actor=centre, on=DAY)
    choose(world, "cap_urban", 4, DAY, DAY)
    set_year(world, 2026, 42, DAY)
