"""The board's pages: narrowed by the address, exported exactly as narrowed, each cell with what stands behind it."""

import csv
import datetime
import io

import pytest
import time_machine

from core.clock.clock import SHANGHAI
from filings.models import CapOverride, QuotaYear, UrgentOccupation
from filings.workflow import assignments
from tests.filings.workflow.test_assignments import made
from tests.world import DAY, World, approved, assessing, filed, make_world

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=SHANGHAI)
WELDER = "6-18-02-04"


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def page(world: World, who: str, address: str) -> str:
    return world.browser(who).get(address).content.decode()


def test_the_export_holds_exactly_what_is_narrowed(world):
    filed(world)
    answer = world.browser("bureau chief").get("/quota/?q=焊&area=市区&export=csv")
    assert answer["Content-Type"].startswith("text/csv")
    heading, *rows = csv.reader(io.StringIO(answer.getvalue().decode().removeprefix("\ufeff")))
    assert heading[0] == "代码"
    assert rows == [[WELDER, "焊工", "", "市区", "3", "1", "2", "0", "0", ""]]


def test_a_county_sees_its_own_column_first_and_the_city_if_it_asks(world):
    filed(world)
    own = page(world, "other county handler", "/quota/")
    assert ('scope="col">汤阴县' in own, 'scope="col">市区' in own) == (True, False)
    every = page(world, "other county handler", "/quota/?area=all")
    assert ('scope="col">汤阴县' in every, 'scope="col">市区' in every) == (True, True)


def test_an_empty_board_says_what_would_fill_it(world):
    text = page(world, "centre chief", "/quota/")
    assert "没有可显示的职业" in text
    assert "焊工" in page(world, "centre chief", "/quota/?show=all")
    assert "没有符合条件的职业" in page(world, "centre chief", "/quota/?q=没有")


def test_a_cell_says_who_holds_who_waits_and_why_it_is_over(world):
    filing = filed(world)
    waiting = assessing(world, who="rival admin")
    cell = page(world, "centre handler", f"/quota/places/市区:{WELDER}/")
    assert (filing.name in cell, waiting.name in cell, "提出调配" in cell) == (True, True, False)
    assert f'href="/quota/places/%E5%B8%82%E5%8C%BA:{WELDER}/"' in cell.replace("%3A", ":")  # its row of the board
    assert 'aria-current="true"' in cell
    assert waiting.name not in page(world, "other county handler", f"/quota/places/市区:{WELDER}/")
    assert "提出调配" in page(world, "centre handler", f"/quota/places/汤阴县:{WELDER}/")
    assert "提出调配" not in page(world, "county handler", f"/quota/places/汤阴县:{WELDER}/")
    QuotaYear.objects.update(places=0)
    assert "超出 1 家" in page(world, "bureau handler", "/quota/places/city/")
    assert world.browser("centre handler").get(f"/quota/places/没有:{WELDER}/").status_code == 404


def test_an_override_is_named_with_its_reason(world):
    application = approved(world)
    CapOverride.objects.create(
        application=application, cap="city", request="急需", asked_by=world.people["centre handler"], asked_on=DAY,
        granted=True, reason="产业急需，同意", decided_by=world.people["bureau chief"], decided_on=DAY,
    )  # fmt: skip
    for who, told in (("centre chief", True), ("county handler", True), ("other county handler", False)):
        assert ("产业急需，同意" in page(world, who, "/quota/places/city/")) is told, who


def test_urgent_ones_are_marked_and_come_first(world):
    application = assessing(world)
    assert "急需</span>" not in page(world, "centre handler", "/applications/")
    UrgentOccupation.objects.create(occupation_id=WELDER, since=DAY, source="目录")
    for address in (
        "/applications/",
        "/applications/?urgent=yes",
        f"/applications/{application.pk}/",
        "/quota/places/city/",
    ):
        assert "急需" in page(world, "centre handler", address), address
    assert application.name not in page(world, "centre handler", "/applications/?urgent=yes&kind=change")


def test_the_desks_name_what_waits(world):
    row = assignments.offer(
        filed(world), actor=world.actor("centre handler"), on=DAY, occupation=_welder(), quota_area="汤阴县",
        levels=[5], site="汤阴县", reason="当地没有",
    )  # fmt: skip
    assert f"/assignments/{row.pk}/" in page(world, "agency admin", "/desk/")
    assert f"/assignments/{row.pk}/" not in page(world, "centre handler", "/desk/")
    assignments.consent(row, actor=world.actor("agency admin"), on=DAY)
    assert f"/assignments/{row.pk}/" in page(world, "centre handler", "/desk/")
    assert f"/assignments/{row.pk}/" not in page(world, "centre chief", "/desk/")
    world.browser("centre handler").post(f"/assignments/{row.pk}/make/")
    assert f"/assignments/{row.pk}/" in page(world, "centre chief", "/desk/")
    answer = world.browser("centre chief").post(f"/assignments/{row.pk}/decide/")
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.state == "in_force"


def test_a_proposal_is_given_back_or_taken_back_and_an_end_is_decided(world):
    row = made(world, filed(world))
    handler, chief = world.browser("centre handler"), world.browser("centre chief")
    at = f"/assignments/{row.pk}/"
    assert handler.post(f"{at}end/", {"end-reason": " "}).status_code == 422
    for name, who, data in (
        ("return", chief, {"answer": "请补充理由"}),
        ("withdraw-proposal", handler, {}),
        ("decide", chief, {}),
    ):
        assert handler.post(f"{at}end/", {"end-reason": "不再需要"}).status_code == 302
        if name == "return":
            assert chief.post(f"{at}return/", {"answer": ""}).status_code == 409
        assert who.post(f"{at}{name}/", data).status_code == 302
    row.refresh_from_db()
    assert row.state == "ended"
    assert handler.post(f"{at}decide/").status_code == 404
    assert handler.post(f"{at}nonsense/").status_code == 404
    assert world.browser("rival admin").get(at).status_code == 404


def _welder():
    from core.reference.models import Occupation

    return Occupation.objects.get(pk=WELDER)
