"""What is laid down again is what the workflow wrote, in every table; and nothing is laid down onto something else."""

import pytest

from core.reference.models import Area
from filings import workflow
from filings.models import Application
from tests import stages
from tests.filings.factories import another_agency, quick_scored
from tests.world import DAY, filed, make_world, submitted

pytestmark = pytest.mark.django_db


def standing():
    return {table: rows for table in stages._models() if (rows := stages._dump(table))}


@pytest.mark.parametrize("time", ["built, or laid down", "laid down"])
def test_every_table_stands_as_it_did(time):
    world = make_world()
    filing = filed(world)
    other = quick_scored(world, 7, 80, 90)
    assert stages._chain.unbroken
    kept = {**stages._base, **stages._chain.tables}
    assert standing() == {table: rows for table, rows in kept.items() if rows}
    assert (filing.agency, other.agency) == (world.organisation("agency admin"), world.organisation("agency 7 admin"))
    # Life goes on from there: ids and running numbers do not collide.
    third = submitted(world, "rival admin")
    workflow.withdraw(third, actor=world.actor("rival admin", DAY), on=DAY)
    assert Application.objects.count() == 3


def test_what_else_was_written_is_respected():
    world = make_world()
    Area.objects.filter(code="410502").update(name="文峰新区")
    assert not stages._chain.unbroken
    another_agency(world, 1)
    submitted(world)
    assert Area.objects.get(code="410502").name == "文峰新区"
    assert Application.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_listens_for_commits_is_built():
    make_world()
    assert not stages._chain.unbroken


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["built, or laid down", "laid down"])
def test_a_browser_test_commits_what_is_laid_down(time):
    filed(make_world())
    assert stages._chain.unbroken
    kept = stages._chain.tables
    assert {table: rows for table, rows in standing().items() if table in kept} == {t: r for t, r in kept.items() if r}
