"""Free places and assignments as the public sees them: from publications alone, the same figures as the offices'."""

import datetime

import pytest

from core.publications.models import Publication
from filings import holders
from filings.workflow import assignments as assigning
from filings.workflow import places as offices
from registry import directory, entries, places
from registry.models import Entry
from tests.filings.factories import quick_assessing_at
from tests.filings.workflow.test_assignments import made
from tests.world import DAY, World, decide, filed, make_world

pytestmark = pytest.mark.django_db

WELDER, ELECTRICIAN, THERE = "6-18-02-04", "6-31-01-03", "汤阴县"
LATER = DAY + datetime.timedelta(days=10)


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path / "files"
    return make_world()


def cells(on: datetime.date, **narrowed) -> dict[tuple[str, str], places.Free]:
    rows = places.table(entries.in_force(on), on, **narrowed)
    return {(row.code, cell.area): cell for row in rows for cell in row.cells}


def test_what_is_published_counts_as_the_offices_count(world):
    filed(world)
    application = quick_assessing_at(world, "rival admin", "410523", LATER)
    decide(world, application, "approve", "centre", LATER, granted=[WELDER], left_out=[], relaxed={})
    for on in (DAY, LATER, datetime.date(2029, 9, 18), datetime.date(2029, 9, 19), datetime.date(2030, 1, 1)):
        counted = {pair: cell.taken for pair, cell in cells(on).items() if cell.taken}
        if on >= LATER:
            assert counted == holders.taken(on), on
        else:
            assert counted == {(WELDER, "市区"): 1, (ELECTRICIAN, "市区"): 1}
    assert [(cells(LATER)[WELDER, area].free, cells(LATER)[WELDER, area].cap) for area in ("市区", THERE)] == [
        (1, 3), (1, 2),
    ]  # fmt: skip


def test_urgent_ones_come_first_and_the_table_narrows(world):
    from core.reference.models import Occupation

    electrician = Occupation.objects.get(pk=ELECTRICIAN)
    offices.list_urgent(electrician, actor=world.actor("bureau handler"), on=DAY, since=DAY, source="目录")
    rows = places.table(Entry.objects.none(), DAY)
    assert [(row.code, row.urgent) for row in rows] == [(ELECTRICIAN, True), (WELDER, False)]
    assert set(cells(DAY, text="焊")) == {(WELDER, "市区"), (WELDER, THERE)}
    assert set(cells(DAY, area=THERE, urgent_only=True)) == {(ELECTRICIAN, THERE)}


def test_an_assignment_is_public_from_its_day_until_its_end(world, client):
    filing = filed(world)
    row = made(world, filing)
    assert cells(DAY)[WELDER, THERE].assigned.name == filing.name
    assert cells(DAY)[WELDER, THERE].taken == 0
    decide(world, row, "end", "centre", LATER, reason="不再需要")
    assert cells(LATER)[WELDER, THERE].assigned is None
    ((one, stands),) = places.of_agency(directory.find(filing.code, LATER), LATER)
    assert (one.until, one.reason, stands) == (LATER, "不再需要", False)
    first, last = Publication.objects.filter(kind="assignment").order_by("id")
    for published, said in ((first, "现从市内别处调配"), (last, "起结束")):
        text = client.get(f"/announcements/{published.pk}/").content.decode()
        assert said in text
        assert filing.name in text
    assert first.matter_type == assigning.MATTER


def test_it_is_gone_with_the_filing_whatever_its_own_dates_say(world):
    filing = filed(world)
    made(world, filing)
    after = filing.valid_until + datetime.timedelta(days=1)
    assert [cells(day)[WELDER, THERE].assigned is not None for day in (filing.valid_until, after)] == [True, False]


def test_the_public_pages_show_them(world, client):
    import time_machine

    from core.clock.clock import SHANGHAI

    filing = filed(world)
    made(world, filing)
    with time_machine.travel(datetime.datetime.combine(DAY, datetime.time(10), SHANGHAI), tick=False):
        assert "市内调配" in client.get(f"/agencies/{filing.code}/").content.decode()
        table = client.get("/guide/places/?q=焊").content.decode()
        assert (f"{filing.name}调配" in table, "余 2" in table, "电工" in table) == (True, True, False)
        assert "没有符合条件的职业" in client.get("/guide/places/?q=没有").content.decode()
        guide = client.get("/guide/").content.decode()
        assert "现有 1 家" in guide
        rows = client.get("/api/v1/public/places/?free=true&area=汤阴县").json()
    assert [(row["code"], row["cells"][0]["free"]) for row in rows] == [(WELDER, 2), (ELECTRICIAN, 2)]
