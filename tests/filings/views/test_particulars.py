"""What the agency handed in stands in a line for each part, open only where something asks to be looked at."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from lxml import html

from core.clock.clock import SHANGHAI
from filings import workflow
from filings.enums import StaffKind
from tests.world import DAY, World, make_world, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(datetime.datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=SHANGHAI), tick=True):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def application(world):
    return submitted(world)


def read(world: World, application, who: str = "county handler") -> html.HtmlElement:
    page = world.browser(who).get(reverse("filings:application", args=[application.pk]))
    return html.document_fromstring(page.content.decode())


def folds(page: html.HtmlElement) -> dict[str, bool]:
    """{the part's key: whether it stands open}."""
    parts = page.xpath("//*[starts-with(@id, 'id_part-')][following-sibling::details]")
    return {one.get("id").removeprefix("id_part-"): "open" in one.getnext().attrib for one in parts}


def summary(page: html.HtmlElement, key: str) -> str:
    return page.xpath(f"string(//*[@id='id_part-{key}']/following-sibling::details/summary)")


def test_each_part_says_in_a_line_what_it_holds_and_holds_it_all(world, application):
    page = read(world, application)
    assert set(folds(page)) == {"agency", "scope", "sites", "staff", "records"}
    people = list(application.staff.all())
    kinds = {kind: sum(1 for one in people if one.kind == kind) for kind in StaffKind}
    assert summary(page, "staff").startswith(f"{len(people)} 人：")
    assert all(f"{kind.label} {many}" in summary(page, "staff") for kind, many in kinds.items() if many)
    table = page.xpath("//*[@id='id_part-staff']/following-sibling::details//tbody")[0].text_content()
    assert all(one.name in table for one in people)
    assert "未填写：评价工作负责人" in summary(page, "agency") or application.person_in_charge


def test_what_is_marked_stands_open(world, application):
    assert not any(folds(read(world, application)).values())
    actor = world.actor("county handler")
    workflow.mark_part(application, "sites", correct=True, remark="", actor=actor, on=DAY)
    workflow.mark_part(application, "staff", correct=False, remark="证书不全", actor=actor, on=DAY)
    assert [key for key, is_open in folds(read(world, application)).items() if is_open] == ["staff"]


def test_what_fails_a_condition_stands_open_and_the_condition_is_not_folded(world, application):
    assert not read(world, application).xpath("//*[@id='conditions']/div[contains(., '视频监控')]")
    application.sites.update(surveillance=False)
    page = read(world, application)
    assert [key for key, is_open in folds(page).items() if is_open] == ["sites"]
    assert page.xpath("//*[@id='conditions']/div[contains(., '每处考评场地都有视频监控')]")
    assert "每处考评场地都有视频监控" not in page.xpath("string(//*[@id='conditions']/details)")


def test_the_agency_reads_its_own_unfolded(world, application):
    page = read(world, application, "agency admin")
    assert page.xpath("//*[@id='particulars-title']")
    assert not page.xpath("//*[contains(@class, 'particulars')]//details[contains(@class, 'folded')][not(@open)]")
