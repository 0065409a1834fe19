"""Registration by every hand; from submission to a verified receipt; deemed acceptance; refusal: in a real browser."""

import datetime
from asyncio import events

import pytest
import time_machine
from django.core.cache import cache

from core.accounts.models import Organisation
from core.clock.clock import SHANGHAI
from core.deadlines.lapses import sweep
from core.documents.issuing import make
from core.documents.models import OfficialDocument
from filings.models import Application, Filing
from regulation.materials import MATERIALS
from tests.browsing import press_and_confirm
from tests.hands import Hand
from tests.world import DAY, PDF, assessing, filled_draft, make_world, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = {"width": 1440, "height": 900}
PASSWORD = "long enough 2026"
CODE = "91110000600037341L"


@pytest.fixture(autouse=True)
def day(settings, tmp_path):
    """Ten in the morning of DAY; files in a folder of the test's own; no rate limit left over."""
    settings.MEDIA_ROOT = tmp_path / "files"
    cache.clear()
    with time_machine.travel(datetime.datetime(DAY.year, DAY.month, DAY.day, 10, tzinfo=SHANGHAI), tick=True) as clock:
        yield clock


def sign(series: str) -> OfficialDocument:
    """Make the newest paper of a series, as the worker would."""
    document = OfficialDocument.objects.filter(series=series).latest("id")
    # Playwright's loop runs in this thread, and pyHanko starts one of its own: step out of the one for the other.
    loop = events._get_running_loop()
    events._set_running_loop(None)
    try:
        make(document)
    finally:
        events._set_running_loop(loop)
    document.refresh_from_db()
    return document


def decide(page, what: str, name: str) -> None:
    """As the chief: open what waits from the desk, and decide it."""
    page.goto("/desk/")
    page.get_by_role("link", name=f"{what}：{name}").click()
    press_and_confirm(page, f"决定：{what}")
    page.get_by_text(f"已决定：{what}").wait_for()


def register(hand: Hand, name: str) -> None:
    """Fill the public registration form."""
    hand.open("/")
    hand.at("main").follow("机构注册")
    hand.write("机构名称", name)
    hand.write("统一社会信用代码", CODE)
    hand.choose("注册地所在县", "文峰区")
    for label, text in (
        ("称呼", "管理员丙"),
        ("联系电话", "0372-0000000"),
        ("邮箱", "c@example.test"),
        ("登录名", "agency-c"),
        ("密码", PASSWORD),
        ("再输一次密码", PASSWORD),
    ):
        hand.write(label, text)
    hand.press("注册", exact=True)
    hand.page.wait_for_url("**/desk/")


def test_an_agency_registers_and_its_county_confirms_who_it_is(hands, tmp_path):
    world = make_world()
    name = "文峰区丙职业培训学校"
    agency = hands()
    register(agency, name)
    agency.follow("身份核实")
    for slot, label in (("licence", "登记证照"), ("authorisation", "授权委托书")):
        paper = tmp_path / f"{label}.pdf"
        paper.write_bytes(PDF)
        agency.at(f"[data-upload]:has(form[action$='/{slot}/'])").upload(paper)
        agency.see(paper.name)
    agency.see("等待核实")
    agency.judge()
    county = hands(world, "county handler")
    county.open("/claims/")
    county.follow(name)
    county.judge()
    county.confirm("核实通过")
    county.see("已核实")
    agency.page.reload()
    agency.see("机构身份已核实，可以提交备案申请")
    assert Organisation.objects.get(name=name).confirmed_on == DAY


