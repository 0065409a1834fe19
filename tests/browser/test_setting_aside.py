"""A refusal set aside by a court, taken up again and approved; a clerical error in its receipt; in a real browser."""

import datetime
import re

import pytest
import time_machine

from core.clock.clock import SHANGHAI
from core.documents.models import OfficialDocument
from filings.models import Filing
from tests.browsing import press_and_confirm
from tests.filings.test_state_table import BUILD
from tests.world import file, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = datetime.date(2026, 11, 2)
RULING = {"name": "行政判决书.pdf", "mimeType": "application/pdf", "buffer": file().read()}


@pytest.fixture
def portal_day():
    """Ten in the morning of a day long after the refusal."""
    moment = datetime.datetime(DAY.year, DAY.month, DAY.day, 10, tzinfo=SHANGHAI)
    with time_machine.travel(moment, tick=True):
        yield


def paper(series: str) -> OfficialDocument:
    return OfficialDocument.objects.filter(series=series).latest("id")


def verified(page, document: OfficialDocument) -> None:
    page.goto(f"/verify/{document.code}/")


def test_a_refusal_set_aside_by_a_court(portal_day, sign_in, assert_accessible, picture):
    world = make_world()
    application = BUILD["refused"](world)
    refusal = paper("refusal")
    handler = sign_in(world, "centre handler")
    handler.goto(f"/applications/{application.pk}/")
    handler.get_by_role("link", name="提议依裁决恢复办理").click()
    handler.get_by_role("button", name="提交负责人决定").click()
    handler.get_by_role("heading", name="有 4 处需要修改").wait_for()
    handler.locator("#id_ruling input[type=file]").last.set_input_files(RULING)
    handler.locator("#id_ruling").get_by_role("link", name="行政判决书.pdf").wait_for()
    handler.get_by_label("人民法院").check()
    handler.get_by_label(re.compile("^裁决文书号")).fill("（2026）豫05行终1号")
    handler.get_by_label(re.compile("^裁决日期")).fill("2026-10-30")
    handler.get_by_label(re.compile("^裁决内容")).fill("撤销被诉不予备案决定，责令重新作出处理。")
    assert_accessible(handler)
    picture(handler, "set-aside-proposal")
    handler.set_viewport_size({"width": 390, "height": 844})
    picture(handler, "set-aside-proposal-phone")
    handler.get_by_role("button", name="提交负责人决定").click()
    handler.get_by_role("heading", name="提议依裁决恢复办理，等待负责人决定").wait_for()
    picture(handler, "set-aside-proposed-phone")

    chief = sign_in(world, "centre chief")
    chief.goto("/desk/")
    chief.get_by_role("link", name=f"依裁决恢复办理：{application.name}").click()
    chief.get_by_text("撤销被诉不予备案决定，责令重新作出处理。").first.wait_for()
    assert_accessible(chief)
    picture(chief, "set-aside-decision")
    press_and_confirm(chief, "决定：依裁决恢复办理")
    chief.get_by_text("已决定：依裁决恢复办理").wait_for()
    picture(chief, "set-aside-at-the-centre")

    agency = sign_in(world, "agency admin")
    agency.goto(f"/applications/{application.pk}/")
    agency.get_by_text("依裁决恢复办理").first.wait_for()
    agency.get_by_text("已被撤销").first.wait_for()
    assert_accessible(agency)
    picture(agency, "set-aside-agency")
    verified(agency, refusal)
    agency.get_by_text("已撤销").first.wait_for()
    agency.get_by_text("以（2026）豫05行终1号裁决撤销了其中的决定").first.wait_for()
    picture(agency, "set-aside-verified")

    from tests.world import decide

    application.refresh_from_db()
    decide(world, application, "approve", "centre", DAY, granted=["6-18-02-04", "6-31-01-03"])
    receipt = paper("receipt")
    verified(agency, receipt)
    agency.get_by_text(Filing.objects.get().code).first.wait_for()
    agency.get_by_text("有效", exact=True).first.wait_for()

    correct_the_receipt(world, sign_in, assert_accessible, picture, application, receipt)


def correct_the_receipt(world, sign_in, assert_accessible, picture, application, receipt) -> None:
    handler = sign_in(world, "centre handler")
    handler.goto(f"/applications/{application.pk}/")
    handler.get_by_role("link", name=re.compile(rf"^更正\s*备案回执\s+{re.escape(receipt.number)}")).click()
    handler.get_by_label("地址", exact=True).fill("文峰区示范路1号")
    handler.get_by_role("button", name="提交负责人决定").click()
    handler.get_by_role("heading", name="有 1 处需要修改").wait_for()
    handler.get_by_label(re.compile("^更正的原因")).fill("录入时笔误。")
    handler.get_by_role("button", name="预览更正后的文书").click()
    assert_accessible(handler)
    picture(handler, "clerical-proposal")
    handler.set_viewport_size({"width": 390, "height": 844})
    picture(handler, "clerical-proposal-phone")
    handler.get_by_role("button", name="提交负责人决定").click()
    handler.get_by_text("已提议更正，等待负责人决定。").wait_for()

    chief = sign_in(world, "centre chief")
    chief.goto("/desk/")
    chief.get_by_role("link", name=f"更正《备案回执》：{application.name}").click()
    chief.get_by_text("更正为“文峰区示范路1号”").wait_for()
    assert_accessible(chief)
    picture(chief, "clerical-decision")
    press_and_confirm(chief, "决定：更正文书")
    chief.get_by_text("已更正，新文书已签发。").wait_for()
    picture(chief, "clerical-decided")

    public = sign_in(world, "agency admin")
    verified(public, receipt)
    public.get_by_text("已被替换").first.wait_for()
    verified(public, paper("receipt"))
    public.get_by_text("有效", exact=True).first.wait_for()
    public.goto(f"/agencies/{Filing.objects.get().code}/")
    public.get_by_text("文峰区示范路1号").first.wait_for()
    public.get_by_text("更正备案回执").first.wait_for()
    public.goto(f"/applications/{application.pk}/")
    public.get_by_text("更正文书").first.wait_for()
    picture(public, "clerical-agency")
