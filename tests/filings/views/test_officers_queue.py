"""The queue: what lapses first stands first, filtered by the address, the same queries for one row and for many."""

import csv
import datetime
import io

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Organisation, Role, ServiceConsent
from core.clock.clock import SHANGHAI
from core.deadlines import lapses
from filings import workflow
from filings.models import Application
from tests.world import DAY, SINCE, World, accepted, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db

LATER = DAY + datetime.timedelta(days=3)


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(datetime.datetime(2026, 9, 22, 12, tzinfo=SHANGHAI), tick=True):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def third_agency(world: World) -> str:
    agency = Organisation.objects.create(
        kind="agency",
        name="文峰区丙职业培训学校",
        credit_code="52410502MJ0000003L",
        area_id="410502",
        confirmed_on=SINCE,
    )
    admin = world.add("third admin", agency, Role.ADMIN)
    ServiceConsent.objects.create(organisation=agency, given_on=SINCE, given_by=admin)
    return "third admin"


def names(answer) -> list[str]:
    return [row.application.name for row in answer.context["page"].items]


def test_what_lapses_first_stands_first(world):
    late = submitted(world, on=LATER)
    early = submitted(world, who="rival admin")
    answer = world.browser("county handler").get("/applications/")
    assert names(answer) == [early.name, late.name]
    assert "还剩 2 个工作日" in answer.content.decode()


def test_a_correction_counts_by_its_own_last_day(world):
    first = submitted(world)
    mark_all(world, first, bad=("venue",))
    workflow.request_correction(first, actor=world.actor("county handler"), on=DAY, days=30)
    second = submitted(world, who="rival admin", on=LATER)
    assert names(world.browser("county handler").get("/applications/")) == [second.name, first.name]


def test_an_application_whose_opinion_is_late_stays_in_the_countys_queue(world):
    application = accepted(world)  # the county's 5 working days end on 2026-09-24
    assert names(world.browser("county handler").get("/applications/")) == [application.name]
    with time_machine.travel(datetime.datetime(2026, 9, 28, 12, tzinfo=SHANGHAI), tick=True):
        county = world.browser("county handler")
        lapses.sweep(datetime.date(2026, 9, 28))
        assert names(county.get("/applications/")) == [application.name]
        workflow.start_assessment(
            application, actor=world.actor("centre handler"), on=datetime.date(2026, 9, 28), methods=["material"]
        )
        assert names(county.get("/applications/")) == []


def test_each_office_has_its_own(world):
    submitted(world)
    taken = accepted(world, who="rival admin")
    assert names(world.browser("other county handler").get("/applications/")) == []
    assert names(world.browser("centre handler").get("/applications/")) == [taken.name]
    assert len(names(world.browser("bureau handler").get("/applications/"))) == 2


def test_the_filter_stands_in_the_address(world):
    first, second = submitted(world), accepted(world, who="rival admin")
    county = world.browser("county handler")
    assert names(county.get("/applications/?view=all&state=accepted")) == [second.name]
    assert names(county.get("/applications/?q=甲")) == [first.name]
    assert names(county.get("/applications/?view=all&occupation=6-18-02-04&kind=initial")) == [second.name, first.name]
    assert names(county.get("/applications/?view=all&q=没有这家")) == []


def test_the_export_holds_exactly_what_is_filtered(world):
    submitted(world)
    second = accepted(world, who="rival admin")
    answer = world.browser("county handler").get("/applications/?view=all&state=accepted&export=csv")
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [line[0] for line in lines] == ["申请号", second.number]


@pytest.mark.parametrize("address", ["/applications/", "/applications/?view=all", "/desk/"])
@pytest.mark.parametrize("who", ["county handler", "bureau handler"])
def test_the_same_queries_for_one_row_and_for_three(world, address, who):
    submitted(world)
    browser = world.browser(who)
    browser.get(address)
    with CaptureQueriesContext(connection) as one:
        browser.get(address)
    submitted(world, who="rival admin")
    submitted(world, who=third_agency(world))
    with CaptureQueriesContext(connection) as three:
        assert len(names(browser.get(address))) == 3
    assert len(one) == len(three)


def test_pages_go_on_by_key(world):
    from filings.views import queue

    for who in ("agency admin", "rival admin", third_agency(world)):
        submitted(world, who=who)
    actor = world.actor("county handler", datetime.date(2026, 9, 22))
    rows = Application.objects.all()
    first = queue.page_of(rows, actor, actor.on, {}, urgent=True, per_page=2)
    second = queue.page_of(rows, actor, actor.on, {"cursor": first.next_cursor}, urgent=True, per_page=2)
    assert len(first) == 2
    assert len(second) == 1
    assert not {row.application.pk for row in first} & {row.application.pk for row in second}
