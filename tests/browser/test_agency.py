"""An agency by hand in a real browser: the wizard from an empty draft to submission, and correction mode."""

import datetime
import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page, expect

from core.clock.clock import today
from filings import workflow
from filings.models import Application
from regulation.materials import MATERIALS
from tests.browsing import press_and_confirm
from tests.core.documents import files
from tests.world import make_world, mark_all, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_desk(new_page, live_server):
    """`at_desk(user)` opens a browser in which that user is signed in."""

    def open_for(user, **options) -> Page:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        page = new_page(**options)
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": live_server.url}]
        )
        return page

    return open_for


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


def saved(page: Page) -> None:
    expect(page.locator("[data-autosave-status]", has_text="已保存").first).to_be_visible()


def test_from_an_empty_draft_to_submission(at_desk, paths, assert_accessible, picture):
    world = make_world()
    on = today()
    page = at_desk(world.people["agency admin"].user)
    page.goto("/desk/")
    page.get_by_role("button", name="开始首次备案申请").click()
    expect(page.get_by_role("heading", name="1. 机构与负责人")).to_be_visible()

    fill_agency(page)
    fill_occupations(page, on)
    fill_site(page)
    fill_people(page)
    upload_all(page, paths)
    assert_accessible(page)

    page.get_by_role("link", name="下一步：承诺、预览与提交").click()
    page.get_by_label("法定代表人签署承诺书的日期").fill(on.isoformat())
    saved(page)
    page.reload()
    expect(page.get_by_label("法定代表人签署承诺书的日期")).to_have_value(on.isoformat())
    expect(page.get_by_text("提交之前还差")).to_have_count(0)
    assert_accessible(page)
    picture(page, "agency-preview")
    press_and_confirm(page, "提交申请")
    expect(page.get_by_text("已提交，受理单位正在审核材料。")).to_be_visible()
    application = Application.objects.get()
    assert application.state == "submitted"
    assert application.legal_representative_id == "110105194912310021"
    assert application.records.count() == 3
    assert {m.key for m in application.materials.filter(upload__isnull=False)} == set(MATERIALS)


def fill_agency(page: Page) -> None:
    """A malformed number is refused, a doubtful one asks for the tick; what was typed stays; it saves itself."""
    page.get_by_label("法人类型").select_option(label="企业")
    page.get_by_label("注册地址").fill("文峰区示例路1号")
    page.get_by_label("法定代表人", exact=True).fill("法定代表人甲")
    page.get_by_label("法定代表人身份证号").fill("1101051949")
    page.get_by_label("联系人", exact=True).fill("经办人甲")
    page.get_by_label("联系电话").fill("13800000000")
    page.get_by_label(re.compile("^专门机构名称")).fill("技能等级认定部")
    page.get_by_label(re.compile("^经费保障说明")).fill("学校年度预算列支")
    page.get_by_label(re.compile("自愿接受")).check()
    expect(page.locator("[data-autosave-status]")).to_contain_text("1 处填写有误")
    page.get_by_role("button", name="保存，下一步").click()
    expect(page.get_by_text("身份证号应为18位").first).to_be_visible()
    expect(page.get_by_label("法定代表人身份证号")).to_have_value("1101051949")
    page.get_by_label("法定代表人身份证号").fill("110105194912310021")
    page.get_by_role("button", name="保存，下一步").click()
    page.get_by_label("我已逐位核对，号码与身份证一致").check()
    page.get_by_role("button", name="保存，下一步").click()


def fill_occupations(page: Page, on: datetime.date) -> None:
    """The self-check beside follows what is filled in."""
    page.get_by_label("连续开展培训评价，自何日起").fill("2015-03-01")
    page.get_by_label("添加职业（工种）").fill("没有的职业")
    page.locator("#add-occupation").click()
    expect(page.get_by_text("没有找到这个职业")).to_be_visible()
    page.get_by_label("添加职业（工种）").fill("焊工（6-18-02-04）")
    page.locator("#add-occupation").click()
    expect(page.get_by_role("heading", name="焊工 6-18-02-04")).to_be_visible()
    page.get_by_label("五级（初级工）").check()
    page.get_by_label("四级（中级工）").check()
    page.get_by_label(re.compile("^题库来源")).fill("国家题库")
    for number in range(3):
        new = page.get_by_role("form", name="为焊工添加一行记录")
        new.get_by_label("人次").fill("800")
        new.get_by_role("button", name="添加").click()
        expect(page.get_by_role("form", name=re.compile("焊工第 . 行记录"))).to_have_count(number + 1)
    expect(page.locator("#rows-scope")).to_contain_text("2,400 人次")
    expect(page.get_by_label(re.compile("^题库来源"))).to_have_value("国家题库")
    check = page.locator("#self-check")
    expect(check.locator(".is-ok", has_text="近3年 2,400 人次")).to_have_count(1)
    expect(check.locator(".is-ok", has_text="国家题库")).to_have_count(1)
    page.get_by_role("link", name="下一步：场地、设备与监控").click()


