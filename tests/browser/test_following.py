"""A filing changed and renewed in a real browser: what the agency writes, the centre sees, the public finds."""

import datetime
import re

import pytest
import time_machine
from playwright.sync_api import expect

from core.clock.clock import SHANGHAI
from core.deadlines.lapses import sweep
from filings import workflow
from filings.models import Application, Filing
from tests.browsing import press_and_confirm
from tests.world import assessed, confirm_years, decide, file, filed, following, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHANGED = datetime.date(2027, 3, 1)
TIMELY = datetime.date(2029, 8, 19)
END = datetime.date(2029, 9, 18)
BOTH = ["6-18-02-04", "6-31-01-03"]
PAPER = file().read()


@pytest.fixture
def at():
    """`at(day)` lets the portal's day be ten in the morning of that day."""
    travellers = []

    def travel(day):
        traveller = time_machine.travel(datetime.datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI), tick=True)
        traveller.start()
        travellers.append(traveller)

    yield travel
    for traveller in reversed(travellers):
        traveller.stop()


@pytest.fixture
def world(db):
    world = make_world()
    confirm_years(2027, 2030)
    return world


def test_a_change_is_asked_for(at, world, hands, tmp_path):
    filed(world)
    at(CHANGED)
    hand = hands(world, "agency admin")
    hand.open("/desk/")
    hand.press("申请变更备案")
    hand.write("变更之日", "2027-02-20")
    hand.choose("注册地所在县", "汤阴县")
    hand.write("注册地址", "汤阴县示例路9号")
    hand.write("评价工作负责人", "负责人乙")
    hand.press("下一步")
    hand.see("2. 职业")
    draft = Application.objects.get(kind="change")
    # The site stays where it is: outside the county of the seat, with a reason (M7(2)).
    draft.sites.update(other_area_reason="设备已安装，搬迁影响在训学员。")
    hand.follow(re.compile("六项材料"))
    paper = tmp_path / "承诺书.pdf"
    paper.write_bytes(PAPER)
    box = hand.at("#id_material-pledge")
    box.upload(paper)
    expect(box.found("link", "承诺书.pdf")).to_be_visible()
    hand.follow("下一步：承诺、预览与提交")
    hand.write("法定代表人签署承诺书的日期", CHANGED.isoformat())
    expect(hand.page.locator("[data-autosave-status]", has_text="已自动保存").first).to_be_visible()
    asked = hand.within("region", "变更事项")
    asked.see("汤阴县汤阴县示例路9号")
    asked.see("负责人乙")
    hand.judge()
    hand.confirm("提交申请")
    hand.see("已提交，受理单位正在审核材料。")
    draft.refresh_from_db()
    assert (draft.state, draft.changed_on) == ("submitted", datetime.date(2027, 2, 20))


def test_a_renewal_is_asked_for(at, world, hands, tmp_path):
    """The desk says first what is due and by when; the draft is the filing as it stands, only the pledge is new."""
    filing = filed(world)
    at(TIMELY)
    hand = hands(world, "agency admin")
    hand.open("/desk/")
    due = hand.within("region", "要办的事")
    due.see("2029年8月19日")
    due.see("按期提出的，办结之前原备案继续有效")
    hand.judge()
    due.press("申请延续备案")
    hand.see("1. 机构与负责人")
    expect(hand.field("机构名称")).to_have_value(filing.name)
    hand.follow(re.compile("六项材料"))
    paper = tmp_path / "承诺书.pdf"
    paper.write_bytes(PAPER)
    box = hand.at("#id_material-pledge")
    box.upload(paper)
    expect(box.found("link", "承诺书.pdf")).to_be_visible()
    hand.follow("下一步：承诺、预览与提交")
    hand.write("法定代表人签署承诺书的日期", TIMELY.isoformat())
    expect(hand.page.locator("[data-autosave-status]", has_text="已自动保存").first).to_be_visible()
    hand.judge()
    hand.confirm("提交申请")
    hand.see("已提交，受理单位正在审核材料。")
    hand.judge()
    renewal = Application.objects.get(kind="renewal")
    assert (renewal.state, renewal.late, renewal.filing) == ("submitted", False, filing)
    assert renewal.receiving.kind == "centre"
    hand.open("/desk/")
    hand.see("现在没有要您办的事")
    hand.see("办理中：延续备案")


def move(application: Application) -> None:
    """The agency's change: to 汤阴县, where its site is not."""
    application.sites.update(other_area_reason="设备已安装，搬迁影响在训学员。")


