"""Selection on merit in a real browser: two rivals for the last place of 焊工 in the urban area, both ways."""

import datetime
import re

import pytest

from core.documents.models import OfficialDocument
from filings.models import PassedOver
from tests.browsing import press_and_confirm
from tests.filings.factories import OCCUPATION, last_places, quick_scored
from tests.world import DAY, approved, assessed, following, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_ten")]

PHONE = {"width": 390, "height": 844}
PLACE = f"/quota/places/市区:{OCCUPATION}/"


@pytest.fixture
def rivals(db):
    """(world, the better, the worse), for the last place."""
    world = make_world()
    last_places(world)
    return world, quick_scored(world, 1, 93, 90), quick_scored(world, 2, 78, 82)


def propose(page, application, what):
    page.goto(f"/applications/{application.pk}/")
    page.get_by_role("link", name=f"提议{what}").click()
    page.get_by_role("button", name="提交负责人决定").wait_for()


def send(page):
    page.get_by_role("button", name="提交负责人决定").click()


def decide(page, what, application):
    page.goto("/desk/")
    page.get_by_role("link", name=f"{what}：{application.name}").click()
    press_and_confirm(page, f"决定：{what}")
    page.get_by_text(f"已决定：{what}").wait_for()


def test_the_better_one_has_the_last_place_and_the_other_reads_its_own_score(
    rivals, sign_in, picture, assert_accessible
):
    world, better, worse = rivals
    handler, chief = sign_in(world, "centre handler"), sign_in(world, "centre chief")
    handler.goto("/quota/?q=焊")
    assert_accessible(handler)
    handler.locator(".board a.cell").first.click()
    assert_accessible(handler)
    handler.get_by_role("heading", name="市区“焊工”").wait_for()
    handler.get_by_text("在名额之内").wait_for()
    assert_accessible(handler)
    picture(handler, "candidates")
    phone = sign_in(world, "bureau chief", viewport=PHONE)
    phone.goto(PLACE)
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(phone)
    picture(phone, "candidates-phone")
    printed = sign_in(world, "bureau chief", viewport={"width": 720, "height": 900})
    printed.goto(PLACE)
    printed.emulate_media(media="print")
    picture(printed, "candidates-print")
    propose(handler, better, "同意备案")
    handler.get_by_role("region", name="焊工", exact=True).get_by_label("同意", exact=True).check()
    assert handler.get_by_label("越过排在前面的申请的理由").count() == 0
    picture(handler, "candidates-better-form")
    send(handler)
    handler.get_by_text("等待负责人决定").first.wait_for()
    decide(chief, "同意备案", better)
    assert better.places_given.filter(cap=f"市区:{OCCUPATION}", free=1).exists()

    propose(handler, worse, "不予备案")
    handler.get_by_label("依据").first.select_option("M11")
    handler.get_by_label("理由").first.fill("名额有限，经择优遴选，未能入选。")
    send(handler)
    handler.get_by_text("等待负责人决定").first.wait_for()
    decide(chief, "不予备案", worse)
    content = OfficialDocument.objects.get(series="refusal").content
    assert [one["marks"] for one in content["scores"]] == ["40.0", "30.0", "10.0"]
    assert (content["score"], content["merit"]) == ("80.0", ["市区“焊工”的名额已给予评分更高的申请。"])
    agency = sign_in(world, "agency 2 admin")
    agency.goto(f"/applications/{worse.pk}/")
    agency.get_by_text("不予备案决定书").first.wait_for()
    assert better.name not in agency.locator("main").inner_text()


def test_the_worse_one_is_preferred_with_a_reason(rivals, sign_in, picture, assert_accessible):
    world, better, worse = rivals
    handler, chief = sign_in(world, "centre handler"), sign_in(world, "centre chief")
    propose(handler, worse, "同意备案")
    handler.get_by_role("region", name="焊工", exact=True).get_by_label("同意", exact=True).check()
    send(handler)
    handler.get_by_text("请写明越过的理由").first.wait_for()
    assert_accessible(handler)
    picture(handler, "candidates-worse-form")
    handler.get_by_label("越过排在前面的申请的理由").fill("市区南部还没有焊工评价机构，本件的场地在南部。")
    send(handler)
    handler.get_by_role("heading", name="提议同意备案，等待负责人决定").wait_for()
    chief.goto("/desk/")
    chief.get_by_role("link", name=f"同意备案：{worse.name}").click()
    chief.get_by_text("市区南部还没有焊工评价机构").first.wait_for()
    chief.get_by_role("region", name="候选：市区“焊工”").get_by_text(better.name).wait_for()
    assert_accessible(chief)
    picture(chief, "candidates-proposal")
    phone = sign_in(world, "centre chief", viewport=PHONE)
    phone.goto(chief.url)
    picture(phone, "candidates-proposal-phone")
    press_and_confirm(chief, "决定：同意备案")
    chief.get_by_text("已决定：同意备案").wait_for()
    assert PassedOver.objects.get().rival == better
    chief.goto(f"/applications/{worse.pk}/")
    chief.get_by_text(re.compile(f"越过 {better.name}")).first.wait_for()
    assert_accessible(chief)
    picture(chief, "candidates-after")


def test_the_criteria_and_a_found_day(sign_in, picture, assert_accessible):
    world = make_world()
    approved(world)
    named = {"name": "文峰区新甲职业培训学校", "changed_on": DAY - datetime.timedelta(days=5)}
    change = assessed(world, following(world, "change", DAY, **named), DAY)
    chief = sign_in(world, "centre chief")
    chief.goto("/criteria/")
    chief.get_by_label("代号").fill("venue")
    chief.get_by_label("满分").fill("60")
    chief.get_by_label("自何日起").fill("2026-10-01")
    chief.get_by_label("标准", exact=True).fill("场地与设备")
    chief.get_by_role("button", name="公布").click()
    chief.get_by_text("标准已公布").wait_for()
    assert_accessible(chief)
    picture(chief, "criteria-sets")
    handler = sign_in(world, "centre handler")
    handler.goto(f"/applications/{change.pk}/")
    handler.get_by_text("登记查明的变更之日").click()
    handler.get_by_label(re.compile("^查明的变更之日")).fill("2026-08-10")
    handler.get_by_label("查明的依据").fill("民政局准予变更登记决定书")
    handler.get_by_role("button", name="登记", exact=True).click()
    handler.get_by_text("逾期 9 日").wait_for()
    assert_accessible(handler)
    picture(handler, "found-day")
    agency = sign_in(world, "agency admin", viewport=PHONE)
    agency.goto(f"/applications/{change.pk}/")
    agency.get_by_text("逾期 9 日").wait_for()
    picture(agency, "found-day-agency-phone")