def test_from_submission_to_a_verified_receipt(new_page, sign_in, picture):
    world = make_world()
    county, agency = sign_in(world, "county handler"), sign_in(world, "agency admin")
    name, position = world.organisation("agency admin").name, world.people["agency admin"]

    # What the wizard collects is filled in here at once (test_agency.py does it by hand); the agency submits.
    application = filled_draft(world)
    agency.goto(f"/applications/{application.pk}/draft/pledge/")
    press_and_confirm(agency, "提交申请")
    agency.get_by_text("已提交，受理单位正在审核材料。").wait_for()

    # The county accepts and recommends, two people.
    county.goto(f"/applications/{application.pk}/")
    for key in MATERIALS:
        county.locator(f"#id_material-{key}").get_by_role("button", name="齐全、合规").click()
        county.locator(f"#id_material-{key} .is-ok").wait_for()
    county.get_by_role("link", name="受理", exact=True).click()
    county.get_by_role("button", name="受理", exact=True).click()
    county.get_by_role("link", name="提议出具推荐意见").click()
    county.get_by_label("推荐", exact=True).check()
    county.get_by_label("意见", exact=True).fill("材料齐全，同意推荐。")
    county.get_by_role("button", name="提交负责人决定").click()
    county.get_by_text("等待负责人决定").first.wait_for()
    decide(sign_in(world, "county chief"), "出具推荐意见", name)

    # The centre assesses and decides, two people.
    centre = sign_in(world, "centre handler")
    centre.goto(f"/applications/{application.pk}/")
    centre.get_by_role("link", name="开始技术评估").click()
    centre.get_by_label("材料核验").check()
    centre.get_by_role("button", name="开始技术评估").click()
    centre.get_by_text("撰写评估报告").click()
    centre.get_by_label("评估报告").fill("材料核验完成，符合备案条件。")
    centre.get_by_role("button", name="保存报告").click()
    centre.get_by_role("link", name="提议同意备案").click()
    centre.get_by_role("button", name="提交负责人决定").wait_for()
    for one in centre.get_by_label("同意", exact=True).all():
        one.check()
    centre.get_by_role("button", name="提交负责人决定").click()
    centre.get_by_text("等待负责人决定").first.wait_for()
    decide(sign_in(world, "centre chief"), "同意备案", name)

    # The agency has its receipt, and a stranger verifies it.
    receipt = sign("receipt")
    filing = Filing.objects.get(agency=position.organisation)
    agency.goto("/desk/")
    agency.get_by_text(filing.code).first.wait_for()
    picture(agency, "journey-agency")
    stranger = new_page(viewport=WIDE)
    stranger.goto(f"/verify/{receipt.code}/")
    stranger.get_by_text(receipt.number).first.wait_for()
    assert stranger.locator(".standing-word").inner_text().strip() == "有效"
    assert filing.code in stranger.locator("main").inner_text()
    picture(stranger, "journey-verified")


def test_silence_is_acceptance_on_the_last_day(sign_in, day, picture):
    world = make_world()
    application = submitted(world)
    day.move_to(datetime.datetime(2026, 9, 28, 9, tzinfo=SHANGHAI))
    sweep(datetime.date(2026, 9, 28))
    agency = sign_in(world, "agency admin")
    agency.goto(f"/applications/{application.pk}/")
    shown = agency.locator("main").inner_text()
    assert "视为受理" in shown
    assert "2026年9月24日" in shown
    agency.get_by_text("视为受理通知书").first.wait_for()
    picture(agency, "journey-deemed")
    county = sign_in(world, "county handler")
    county.goto(f"/applications/{application.pk}/")
    assert county.get_by_role("link", name="受理", exact=True).count() == 0
    county.get_by_role("link", name="提议出具推荐意见").wait_for()


def test_a_refusal_names_reasons_basis_and_remedies(sign_in, picture):
    world = make_world()
    application = assessing(world)
    centre = sign_in(world, "centre handler")
    centre.goto(f"/applications/{application.pk}/")
    centre.get_by_role("link", name="提议不予备案").click()
    centre.get_by_label("依据").first.select_option("M7(2)")
    centre.get_by_label("理由").first.fill("考场没有视频监控。")
    centre.get_by_role("button", name="提交负责人决定").click()
    centre.get_by_text("等待负责人决定").first.wait_for()
    decide(sign_in(world, "centre chief"), "不予备案", application.name)
    assert Application.objects.get().state == "refused"
    paper = sign("refusal")
    assert paper.content["reasons"] == [{"text": "考场没有视频监控。", "basis": "M7(2)"}]
    assert any("行政复议" in sentence for sentence in paper.content["remedies"])
    agency = sign_in(world, "agency admin")
    agency.goto(f"/applications/{application.pk}/")
    agency.get_by_text("不予备案").first.wait_for()
    agency.get_by_role("link", name="不予备案决定书").first.wait_for()
    picture(agency, "journey-refused")