def test_a_move_to_another_county_item_by_item(at, world, sign_in, assert_accessible, picture):
    filed(world)
    at(CHANGED)
    new = {"area_id": "410523", "address": "汤阴县示例路9号", "person_in_charge": "负责人乙"}
    draft = following(world, "change", CHANGED, edit=move, changed_on=datetime.date(2027, 2, 20), **new)
    assessed(world, draft, CHANGED)
    handler = sign_in(world, "centre handler")
    handler.goto(f"/applications/{draft.pk}/")
    assert_accessible(handler)
    picture(handler, "change-at-the-centre")
    handler.get_by_role("link", name="提议同意备案").click()
    handler.get_by_role("region", name="地址").get_by_label("同意", exact=True).check()
    person = handler.get_by_role("region", name="评价工作负责人")
    person.get_by_label("不同意", exact=True).check()
    handler.get_by_role("button", name="提交负责人决定").click()
    handler.get_by_text("不同意变更“评价工作负责人”的，请写明理由").first.wait_for()
    person.get_by_role("textbox").fill("任职材料不全。")
    person.get_by_role("combobox").select_option("M7(3)")
    assert_accessible(handler)
    picture(handler, "change-decision")
    handler.get_by_role("button", name="提交负责人决定").click()
    handler.get_by_role("heading", name="提议同意备案，等待负责人决定").wait_for()
    chief = sign_in(world, "centre chief")
    chief.goto("/desk/")
    chief.get_by_role("link", name=f"同意备案：{draft.name}").click()
    chief.get_by_text("任职材料不全。").first.wait_for()
    press_and_confirm(chief, "决定：同意备案")
    chief.get_by_text("已决定：同意备案").wait_for()

    filing = Filing.objects.get()
    assert (filing.area_id, filing.person_in_charge) == ("410523", "")
    agency = sign_in(world, "agency admin")
    agency.goto(f"/filings/{filing.pk}/")
    agency.get_by_text("已被替换").wait_for()
    assert_accessible(agency)
    picture(agency, "filing")
    agency.goto(f"/agencies/{filing.code}/")
    agency.get_by_text("变更备案").first.wait_for()
    agency.get_by_text("汤阴县示例路9号").first.wait_for()


def test_a_timely_renewal_to_its_end(at, world, sign_in, assert_accessible, picture):
    filing = filed(world)
    at(TIMELY)
    agency = sign_in(world, "agency admin", viewport={"width": 390, "height": 844})
    agency.goto("/desk/")
    agency.get_by_text("按期提出的，办结之前原备案继续有效").wait_for()
    assert_accessible(agency)
    picture(agency, "renewal-open-phone")
    renewal = following(world, "renewal", TIMELY)
    sweep(END + datetime.timedelta(days=1))
    at(END + datetime.timedelta(days=1))
    public = sign_in(world, "agency admin")
    public.goto(f"/agencies/{filing.code}/")
    public.get_by_text("办结之前备案继续有效").first.wait_for()
    picture(public, "renewal-held-open")
    today = END + datetime.timedelta(days=1)
    assess_after_lapse(world, renewal, today)
    decide(world, renewal, "approve", "centre", today, granted=BOTH)
    public.reload()
    public.get_by_text("2032年9月18日").first.wait_for()
    assert_accessible(public)


def assess_after_lapse(world, renewal, on):
    """The completeness clock has run out meanwhile: deemed accepted, then assessed."""
    handler = world.actor("centre handler", on)
    workflow.start_assessment(renewal, actor=handler, on=on, methods=["material"])
    for material in renewal.materials.all():
        workflow.mark_material(renewal, material.key, complete=True, compliant=True, remark="", actor=handler, on=on)
    workflow.write_report(renewal, actor=handler, on=on, text="材料核验符合条件。")
    renewal.refresh_from_db()


def test_a_late_renewal_goes_on_as_an_initial_application(at, world, sign_in, picture):
    filing = filed(world)
    late = TIMELY + datetime.timedelta(days=1)
    renewal = assessed(world, following(world, "renewal", late), late)
    after = END + datetime.timedelta(days=1)
    sweep(after)
    at(after)
    agency = sign_in(world, "agency admin")
    agency.goto(f"/applications/{renewal.pk}/")
    agency.get_by_text("首次备案").first.wait_for()
    agency.goto(f"/agencies/{filing.code}/")
    agency.get_by_text("有效期已于2029年9月18日届满").first.wait_for()
    decide(world, renewal, "approve", "centre", after, granted=BOTH)
    new = Filing.objects.get(application=renewal)
    assert new.code != filing.code
    agency.goto(f"/agencies/{new.code}/")
    agency.get_by_text("2032年9月19日").first.wait_for()
    picture(agency, "renewal-as-initial")
