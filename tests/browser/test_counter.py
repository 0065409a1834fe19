"""The counter in a real browser: an agency without an account, its papers, its application, its later account."""

import datetime
import re

import pytest
import time_machine
from playwright.sync_api import expect

from core.clock.clock import SHANGHAI
from core.documents.models import OfficialDocument
from filings import workflow
from filings.models import Application
from regulation.materials import MATERIALS
from tests.browsing import press_and_confirm
from tests.core.documents import files
from tests.filings.counters import CODE, HANDLER, claimed, handed_over
from tests.world import BOTH, SITE, WORDS, file, make_world, mark_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TODAY = datetime.date(2026, 9, 22)
HANDED_OVER = datetime.date(2026, 9, 18)
PHONE = {"width": 390, "height": 844}
NAME = "文峰区丙职业培训学校"


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(datetime.datetime(TODAY.year, TODAY.month, TODAY.day, 10, tzinfo=SHANGHAI), tick=True):
        yield


@pytest.fixture
def paths(tmp_path):
    (tmp_path / "证照.pdf").write_bytes(files.pdf(1))
    (tmp_path / "书面.jpg").write_bytes(files.picture("JPEG"))
    return tmp_path


def test_an_agency_without_an_account_over_the_counter(sign_in, paths, picture, assert_accessible):
    world = make_world()
    page = sign_in(world, HANDLER)
    page.goto("/desk/")
    page.get_by_role("link", name="窗口代录").click()
    page.get_by_label("信用代码或机构名称").fill(CODE)
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_text("没有找到本区域已核实身份的机构")).to_be_visible()
    assert_accessible(page)
    enter_agency(page, paths, picture, assert_accessible)

    page.get_by_label("窗口递交日期").fill(HANDED_OVER.isoformat())
    page.get_by_role("button", name="代录首次备案").click()
    expect(page.get_by_role("heading", name="1. 机构与负责人")).to_be_visible()
    expect(page.get_by_text(f"您正在代“{NAME}”录入窗口申请")).to_be_visible()
    assert_accessible(page)
    picture(page, "counter-wizard")
    application = Application.objects.get()
    transcribe(world, application)
    page.get_by_role("link", name="六项材料").click()
    box = page.locator("#id_material-venue")
    box.locator("input[type=file]").last.set_input_files(paths / "证照.pdf")
    expect(box.get_by_role("link", name="证照.pdf")).to_be_visible()
    for key in MATERIALS:
        if key != "venue":
            workflow.upload_material(application, key, file(f"{key}.pdf"), actor=world.actor(HANDLER, TODAY), on=TODAY)
    page.get_by_role("link", name="下一步：承诺、预览与提交").click()
    page.get_by_label("法定代表人签署承诺书的日期").fill(HANDED_OVER.isoformat())
    expect(page.locator("[data-autosave-status]", has_text="已自动保存").first).to_be_visible()
    expect(page.locator("#missing")).to_contain_text("请上传签字盖章的申请表的扫描件")
    page.locator("#id_counter_form input[type=file]").last.set_input_files(paths / "书面.jpg")
    expect(page.locator("#id_counter_form").get_by_role("link", name="书面.jpg")).to_be_visible()
    expect(page.get_by_text("提交之前还差")).to_have_count(0)
    expect(page.get_by_label("窗口递交日期")).to_have_value(HANDED_OVER.isoformat())
    assert_accessible(page)
    picture(page, "counter-hand-in")
    press_and_confirm(page, "提交申请")
    expect(page.get_by_text("已办理：提交申请")).to_be_visible()
    application.refresh_from_db()
    assert (application.state, application.received_on) == ("submitted", HANDED_OVER)
    expect(page.locator("#main")).to_contain_text("2026年9月18日窗口递交")
    expect(page.get_by_text("窗口代录").first).to_be_visible()
    assert_accessible(page)
    picture(page, "counter-application")
    assert OfficialDocument.objects.get(series="acknowledgement").content["over_counter"] is True

    mark_all(world, application, TODAY)
    page.reload()
    page.get_by_role("link", name="受理", exact=True).click()
    page.get_by_role("button", name="受理", exact=True).click()
    expect(page.get_by_text("已办理：受理")).to_be_visible()
    page.goto("/applications/?view=all")
    expect(page.locator("tbody")).to_contain_text("窗口代录")
    picture(page, "counter-queue")
    finds_it_later(world, sign_in, page, picture, assert_accessible)


