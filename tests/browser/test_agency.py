"""An agency by every hand: the wizard from the sign-in to submission, correction mode, a decision taken note of."""

import datetime
import re
from types import SimpleNamespace

import pytest
import time_machine
from playwright.sync_api import expect

from core.clock.clock import SHANGHAI, today
from filings import workflow
from filings.models import Application
from regulation.materials import MATERIALS
from tests.core.documents import files
from tests.hands import Hand
from tests.world import DAY, approved, make_world, mark_all, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def paths(tmp_path):
    """Real files as they lie on a clerk's disk, by name."""
    contents = {
        "机构基本情况.pdf": files.pdf(3),
        "工作方案.docx": files.docx(),
        "场地照片.jpg": files.picture("JPEG"),
        "信用报告.png": files.picture("PNG"),
        "培训评价经历.xlsx": files.xlsx(),
        "承诺书.pdf": files.pdf(1),
        "其实是图片.pdf": files.picture("JPEG"),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return SimpleNamespace(folder=tmp_path, names=list(contents))


def saved(hand: Hand) -> None:
    expect(hand.page.locator("[data-autosave-status]", has_text="已自动保存").first).to_be_visible()


def test_from_the_sign_in_to_submission(hands, paths):
    make_world()
    on = today()
    hand = hands()
    hand.open("/accounts/login/")
    hand.write("登录名或邮箱", "agency-admin")
    hand.write("密码", "test-password-1")
    hand.press("登录", exact=True)
    hand.press("开始首次备案申请")
    hand.see("1. 机构与负责人")

    fill_agency(hand)
    fill_occupations(hand)
    fill_site(hand)
    fill_people(hand)
    upload_all(hand, paths)
    hand.judge()

    hand.follow("下一步：承诺、预览与提交")
    hand.write("法定代表人签署承诺书的日期", on.isoformat())
    saved(hand)
    hand.page.reload()
    expect(hand.field("法定代表人签署承诺书的日期")).to_have_value(on.isoformat())
    expect(hand.page.get_by_text("提交之前还差")).to_have_count(0)
    hand.judge()
    hand.confirm("提交申请")
    hand.see("已提交，受理单位正在审核材料。")
    application = Application.objects.get()
    assert application.state == "submitted"
    assert application.legal_representative_id == "110105194912310021"
    assert application.records.count() == 3
    assert {m.key for m in application.materials.filter(upload__isnull=False)} == set(MATERIALS)


def fill_agency(hand: Hand) -> None:
    """A malformed number is refused, a doubtful one asks for the tick; what was typed stays; it saves itself."""
    hand.choose("法人类型", "企业")
    hand.write("注册地址", "文峰区示例路1号")
    hand.write("法定代表人", "法定代表人甲", exact=True)
    hand.write("法定代表人身份证号", "1101051949")
    hand.write("联系人", "经办人甲", exact=True)
    hand.write("联系电话", "13800000000")
    hand.write("专门机构名称", "技能等级认定部")
    hand.write("经费保障说明", "学校年度预算列支")
    hand.tick(re.compile("自愿接受"))
    expect(hand.page.locator("[data-autosave-status]")).to_contain_text("1 处填写有误")
    hand.press("下一步")
    hand.see("身份证号应为18位")
    expect(hand.field("法定代表人身份证号")).to_have_value("1101051949")
    hand.write("法定代表人身份证号", "110105194912310021")
    hand.press("下一步")
    hand.tick("我已逐位核对，号码与身份证一致")
    hand.press("下一步")


def fill_occupations(hand: Hand) -> None:
    """The self-check beside follows what is filled in."""
    hand.write("连续开展培训评价，自何日起", "2015-03-01")
    hand.write("添加职业（工种）", "没有的职业")
    hand.act(hand.page.locator("#add-occupation"))
    hand.see("没有找到这个职业")
    hand.write("添加职业（工种）", "焊工（6-18-02-04）")
    hand.act(hand.page.locator("#add-occupation"))
    hand.see("焊工 6-18-02-04")
    hand.tick("五级（初级工）")
    hand.tick("四级（中级工）")
    hand.write("题库来源", "国家题库")
    for number in range(3):
        new = hand.within("form", "为焊工添加一行记录")
        new.write("人次", "800")
        new.press("添加")
        expect(hand.page.get_by_role("form", name=re.compile("焊工第 . 行记录"))).to_have_count(number + 1)
    expect(hand.page.locator("#rows-scope")).to_contain_text("2,400 人次")
    expect(hand.field("题库来源")).to_have_value("国家题库")
    check = hand.page.locator("#self-check")
    expect(check.locator(".is-ok", has_text="近3年 2,400 人次")).to_have_count(1)
    expect(check.locator(".is-ok", has_text="国家题库")).to_have_count(1)
    hand.follow("下一步：场地、设备与监控")


def fill_site(hand: Hand) -> None:
    hand.press("添加这处场地")
    hand.see("处需要修改")
    hand.write("场地名称", "校本部")
    hand.write("面积（平方米）", "800")
    hand.write("工位数", "60")
    hand.tick("有视频监控")
    hand.press("添加这处场地")
    expect(hand.page.get_by_role("heading", name="校本部")).to_be_visible()
    hand.write("主要设备", "焊机20台")
    saved(hand)
    hand.page.reload()
    expect(hand.field("主要设备")).to_have_value("焊机20台")
    hand.follow("下一步：人员")


def fill_people(hand: Hand) -> None:
    for number, kind in enumerate(("专职工作人员", "考评人员", "督导人员", "技术专家", "技术专家"), 1):
        new = hand.at("form.row-new")
        new.choose("类别", kind)
        new.write("姓名", f"{kind}甲")
        new.press("添加")
        expect(hand.page.get_by_role("form", name=re.compile("^第 . 人"))).to_have_count(number)
    hand.press("移除第 5 人")
    expect(hand.page.get_by_role("form", name=re.compile("^第 . 人"))).to_have_count(4)
    hand.unfold("从表格粘贴")
    hand.write("从表格软件复制的各行", "考评人员\t考评员乙\tYS0002\t焊工\n考官\t考评员丙\t\t")
    hand.press("读取并预览")
    hand.see("没有“考官”这一类")
    hand.judge()
    hand.press("添加这 1 人")
    hand.see("已添加 1 人。还有 1 行没有添加")
    expect(hand.field("从表格软件复制的各行")).to_have_value("考官\t考评员丙\t\t\n")
    expect(hand.page.get_by_role("form", name=re.compile("^第 . 人"))).to_have_count(5)
    kept = hand.page.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage)")
    assert "考评员丙" not in kept
    hand.follow("下一步：六项材料")


