"""The queue: what lapses first stands first, filtered by the address, the same queries for one row and for many."""

import csv
import datetime
import io

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from core.accounts.models import Organisation, Role, ServiceConsent
from core.clock.clock import SHANGHAI
from core.deadlines import lapses
from filings import queries, turns, workflow
from filings.enums import Turn
from filings.models import Application, CapOverride
from tests.world import DAY, SINCE, World, accepted, decide, filed, following, make_world, mark_all, submitted

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


def on_day(*day: int):
    return time_machine.travel(datetime.datetime(*day, 12, tzinfo=SHANGHAI), tick=True)


def waiting(world: World, application: Application) -> tuple[str, datetime.date | None]:
    """Whose turn it is, and since when; the filter by turn must agree."""
    actor, mine = world.actor("bureau handler"), Application.objects.filter(pk=application.pk)
    row = turns.with_turns(mine).get()
    assert [turn for turn in Turn if queries.matching(mine, {"turn": turn}, actor).exists()] == (
        [row.turn] if row.turn else []
    )
    return row.turn and Turn(row.turn).label, row.waits_since


def test_whose_turn_it_is_and_since_when(world):
    application = submitted(world)
    assert waiting(world, application) == ("县（市、区）", DAY)
    page = world.browser("bureau handler").get("/applications/?turn=county").content.decode()
    assert "县（市、区）<small>自2026年9月18日</small>" in page
    mark_all(world, application, LATER, bad=("venue",))
    workflow.request_correction(application, actor=world.actor("county handler", LATER), on=LATER, days=30)
    assert waiting(world, application) == ("机构", LATER)
    agency = world.actor("agency admin", LATER)
    workflow.answer_item(application, "venue", actor=agency, on=LATER, answer="已补正")
    workflow.resubmit(application, actor=agency, on=LATER)
    assert waiting(world, application) == ("县（市、区）", LATER)
    mark_all(world, application, LATER)
    workflow.accept(application, actor=world.actor("county handler", LATER), on=LATER)
    assert waiting(world, application) == ("县（市、区）", LATER)
    later = LATER + datetime.timedelta(days=1)
    decide(world, application, "recommend", "county", later, positive=True, text="同意推荐")
    assert waiting(world, application) == ("市中心", later)
    centre = world.actor("centre handler", later)
    workflow.start_assessment(application, actor=centre, on=later, methods=["material"])
    assert waiting(world, application) == ("市中心", later)
    then = later + datetime.timedelta(days=1)
    centre = world.actor("centre handler", then)
    items = [{"material": "venue", "what": "请补充平面图"}]
    workflow.invite_supplements(application, actor=centre, on=then, items=items)
    assert waiting(world, application) == ("机构", then)
    answered = then + datetime.timedelta(days=2)
    agency = world.actor("agency admin", answered)
    workflow.answer_item(application, "venue", actor=agency, on=answered, answer="见平面图")
    workflow.supply_supplements(application, actor=agency, on=answered)
    assert waiting(world, application) == ("市中心", answered)
    workflow.withdraw(application, actor=agency, on=answered)
    assert waiting(world, application) == ("", None)


def test_after_the_countys_days_it_waits_for_the_centre_since_then(world):
    application = accepted(world)  # the county's 5 working days end on 2026-09-24
    assert waiting(world, application) == ("县（市、区）", DAY)
    lapses.sweep(datetime.date(2026, 9, 28))
    assert waiting(world, application) == ("市中心", datetime.date(2026, 9, 24))


def test_an_asked_county_and_an_asked_bureau_are_waited_for(world):
    filing = filed(world)
    change = following(world, "change", DAY, name="文峰区新甲", changed_on=DAY)
    assert waiting(world, change) == ("市中心", DAY)
    centre = world.actor("centre handler", LATER)
    for material in change.materials.all():
        workflow.mark_material(change, material.key, complete=True, compliant=True, remark="", actor=centre, on=LATER)
    workflow.accept(change, actor=centre, on=LATER)
    workflow.start_assessment(change, actor=centre, on=LATER, methods=["material"])
    workflow.request_opinion(change, actor=centre, on=LATER)
    assert waiting(world, change) == ("县（市、区）", LATER)
    assert names(world.browser("county handler").get("/applications/")) == [change.name]
    decide(world, change, "give_opinion", "county", LATER, positive=True, text="无意见")
    assert waiting(world, change) == ("市中心", LATER)
    assert names(world.browser("county handler").get("/applications/")) == []
    CapOverride.objects.create(
        application=change, cap="city", request="名额已满", asked_by=world.people["centre handler"], asked_on=LATER
    )
    assert waiting(world, change) == ("市局", LATER)
    assert filing.agency == change.agency


def test_what_is_late(world):
    application = accepted(world)  # recommendation by 24 September, decision by 19 October
    ahead = submitted(world, who="rival admin", on=datetime.date(2026, 10, 16))
    lapses.sweep(datetime.date(2026, 10, 20))
    with on_day(2026, 10, 20):
        for who in ("county handler", "centre handler", "bureau handler"):
            found = names(world.browser(who).get("/applications/?late=overdue"))
            assert found == [application.name], who
        assert names(world.browser("bureau handler").get("/applications/")) == [application.name, ahead.name]
    with on_day(2026, 9, 24):
        assert names(world.browser("centre handler").get("/applications/?late=overdue")) == []


def test_a_change_reported_late_is_late(world):
    filed(world)
    long_ago = DAY - datetime.timedelta(days=60)
    change = following(world, "change", DAY, legal_representative="法定代表人乙", changed_on=long_ago)
    submitted(world, who="rival admin")
    answer = world.browser("bureau handler").get("/applications/?late=asked_late")
    assert names(answer) == [change.name]
    assert "逾期提出" in answer.content.decode()


def test_narrowed_to_an_area_by_seat_or_site(world):
    first, second = submitted(world), submitted(world, who="rival admin")
    second.sites.update(area_id="410523")
    bureau = world.browser("bureau handler")
    assert names(bureau.get("/applications/?area=410523")) == [second.name]
    assert sorted(names(bureau.get("/applications/?area=410502"))) == sorted([first.name, second.name])
    assert "area" not in world.browser("county handler").get("/applications/").context["filter_form"].fields


def test_the_export_holds_exactly_what_is_filtered(world):
    submitted(world)
    second = accepted(world, who="rival admin")
    answer = world.browser("county handler").get("/applications/?view=all&state=accepted&export=csv")
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [line[0] for line in lines] == ["申请号", second.number]


@pytest.mark.parametrize("view", ["open", "all"])
def test_the_xlsx_holds_the_lists_rows_in_its_order(world, view):
    late, early = submitted(world, on=LATER), submitted(world, who="rival admin")
    over = submitted(world, who=third_agency(world))
    workflow.withdraw(over, actor=world.actor("third admin"), on=DAY)
    browser = world.browser("bureau handler")
    shown = [row.application.number for row in browser.get(f"/applications/?view={view}").context["page"].items]
    assert shown == ([early.number, late.number] if view == "open" else [over.number, early.number, late.number])
    answer = browser.get(f"/applications/?view={view}&export=xlsx")
    data = io.BytesIO(b"".join(answer.streaming_content))
    heading, *rows = CalamineWorkbook.from_filelike(data).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == shown
    by_number = {row[0]: dict(zip(heading, row, strict=True)) for row in rows}
    assert by_number[late.number]["收到日期"] == by_number[late.number]["自"] == LATER
    assert by_number[late.number]["等谁办理"] == "县（市、区）"
    assert by_number[early.number]["最后一日"] == datetime.date(2026, 9, 24)


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
