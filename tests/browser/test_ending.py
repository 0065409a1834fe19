"""A filing deregistered and suspended in a real browser, from the asking to what the public finds."""

import datetime

import pytest
import time_machine
from django.db import transaction

from core.accounts.models import ServiceConsent
from core.clock.clock import SHANGHAI
from core.documents.models import OfficialDocument
from filings.models import Filing
from filings.workflow import suspending
from tests.browsing import press_and_confirm
from tests.world import file, filed, following, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = datetime.date(2027, 3, 1)
PHONE = {"width": 390, "height": 844}
PAPER = {"name": "凭证.pdf", "mimeType": "application/pdf", "buffer": file().read()}


@pytest.fixture
def world(db):
    world = make_world()
    instant = datetime.datetime(DAY.year, DAY.month, DAY.day, 10, tzinfo=SHANGHAI)
    with time_machine.travel(instant, tick=True):
        yield world


def test_from_asking_to_the_public_page(world, sign_in, assert_accessible, picture):
    filing = filed(world)
    following(world, "change", DAY, name="文峰区新甲职业培训学校", changed_on=DAY)
    agency = sign_in(world, "agency admin")
    agency.goto(f"/filings/{filing.pk}/")
    agency.get_by_role("link", name="申请注销备案").click()
    agency.get_by_text("您同意了门户送达：决定当日生效").wait_for()
    agency.get_by_text("变更备案申请").first.wait_for()
    assert_accessible(agency)
    picture(agency, "deregistration-ask")
    agency.get_by_label("申请注销的原因").fill("学校转型，不再开展社会评价。")
    press_and_confirm(agency, "申请注销备案")
    agency.get_by_text("已申请注销备案，由市职业技能鉴定指导中心决定").wait_for()
    press_and_confirm(agency, "收回")
    agency.get_by_text("已收回，备案不注销").wait_for()
    agency.get_by_role("link", name="申请注销备案").click()
    agency.get_by_label("申请注销的原因").fill("学校转型，不再开展社会评价。")
    press_and_confirm(agency, "申请注销备案")
    agency.get_by_text("等待决定").first.wait_for()
    assert_accessible(agency)
    picture(agency, "deregistration-asked")

    handler = sign_in(world, "centre handler")
    handler.goto("/desk/")
    handler.get_by_role("heading", name="注销备案").wait_for()
    picture(handler, "deregistration-desk")
    handler.get_by_role("region", name="注销备案").get_by_role("link", name="全部").click()
    assert_accessible(handler)
    picture(handler, "deregistration-list")
    handler.get_by_role("link", name=filing.name).click()
    assert_accessible(handler)
    picture(handler, "deregistration-at-the-centre")
    handler.get_by_role("link", name="提议注销备案").click()
    handler.get_by_label("机构申请").check()
    handler.get_by_label("给负责人的说明").fill("没有未结事项。")
    assert_accessible(handler)
    picture(handler, "deregistration-propose")
    handler.get_by_role("button", name="提交负责人决定").click()
    handler.get_by_role("heading", name="提议注销备案，等待负责人决定").wait_for()

    chief = sign_in(world, "centre chief")
    chief.goto("/desk/")
    chief.get_by_role("link", name=f"注销备案：{filing.name}").click()
    chief.get_by_text("没有未结事项。").wait_for()
    assert_accessible(chief)
    picture(chief, "deregistration-decide")
    press_and_confirm(chief, "决定：注销备案")
    chief.get_by_text("已决定：注销备案").wait_for()
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on) == ("deregistered", DAY)
    picture(chief, "deregistration-ended-at-the-centre")

    agency.goto(f"/filings/{filing.pk}/")
    agency.get_by_text("自2027年3月1日起。").wait_for()
    agency.get_by_text("注销备案决定书").first.wait_for()
    assert_accessible(agency)
    picture(agency, "deregistration-ended")
    agency.goto("/desk/")
    agency.get_by_text("已注销").first.wait_for()
    agency.get_by_text("现在没有有效的备案").wait_for()
    picture(agency, "deregistration-agency-desk")

    public = sign_in(world, "rival admin", viewport=PHONE)
    public.goto(f"/agencies/{filing.code}/")
    public.get_by_text("自2027年3月1日起注销备案").first.wait_for()
    assert_accessible(public)
    picture(public, "deregistration-public-phone")
    public.get_by_label("查看哪一天的状态").fill("2027-02-28")
    public.get_by_role("button", name="查看").click()
    public.get_by_text("以 2027年2月28日为准").wait_for()
    public.get_by_text("有效期至2029年9月18日").first.wait_for()
    picture(public, "deregistration-public-the-day-before-phone")
    public.goto("/announcements/")
    public.get_by_role("link", name=f"关于注销{filing.name}备案的公告").click()
    public.get_by_role("link", name="安人社职评注销〔2027〕1号").wait_for()
    assert_accessible(public)
    picture(public, "deregistration-announced-phone")
    public.get_by_role("link", name="安人社职评注销〔2027〕1号").click()
    public.get_by_text("文书真实").wait_for()
    picture(public, "deregistration-paper-verified-phone")


