"""A county review by every hand: marks, the correction notice that writes itself, a recommendation by two people."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from core.documents.models import OfficialDocument
from core.workflow.models import Proposal
from filings import workflow
from tests.core.documents import files
from tests.world import DAY, filled_draft, make_world, mark_all, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_ten")]


def test_a_review_ends_in_one_correction_notice(hands):
    world = make_world()
    application = submitted(world)
    hand = hands(world, "county handler")
    hand.open("/applications/")
    hand.follow(application.name)
    hand.see("6 项，0 项已看")
    for key in ("profile", "work_plan", "credit", "record", "pledge"):
        material = hand.at(f"#id_material-{key}")
        material.press("齐全、合规")
        expect(material.at(".is-ok").place).to_be_visible()
    venue = hand.at("#id_material-venue")
    venue.unfold("有问题")
    venue.press("记下")
    venue.see("请写明缺什么、怎么补")
    venue.write("缺什么、怎么补", "请补附视频监控位置的平面图。")
    venue.press("记下")
    expect(venue.at(".is-no").place).to_be_visible()
    expect(hand.page.locator("#closed li")).to_have_count(1)
    hand.judge()

    hand.follow("发补正通知")
    hand.write("补正期限", "45")
    hand.press("发补正通知")
    hand.see("处需要修改")
    expect(hand.field("补正期限")).to_have_value("45")
    hand.write("补正期限", "15")
    with hand.page.expect_response(
        lambda answer: "/preview/" in answer.url and answer.request.method == "POST"
    ) as previewed:
        hand.press("预览补正通知书")
    assert previewed.value.headers["content-type"] == "application/pdf"
    assert not OfficialDocument.objects.filter(series="correction").exists()
    hand.judge()
    hand.press("发补正通知")
    hand.see("已办理：发补正通知")
    application.refresh_from_db()
    assert application.state == "correcting"
    assert OfficialDocument.objects.get(series="correction").content["days"] == 15


def test_an_officers_own_keys(sign_in):
    """j goes to the first material, o opens it beside the work, y marks it; the page is not left."""
    world = make_world()
    page = sign_in(world, "county handler")
    page.goto(f"/applications/{submitted(world).pk}/")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.locator("dialog[open] iframe").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    page.locator("#id_material-profile .is-ok").wait_for()
    expect(page.locator("#seen")).to_have_text("6 项，1 项已看")


def test_acceptance_and_recommendation_by_two_people(hands):
    world = make_world()
    application = submitted(world)
    mark_all(world, application)
    handler = hands(world, "county handler")
    handler.open(f"/applications/{application.pk}/")
    handler.follow("受理", exact=True)
    handler.press("受理", exact=True)
    handler.follow("提议出具推荐意见")
    handler.tick("推荐", exact=True)
    handler.write("意见", "材料齐全，同意推荐。")
    handler.press("提交负责人决定")
    handler.see("等待负责人决定")
    assert Proposal.objects.get().state == "open"

    chief = hands(world, "county chief")
    chief.open("/desk/")
    chief.follow(f"出具推荐意见：{application.name}")
    chief.judge()
    chief.confirm("决定：出具推荐意见")
    chief.see("已决定：出具推荐意见")
    application.refresh_from_db()
    assert application.state == "recommended"


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
