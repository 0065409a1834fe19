"""A county review in a real browser: marks by click and by key, the correction that writes itself, two people."""

import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from core.clock.clock import SHANGHAI
from core.documents.models import OfficialDocument
from core.workflow.models import Proposal
from filings import workflow
from regulation.materials import MATERIALS
from tests.browsing import press_and_confirm
from tests.core.documents import files
from tests.world import DAY, filled_draft, make_world, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(datetime.datetime(DAY.year, DAY.month, DAY.day, 10, tzinfo=SHANGHAI), tick=True):
        yield


def test_a_review_ends_in_one_correction_notice(sign_in, picture, assert_accessible):
    world = make_world()
    application = submitted(world)
    page = sign_in(world, "county handler")
    page.goto("/applications/")
    page.get_by_role("link", name=application.name).click()
    assert page.locator("#closed li").count() == len(MATERIALS)

    page.wait_for_load_state("networkidle")  # the keys are a script's; it must be there before a key is pressed
    # By key: j goes to the first material, o opens it beside the work, y marks it; the page is not left.
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.locator("dialog[open] iframe").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    page.locator("#id_material-profile .is-ok").wait_for()
    assert page.locator("#seen").inner_text() == "6 项，1 项已看"
    for key in ("work_plan", "credit", "record", "pledge"):
        page.locator(f"#id_material-{key}").get_by_role("button", name="齐全、合规").click()
        page.locator(f"#id_material-{key} .is-ok").wait_for()

    venue = page.locator("#id_material-venue")
    venue.get_by_text("有问题").click()
    venue.get_by_role("button", name="记下").click()
    venue.get_by_text("请写明缺什么、怎么补").wait_for()
    venue.get_by_label("缺什么、怎么补").fill("请补附视频监控位置的平面图。")
    venue.get_by_role("button", name="记下").click()
    page.locator("#id_material-venue .is-no").wait_for()
    assert page.locator("#closed li").count() == 1
    assert_accessible(page)
    picture(page, "county-review")

    page.get_by_role("link", name="发补正通知").click()
    page.get_by_label("补正期限").fill("45")
    page.get_by_role("button", name="发补正通知").click()
    assert page.get_by_label("补正期限").input_value() == "45"
    page.get_by_label("补正期限").fill("15")
    with page.expect_response(
        lambda answer: "/preview/" in answer.url and answer.request.method == "POST"
    ) as previewed:
        page.get_by_role("button", name="预览补正通知书").click()
    assert previewed.value.headers["content-type"] == "application/pdf"
    assert not OfficialDocument.objects.filter(series="correction").exists()
    assert_accessible(page)
    picture(page, "county-correction")
    page.get_by_role("button", name="发补正通知").click()
    page.get_by_text("已办理：发补正通知").wait_for()
    application.refresh_from_db()
    assert application.state == "correcting"
    assert OfficialDocument.objects.get(series="correction").content["days"] == 15


def test_acceptance_and_recommendation_by_two_people(sign_in, assert_accessible, picture):
    world = make_world()
    application = submitted(world)
    handler = sign_in(world, "county handler")
    handler.goto(f"/applications/{application.pk}/")
    for key in MATERIALS:
        handler.locator(f"#id_material-{key}").get_by_role("button", name="齐全、合规").click()
        handler.locator(f"#id_material-{key} .is-ok").wait_for()
    handler.get_by_role("link", name="受理", exact=True).click()
    handler.get_by_role("button", name="受理", exact=True).click()
    handler.get_by_role("link", name="提议出具推荐意见").click()
    handler.get_by_label("推荐", exact=True).check()
    handler.get_by_label("意见", exact=True).fill("材料齐全，同意推荐。")
    handler.get_by_role("button", name="提交负责人决定").click()
    handler.get_by_text("等待负责人决定").first.wait_for()
    assert Proposal.objects.get().state == "open"

    chief = sign_in(world, "county chief")
    chief.goto("/desk/")
    chief.get_by_role("link", name=f"出具推荐意见：{application.name}").click()
    assert_accessible(chief)
    picture(chief, "county-proposal")
    press_and_confirm(chief, "决定：出具推荐意见")
    chief.get_by_text("已决定：出具推荐意见").wait_for()
    application.refresh_from_db()
    assert application.state == "recommended"


def test_a_phone_shows_the_review_without_scrolling_sideways(sign_in, picture):
    world = make_world()
    application = submitted(world)
    page = sign_in(world, "county handler", viewport={"width": 320, "height": 700})
    for address in ("/applications/", f"/applications/{application.pk}/", "/quota/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
    picture(page, "county-phone")


def test_a_photograph_is_fitted_to_the_frame(sign_in):
    world = make_world()
    application = filled_draft(world)
    photo = SimpleUploadedFile("照片.jpg", files.picture("JPEG", (1600, 1200)))
    agency = world.actor("agency admin")
    workflow.upload_material(application, "credit", photo, actor=agency, on=DAY)
    workflow.submit(application, actor=agency, on=DAY)
    page = sign_in(world, "county handler")
    page.goto(f"/applications/{application.pk}/")
    page.locator("#id_material-credit .material-name a").click()
    frame = page.frame_locator("dialog[open] iframe")
    expect(frame.locator("img")).to_be_visible()
    width, shown = frame.locator("img").evaluate("one => [one.getBoundingClientRect().width, innerWidth]")
    assert 0 < width <= shown < 1600
