"""The parts in a real browser: no barrier for axe in any mode, fits 320 px, scripts that keep their word."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import looking
from tests.core.web import urls

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.core.web.urls"), pytest.mark.django_db(transaction=True)]

MODES = {
    "light": {},
    "dark": {"theme": "dark"},
    "large": {"size": "large"},
    "large-dark": {"theme": "dark", "size": "large"},
}


@pytest.fixture(autouse=True)
def demo(settings) -> None:
    settings.DEMO_MODE = True


def style(page: Page) -> None:
    page.goto("/style/")
    page.wait_for_function("window.portal && window.htmx")


@pytest.mark.parametrize("mode", MODES)
def test_no_barrier_in_any_mode(new_page: Callable, live_server, assert_accessible, picture, mode: str) -> None:
    page = new_page()
    page.context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in MODES[mode].items()])
    style(page)
    page.locator("#clocks summary").first.click()
    picture(page, f"style-{mode}")
    assert_accessible(page)


@pytest.mark.parametrize("mode", ["light", "large"])
@pytest.mark.parametrize("width", [320, 640, 1024])
def test_nothing_is_wider_than_the_screen(new_page: Callable, live_server, width: int, mode: str) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    page.context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in MODES[mode].items()])
    style(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [360, 1440])
def test_what_breaks_layouts_breaks_no_part(new_page: Callable, assert_accessible, picture, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    page.goto("/style/?hard")
    page.locator(".act-closed summary").click()
    picture(page, f"style-hard-{width}")
    assert not looking.faults(page)
    assert_accessible(page)


def test_preferences_hold_on_the_next_page(page: Page) -> None:
    style(page)
    page.get_by_role("button", name="大字版").click()
    page.get_by_role("button", name="深色").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.get_by_role("button", name="深色")).to_have_attribute("aria-pressed", "true")


def test_a_closed_action_opens_its_reasons_and_leads_to_the_field(page: Page) -> None:
    style(page)
    closed = page.locator(".act-closed summary")
    closed.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".act-why")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".act-why")).to_be_hidden()
    expect(closed).to_be_focused()
    page.locator(".reasons a[data-jump]").first.click()
    assert page.url.endswith("#id_materials-site")
    assert page.evaluate("document.getElementById('id_materials-site').contains(document.activeElement)")


def test_a_form_clicked_twice_is_sent_once(page: Page) -> None:
    urls.posted.clear()
    style(page)
    page.evaluate(
        """() => {
            const form = document.querySelector('#errors').appendChild(document.createElement('form'));
            Object.assign(form, {method: 'post', action: '/test/take/', id: 'twice'});
            form.append(document.querySelector('[name=csrfmiddlewaretoken]').cloneNode());
            form.insertAdjacentHTML('beforeend', '<button type="submit" name="go" value="1">办理</button>');
        }"""
    )
    with page.expect_navigation():
        page.evaluate("() => { const b = document.querySelector('#twice button'); b.click(); b.click(); }")
    assert len(urls.posted) == 1
    assert urls.posted[0]["go"] == "1"
    assert re.fullmatch(r"[0-9a-f]{32}", urls.posted[0]["idempotency_key"])


def test_a_draft_saves_itself_and_says_when(page: Page) -> None:
    urls.posted.clear()
    style(page)
    form = page.locator("form[data-autosave]")
    form.evaluate("form => { form.dataset.autosave = '/test/take/'; }")
    form.get_by_label("机构名称").fill("林州市某职业培训学校")
    form.get_by_label("机构名称").blur()
    expect(form.locator("[data-autosave-status]")).to_have_text("已自动保存 16:20")
    assert urls.posted[-1]["name"] == "林州市某职业培训学校"
    assert "idempotency_key" not in urls.posted[-1]


def test_a_lost_connection_is_said_and_the_draft_is_saved_when_it_is_back(page: Page) -> None:
    urls.posted.clear()
    style(page)
    form = page.locator("form[data-autosave]")
    form.evaluate("form => { form.dataset.autosave = '/test/take/'; }")
    page.context.set_offline(True)
    form.get_by_label("机构名称").fill("乙")
    form.get_by_label("机构名称").blur()
    expect(form.locator("[data-autosave-status]")).to_contain_text("网络连接中断")
    assert urls.posted == []
    page.context.set_offline(False)
    expect(form.locator("[data-autosave-status]")).to_have_text("已自动保存 16:20")


def test_an_expired_sign_in_opens_a_dialog_and_keeps_what_was_written(page: Page) -> None:
    style(page)
    form = page.locator("form[data-autosave]")
    form.evaluate("form => { form.dataset.autosave = '/test/expired/'; }")
    form.get_by_label("补充说明").fill("写了很久的说明")
    form.get_by_label("补充说明").blur()
    dialog = page.get_by_role("dialog", name="登录已过期")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("link", name="在新窗口登录")).to_have_attribute("href", re.compile("/accounts/login/"))
    dialog.get_by_role("button", name="我已登录，继续").click()
    expect(form.get_by_label("补充说明")).to_have_value("写了很久的说明")


def test_an_upload_is_sent_when_chosen_refused_in_words_and_tried_again(page: Page) -> None:
    style(page)
    box = page.locator("#up-credit")
    choose = box.locator("input[type=file]")
    choose.set_input_files({"name": "报告.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"})
    expect(box.get_by_role("alert")).to_contain_text("不能上传这种格式。请选择 PDF 文件。")
    choose.set_input_files({"name": "报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x" * 500})
    expect(page.locator("#up-credit .upload-current")).to_contain_text("报告.pdf")
    expect(page.locator("#up-credit [data-upload-error]")).to_be_hidden()
    expect(page.locator("#up-credit [data-upload-send]")).to_be_hidden()


def test_an_upload_without_a_connection_can_be_retried(page: Page) -> None:
    style(page)
    box = page.locator("#up-credit")
    page.context.set_offline(True)
    box.locator("input[type=file]").set_input_files(
        {"name": "报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    expect(box.get_by_role("alert")).to_contain_text("网络连接中断")
    page.context.set_offline(False)
    box.get_by_role("button", name="重试").click()
    expect(page.locator("#up-credit .upload-current")).to_contain_text("报告.pdf")


def test_uploading_works_without_scripts(new_page: Callable) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/style/")
    box = page.locator("#up-credit")
    box.locator("input[type=file]").set_input_files(
        {"name": "报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    box.get_by_role("button", name="上传").click()
    expect(page).to_have_url(re.compile("/style/$"))


def test_a_paper_opens_beside_the_work_and_gives_the_focus_back(new_page: Callable) -> None:
    page = new_page(viewport={"width": 1440, "height": 900})
    style(page)
    link = page.locator(".material a[data-paper]").first
    link.evaluate("link => { link.href = '/static/icons/sprite.svg'; }")
    link.click()
    viewer = page.get_by_role("dialog", name="机构基本情况")
    expect(viewer).to_be_visible()
    assert viewer.locator("iframe").get_attribute("src").endswith("/static/icons/sprite.svg#navpanes=0")
    # Beside, not instead: the work is still there and not covered.
    right = page.locator(".materials").evaluate("element => element.getBoundingClientRect().right")
    assert right <= viewer.evaluate("element => element.getBoundingClientRect().left")
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(link).to_be_focused()


def test_keys_move_press_and_can_be_switched_off(page: Page) -> None:
    style(page)
    page.locator("h1").first.click()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "机构基本情况"
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "认定工作方案"
    page.keyboard.press("?")
    page.get_by_role("button", name="停用单键快捷键").click()
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") != "机构基本情况"


def test_a_question_is_asked_before_what_cannot_be_taken_back(page: Page) -> None:
    urls.posted.clear()
    style(page)
    page.locator("form:has([name=asks])").first.evaluate("form => { form.action = '/test/take/'; }")
    page.get_by_role("button", name="撤回").click()
    expect(page.get_by_role("dialog")).to_contain_text("确定撤回这件申请？")
    page.get_by_role("button", name="取消").last.click()
    assert urls.posted == []
    page.get_by_role("button", name="撤回").click()
    with page.expect_navigation():
        page.get_by_role("button", name="确定").click()
    assert len(urls.posted) == 1