def fill_site(page: Page) -> None:
    page.get_by_role("button", name="添加这处场地").click()
    expect(page.get_by_text("处需要修改")).to_be_visible()
    page.get_by_label("场地名称").fill("校本部")
    page.get_by_label("面积（平方米）").fill("800")
    page.get_by_label(re.compile("^工位数")).fill("60")
    page.get_by_label("有视频监控").check()
    page.get_by_role("button", name="添加这处场地").click()
    expect(page.get_by_role("heading", name="校本部")).to_be_visible()
    page.get_by_label(re.compile("^主要设备")).first.fill("焊机20台")
    saved(page)
    page.reload()
    expect(page.get_by_label(re.compile("^主要设备")).first).to_have_value("焊机20台")
    page.get_by_role("link", name="下一步：人员").click()


def fill_people(page: Page) -> None:
    for number, kind in enumerate(("专职工作人员", "考评人员", "督导人员", "技术专家", "技术专家"), 1):
        new = page.locator("form.row-new")
        new.get_by_label("类别").select_option(label=kind)
        new.get_by_label("姓名").fill(f"{kind}甲")
        new.get_by_role("button", name="添加").click()
        expect(page.get_by_role("form", name=re.compile("^第 . 人"))).to_have_count(number)
    page.get_by_role("button", name="移除第 5 人").click()
    expect(page.get_by_role("form", name=re.compile("^第 . 人"))).to_have_count(4)
    page.get_by_role("link", name="下一步：六项材料").click()


def upload_all(page: Page, paths) -> None:
    """A disguised file is refused in place; the others arrive, and a second version keeps the first."""
    first = page.locator("#id_material-profile")
    first.locator("input[type=file]").last.set_input_files(paths.folder / "其实是图片.pdf")
    expect(first.get_by_text("内容却是")).to_be_visible()
    for key, name in zip(MATERIALS, paths.names, strict=False):
        box = page.locator(f"#id_material-{key}")
        box.locator("input[type=file]").last.set_input_files(paths.folder / name)
        expect(box.get_by_role("link", name=name)).to_be_visible()
    first.locator("input[type=file]").last.set_input_files(paths.folder / "承诺书.pdf")
    expect(first.get_by_text("以前的 1 版")).to_be_visible()
    expect(page.locator("#steps li").nth(4)).not_to_contain_text("还差")


def test_correction_shows_only_what_is_named_and_goes_back_in(at_desk, paths, assert_accessible, picture):
    world = make_world()
    on = today()
    application = submitted(world, on=on)
    mark_all(world, application, on, bad=("venue", "record"))
    workflow.request_correction(application, actor=world.actor("county handler", on), on=on, days=10)
    page = at_desk(world.people["agency admin"].user, viewport={"width": 390, "height": 844})
    page.goto("/desk/")
    page.get_by_role("link", name="去补正").click()
    expect(page.locator("section.reply")).to_have_count(2)
    expect(page.get_by_text("请补充平面图")).to_have_count(2)
    assert_accessible(page)
    press_and_confirm(page, "提交补正")
    expect(page.get_by_text("现在还不能提交补正")).to_be_visible()
    page.get_by_role("link", name="回去补齐").click()

    venue, record = page.locator("#id_item-venue"), page.locator("#id_item-record")
    venue.locator("input[type=file]").last.set_input_files(paths.folder / "场地照片.jpg")
    expect(venue.get_by_role("link", name="场地照片.jpg")).to_be_visible()
    record.get_by_label("说明").fill("记录以原表为准，平面图见场地材料。")
    expect(record.get_by_text("已答复")).to_be_visible()
    expect(venue.get_by_text("已答复")).to_be_visible()
    expect(page.get_by_text("现在还不能提交")).to_have_count(0)

    page.get_by_text("申请延长补正期限").click()
    page.get_by_label("申请延长的理由").fill("消防验收意见书正在换证，大约还要二十天。")
    page.get_by_role("button", name="申请延长").click()
    expect(page.get_by_text("决定之前，原期限不变").first).to_be_visible()
    picture(page, "agency-correction-phone")

    # What is still being written when the button is pressed goes along, though its save draws the button's form anew.
    record.get_by_label("说明").fill("记录以原表为准，平面图见场地材料第二页。")
    press_and_confirm(page, "提交补正")
    expect(page.get_by_text("已提交，受理单位正在审核材料。")).to_be_visible()
    application.refresh_from_db()
    assert application.state == "submitted"
    assert application.materials.get(key="venue").upload.name == "场地照片.jpg"
    answers = application.requests.get().items.values_list("answer", flat=True)
    assert "记录以原表为准，平面图见场地材料第二页。" in answers