def enter_agency(page, paths, picture, assert_accessible) -> None:
    """What is missing or wrong is said at its field; then it is entered by its two papers."""
    page.get_by_role("link", name="登记没有账号的机构").click()
    page.get_by_label("机构名称").fill(NAME)
    page.get_by_label("统一社会信用代码").fill(CODE)
    page.get_by_role("button", name="证照已核对，登记").click()
    page.get_by_label("我已逐位核对").check()
    page.get_by_label(re.compile("^登记证照")).set_input_files(paths / "证照.pdf")
    page.get_by_label(re.compile("^授权委托书")).set_input_files(paths / "书面.jpg")
    assert_accessible(page)
    picture(page, "counter-agency")
    page.get_by_role("button", name="证照已核对，登记").click()
    expect(page.get_by_text("已登记并核实")).to_be_visible()
    expect(page.get_by_text("没有门户账号", exact=False).first).to_be_visible()
    picture(page, "counter-desk")


def transcribe(world, application: Application) -> None:
    """The rest of the form, as the wizard's own tests write it by hand."""
    handler = world.actor(HANDLER, TODAY)
    workflow.save_draft(application, actor=handler, on=TODAY, fields=WORDS)
    site = application.sites.create(area_id="410502", **SITE)
    item = application.scope.create(occupation_id=BOTH[0], levels=[5, 4], question_bank="国家题库")
    item.sites.add(site)


def finds_it_later(world, sign_in, officer, picture, assert_accessible) -> None:
    """It registers, hands in its papers, is checked as anybody is, and then sees what was done in its name."""
    account, claim = claimed(world)
    officer.goto(f"/claims/{claim.pk}/")
    expect(officer.get_by_text("将接管窗口办理的机构")).to_be_visible()
    assert_accessible(officer)
    picture(officer, "counter-claim")
    press_and_confirm(officer, "核实通过")
    expect(officer).to_have_url(re.compile(r"/claims/$"))
    page = sign_in(world, "late admin", viewport=PHONE)
    page.goto("/desk/")
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    expect(page.locator("#main")).to_contain_text("窗口代录")
    picture(page, "counter-agency-desk-phone")
    page.goto(f"/applications/{Application.objects.get().pk}/")
    expect(page.get_by_text("经办人（窗口代录）").first).to_be_visible()
    assert_accessible(page)
    picture(page, "counter-agency-application-phone")
    assert account.pk != world.actor("late admin", TODAY).organisation_id


def test_on_the_phone_a_correction_comes_over_the_counter(sign_in, paths, picture, assert_accessible):
    world = make_world()
    application = handed_over(world, TODAY)
    mark_all(world, application, TODAY, bad=("venue",))
    workflow.request_correction(application, actor=world.actor(HANDLER, TODAY), on=TODAY, days=10)
    page = sign_in(world, HANDLER, viewport=PHONE)
    page.goto(f"/applications/{application.pk}/")
    picture(page, "counter-correcting-phone")
    page.get_by_role("link", name="代录补正").click()
    expect(page.get_by_text("您正在代", exact=False)).to_be_visible()
    item = page.locator("#id_item-venue")
    item.locator("input[type=file]").last.set_input_files(paths / "书面.jpg")
    expect(item.get_by_text("已答复")).to_be_visible()
    press_and_confirm(page, "提交补正")
    expect(page.get_by_text("现在还不能办理")).to_be_visible()
    page.goto(f"/applications/{application.pk}/answers/")
    paper = page.locator("#id_counter_answer")
    paper.locator("input[type=file]").last.set_input_files(paths / "书面.jpg")
    expect(paper.get_by_text("请先填写机构交来这份材料的日期")).to_be_visible()
    paper.get_by_label("窗口递交日期").fill(TODAY.isoformat())
    paper.locator("input[type=file]").last.set_input_files(paths / "书面.jpg")
    expect(paper.get_by_role("link", name="书面.jpg")).to_be_visible()
    expect(paper.get_by_text("2026年9月22日递交")).to_be_visible()
    expect(page.get_by_text("现在还不能提交")).to_have_count(0)
    assert_accessible(page)
    picture(page, "counter-answers-phone")
    press_and_confirm(page, "提交补正")
    expect(page.get_by_text("已办理：提交补正")).to_be_visible()
    page.get_by_role("link", name="代录撤回").click()
    expect(page.locator("#id_counter_withdrawal")).to_be_visible()
    assert_accessible(page)
    picture(page, "counter-withdraw-phone")
    page.goto("/counter/?q=职业")
    assert_accessible(page)
    picture(page, "counter-desk-phone")
