"""Second windows, the way back, double clicks, a lost connection, and the end of a sign-in: no work is lost, no act
is done twice or as somebody else."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.accounts.models import BrowserSession as Session
from core.accounts.models import Position, Role
from core.workflow.models import Proposal
from tests.browser.kindness import WORDS, form_of, kept, make_case, restore, send, write
from tests.core.documents import files
from tests.world import SINCE, filled_draft, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_ten")]
DECLINE, BUTTON = "/applications/{county}/transitions/decline/", "提交负责人决定"


def status(page: Page):
    return page.locator("[data-autosave-status]").first


def test_two_windows_on_one_draft_and_a_lost_connection(sign_in, tmp_path):
    world = make_world()
    draft = filled_draft(world)
    page = sign_in(world, "agency admin")
    step = f"/applications/{draft.pk}/draft/agency/"
    page.goto(step)
    other = page.context.new_page()
    other.goto(step)
    other.get_by_label("注册地址").fill("文峰区示例路2号")
    expect(status(other)).to_contain_text("已自动保存")
    # The older window does not write over the newer one; what was written in it is offered where it would be newest.
    page.get_by_label(re.compile("^经费保障说明")).fill(WORDS)
    expect(status(page)).to_contain_text("这件事已有变化")
    page.reload()
    expect(page.get_by_label("注册地址")).to_have_value("文峰区示例路2号")
    page.get_by_role("button", name="恢复填写").click()
    expect(page.get_by_label(re.compile("^经费保障说明"))).to_have_value(WORDS)
    expect(status(page)).to_contain_text("已自动保存")
    draft.refresh_from_db()
    assert (draft.funding, draft.address) == (WORDS, "文峰区示例路1号")
    other.close()

    # Without a connection: what is typed saves itself once it is back, what is sent waits on its page.
    page.context.set_offline(True)
    page.get_by_label("注册地址").fill("文峰区示例路3号")
    expect(status(page)).to_contain_text("网络连接中断")
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    expect(status(page)).to_contain_text("已自动保存")
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_role("heading", name=re.compile("^2"))).to_be_visible()
    draft.refresh_from_db()
    assert draft.address == "文峰区示例路3号"

    page.goto(f"/applications/{draft.pk}/draft/materials/")
    path = tmp_path / "信用报告.png"
    path.write_bytes(files.picture("PNG"))
    box = page.locator("#id_material-credit")
    page.context.set_offline(True)
    box.locator("input[type=file]").last.set_input_files(path)
    expect(box.get_by_text("网络连接中断，文件没有送达。")).to_be_visible()
    page.context.set_offline(False)
    box.get_by_role("button", name="重试").click()
    expect(box.get_by_role("link", name="信用报告.png")).to_be_visible()


def test_a_page_acts_in_the_position_it_was_opened_in_or_not_at_all(sign_in):
    case = make_case()
    handler = case.world.people["county handler"]
    chief = Position.objects.create(user=handler.user, organisation=handler.organisation, role=Role.CHIEF, since=SINCE)

    def act_as(page: Page, position: Position) -> None:
        page.goto("/desk/account/")
        page.get_by_label("切换岗位").select_option(str(position.pk))
        expect(page.locator("#position option[selected]")).to_have_attribute("value", str(position.pk))

    page = sign_in(case.world, "county handler")
    page.goto("/positions/")
    page.get_by_role("button", name=re.compile("经办人")).click()
    page.goto(case.address(DECLINE))
    write(form_of(page, BUTTON))
    other = page.context.new_page()
    act_as(other, chief)
    send(page, form_of(page, BUTTON), BUTTON)
    expect(page.get_by_text("您在别的窗口换了岗位或账号")).to_be_visible()
    expect(page.locator(".kept").filter(has_text=WORDS)).to_be_visible()
    assert not Proposal.objects.filter(state="open").exists()
    act_as(other, handler)
    page.get_by_role("link", name="返回刚才的页面").click()
    restore(page, BUTTON)
    # What is signed out of in one window is forgotten in all.
    other.get_by_role("button", name="退出").click()
    expect(other.get_by_role("link", name="登录")).to_be_visible()
    page.goto("/")
    assert kept(page) == []


def test_the_way_back_and_a_double_click_send_nothing_twice(sign_in):
    case = make_case()
    page = sign_in(case.world, "centre handler")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto(case.address("/applications/{centre}/"))
    form = form_of(page, "保存报告")
    write(form)
    form.get_by_role("button", name="保存报告").dblclick()
    expect(page.locator(".said-success")).to_be_visible()
    assert len(sent) == 1

    page = sign_in(case.world, "bureau handler")
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto("/bureau/quota/")
    write(form_of(page, BUTTON))
    page.get_by_label("全市预设数量（家）").fill("-1")
    page.get_by_label("全市预设数量（家）").press("Enter")
    expect(page.locator(".has-error").first).to_be_visible()
    # Away from a page that answered a form, and back to it: a page, with the words, and nothing was sent again.
    page.goto("/desk/")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    restore(page, BUTTON)
    assert len(sent) == 2
    page.get_by_label("全市预设数量（家）").fill("50")
    page.get_by_label("年度", exact=True).fill("2027")
    place = page.get_by_label("全市预设数量（家）")
    place.evaluate("one => { for (const _ of [1, 2]) one.form.requestSubmit(); }")
    expect(page.locator(".said-success")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".kept")).to_have_count(0)
    assert len(sent) == 3
    assert Proposal.objects.filter(state="open", transition__contains="quota").count() == 1


def test_the_end_of_a_sign_in_is_told_before_and_put_off_by_writing(sign_in, assert_accessible):
    case = make_case()
    page = sign_in(case.world, "county handler")
    page.clock.install()
    page.goto(case.address(DECLINE))
    bar = page.locator("#idle")
    page.clock.fast_forward("28:00")
    expect(bar).to_contain_text("再过 2 分钟没有操作就会自动退出")
    assert_accessible(page)
    with page.expect_response("**/session/") as answer:
        bar.get_by_role("button", name="继续使用").click()
    assert answer.value.status == 204
    expect(bar).to_be_hidden()
    # Somebody writes: the server hears of it by itself, and nothing has to be said.
    page.clock.fast_forward("06:00")
    with page.expect_response("**/session/"):
        write(form_of(page, BUTTON))
        page.clock.run_for(16_000)
    Session.objects.all().delete()
    page.clock.fast_forward("31:00")
    expect(page.locator("#expired")).to_be_visible()
    assert WORDS in form_of(page, BUTTON).locator("textarea").first.input_value()