def upload_all(hand: Hand, paths) -> None:
    """A disguised file is refused in place; the others arrive, and a second version keeps the first."""
    first = hand.at("#id_material-profile")
    first.upload(paths.folder / "其实是图片.pdf")
    first.see("内容却是")
    for key, name in zip(MATERIALS, paths.names, strict=False):
        box = hand.at(f"#id_material-{key}")
        box.upload(paths.folder / name)
        expect(box.found("link", name)).to_be_visible()
    first.upload(paths.folder / "承诺书.pdf")
    first.see("以前的 1 版")
    expect(hand.page.locator("#steps li").nth(4)).not_to_contain_text("还差")


def test_correction_shows_only_what_is_named_and_goes_back_in(hands, paths):
    world = make_world()
    on = today()
    application = submitted(world, on=on)
    mark_all(world, application, on, bad=("venue", "record"))
    workflow.request_correction(application, actor=world.actor("county handler", on), on=on, days=10)
    hand = hands(world, "agency admin")
    hand.open("/desk/")
    hand.follow("去补正")
    expect(hand.page.locator("section.reply")).to_have_count(2)
    expect(hand.page.get_by_text("请补充平面图")).to_have_count(2)
    hand.judge()
    hand.confirm("提交补正")
    hand.see("现在还不能提交补正")
    hand.follow("回去补齐")

    venue, record = hand.at("#id_item-venue"), hand.at("#id_item-record")
    venue.upload(paths.folder / "场地照片.jpg")
    expect(venue.found("link", "场地照片.jpg")).to_be_visible()
    record.write("说明", "记录以原表为准，平面图见场地材料。")
    record.see("已答复")
    venue.see("已答复")
    expect(hand.page.get_by_text("现在还不能提交")).to_have_count(0)

    hand.unfold("申请延长补正期限")
    hand.write("申请延长的理由", "消防验收意见书正在换证，大约还要二十天。")
    hand.press("申请延长")
    hand.see("决定之前，原期限不变")

    # What is still being written when the button is pressed goes along, though its save draws the button's form anew.
    record.write("说明", "记录以原表为准，平面图见场地材料第二页。")
    hand.confirm("提交补正")
    hand.see("已提交，受理单位正在审核材料。")
    application.refresh_from_db()
    assert application.state == "submitted"
    assert application.materials.get(key="venue").upload.name == "场地照片.jpg"
    answers = application.requests.get().items.values_list("answer", flat=True)
    assert "记录以原表为准，平面图见场地材料第二页。" in answers


def test_a_decision_is_taken_note_of(hands):
    world = make_world()
    with time_machine.travel(datetime.datetime(DAY.year, DAY.month, DAY.day, 10, tzinfo=SHANGHAI), tick=True):
        application = approved(world)
        hand = hands(world, "agency admin")
        hand.open("/desk/")
        hand.follow("收件箱")
        hand.judge()
        hand.follow("同意备案")
        hand.judge()
        hand.follow("去处理")
        hand.see("同意备案，回执已签发。")
        hand.judge()
        assert hand.page.url.endswith(f"/applications/{application.pk}/")
        hand.open("/inbox/?unread=1")
        expect(hand.page.get_by_role("link", name="同意备案")).to_have_count(0)
        expect(hand.page.get_by_role("link", name="申请已受理")).to_have_count(1)