def test_a_legal_person_that_has_ceased_and_a_decision_to_serve(world, sign_in, assert_accessible, picture):
    filing, other = filed(world), filed(world, who="rival admin")
    ServiceConsent.objects.all().delete()
    handler = sign_in(world, "centre handler")
    handler.goto(f"/filings/{filing.pk}/")
    handler.get_by_role("link", name="登记法人终止").click()
    handler.get_by_label("法人终止的日期").fill("2027-02-20")
    handler.get_by_label("查明的情况").fill("登记机关已准予注销登记。")
    handler.locator("input[type=file]").set_input_files(PAPER)
    assert_accessible(handler)
    picture(handler, "deregistration-ceased")
    handler.get_by_role("button", name="登记", exact=True).click()
    handler.get_by_text("已登记法人终止，可以提议注销备案").wait_for()
    picture(handler, "deregistration-ceased-recorded")
    propose_and_decide(world, sign_in, handler, filing)
    filing.refresh_from_db()
    assert filing.state == "deregistered"

    agency = sign_in(world, "rival admin", viewport=PHONE)
    agency.goto(f"/filings/{other.pk}/deregistration/")
    agency.get_by_text("您没有同意门户送达：决定书送达之日生效").wait_for()
    assert_accessible(agency)
    picture(agency, "deregistration-ask-phone")
    agency.get_by_label("申请注销的原因").fill("不再开展评价。")
    press_and_confirm(agency, "申请注销备案")
    agency.get_by_text("已申请注销备案").wait_for()
    propose_and_decide(world, sign_in, handler, other)
    other.refresh_from_db()
    assert other.state == "active"
    handler.goto("/desk/")
    handler.get_by_role("link", name="登记送达").click()
    handler.get_by_label("直接送达", exact=True).check()
    handler.get_by_label("送达凭证").set_input_files(PAPER)
    assert_accessible(handler)
    picture(handler, "deregistration-service")
    handler.get_by_role("button", name="登记", exact=True).click()
    handler.get_by_text("已登记送达：注销备案决定书").wait_for()
    other.refresh_from_db()
    assert (other.state, other.ended_on) == ("deregistered", DAY)
    assert OfficialDocument.objects.filter(series="deregistration").count() == 2


def propose_and_decide(world, sign_in, handler, filing):
    handler.goto(f"/filings/{filing.pk}/transitions/deregister/")
    handler.get_by_role("button", name="提交负责人决定").click()
    handler.get_by_role("heading", name="提议注销备案，等待负责人决定").wait_for()
    chief = sign_in(world, "centre chief")
    chief.goto(f"/filings/{filing.pk}/")
    chief.get_by_role("link", name="查看并决定").click()
    press_and_confirm(chief, "决定：注销备案")
    chief.get_by_text("已决定：注销备案").wait_for()


def test_a_suspended_filing_wherever_it_is_shown(world, sign_in, assert_accessible, picture):
    filing = filed(world)
    with transaction.atomic():
        suspending.suspend(
            Filing.objects.get(), matter=("sanctions.case", "1"), source="警告限期整改决定（安人社职评警〔2027〕1号）",
            actor=world.actor("centre chief", DAY), on=DAY,
        )  # fmt: skip
    agency = sign_in(world, "agency admin")
    agency.goto("/desk/")
    agency.get_by_text("暂停期间不得开展评价，有效期照常计算").first.wait_for()
    picture(agency, "suspended-agency-desk")
    agency.goto(f"/filings/{filing.pk}/")
    agency.get_by_text("暂停中").wait_for()
    assert_accessible(agency)
    picture(agency, "suspended-filing")
    county = sign_in(world, "county handler")
    county.goto("/desk/")
    county.get_by_text("暂停评价").first.wait_for()
    public = sign_in(world, "rival admin", viewport=PHONE)
    public.goto("/agencies/?status=suspended")
    public.get_by_role("link", name=filing.name).click()
    public.get_by_text("自2027年3月1日起，依据警告限期整改决定").first.wait_for()
    assert_accessible(public)
    picture(public, "suspended-public-phone")
    receipt = filing.receipts.get().document
    public.goto(f"/verify/{receipt.code}/")
    public.get_by_text("暂停评价", exact=True).first.wait_for()
    assert_accessible(public)
    picture(public, "suspended-receipt-phone")
