"""Whatever comes between a form and its answer, what was written is offered again; and nothing stays for others."""

import datetime
import re
from collections.abc import Callable

import pytest
import time_machine
from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

from core.accounts.models import BrowserSession as Session
from core.clock.clock import SHANGHAI
from core.workflow import proposals
from core.workflow.models import Proposal
from filings import workflow
from filings.workflow import places
from tests.browser.kindness import WORDS, form_of, kept, make_case, restore, send, write
from tests.world import DAY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_ten")]

# Who, where, and the button of the form.
FORMS = (
    ("county handler", "/applications/{county}/transitions/decline/", "提交负责人决定"),
    ("centre handler", "/applications/{centre}/", "保存报告"),
    ("centre handler", "/applications/{centre}/", "保存考察记录"),
    ("centre handler", "/applications/{centre}/transitions/invite-supplements/", "要求补充材料"),
    ("experts expert", "/expert/tasks/{task}/", "提交评审表"),
    ("bureau handler", "/bureau/quota/", "提交负责人决定"),
    ("operator administrator", "/desk/calendar/2026/load/", "预览影响"),
    ("operator administrator", "/admin-desk/serials/", "录入"),
    ("agency admin", "/applications/{county}/transitions/withdraw/", "确定撤回申请"),
)


def sign_in_again(page: Page, case, who: str) -> None:
    page.get_by_label("登录名").fill(case.world.people[who].user.username)
    page.get_by_label("密码").fill("test-password-1")
    page.get_by_role("button", name="登录", exact=True).click()


def test_a_sign_in_that_has_ended_loses_no_form(sign_in):
    case = make_case()
    pages: dict[str, Page] = {}
    for who, pattern, button in FORMS:
        page = pages[who] if who in pages else pages.setdefault(who, sign_in(case.world, who))
        page.goto(case.address(pattern))
        form = form_of(page, button)
        assert write(form), (pattern, button)
        page.wait_for_load_state("networkidle")  # no preview of it is still under way
        Session.objects.all().delete()
        send(page, form, button)
        # Who sits there now is not known: that nothing is lost is said, what it was is not.
        expect(page.get_by_role("heading", name="刚才填写的内容没有丢失")).to_be_visible()
        assert WORDS not in page.content()
        sign_in_again(page, case, who)
        expect(page).to_have_url(case.address(pattern))
        restore(page, button)
    assert kept(page)
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    assert kept(page) == []


def void_token(page: Page) -> None:
    page.context.clear_cookies(name="csrftoken")


def answering(status: int, body: Callable[[], str]) -> Callable[[Page], None]:
    """Somebody answers in the portal's place: what the form holds does not reach it."""

    def trouble(page: Page) -> None:
        page.route(
            "**/report/",
            lambda route: route.fulfill(status=status, body=body(), content_type="text/html; charset=utf-8"),
            times=1,
        )

    return trouble


def cut(page: Page) -> None:
    page.route("**/report/", lambda route: route.abort("connectionreset"), times=1)


def the_way_back(page: Page) -> None:
    page.get_by_role("link", name="返回刚才的页面").click()


def the_link_back(page: Page) -> None:
    expect(page.get_by_role("heading", name="刚才填写的内容没有丢失")).to_be_visible()
    assert WORDS not in page.content()
    page.get_by_role("link", name="回到那一页").click()


def opened_again(page: Page) -> None:
    page.wait_for_url(re.compile("/report/$|^chrome-error:"))  # the page that stands for an answer is there
    page.goto(page.report_address)


# What happens, whether the page that follows shows what was written, and the way on.
TROUBLES = (
    (void_token, True, the_way_back),
    (answering(500, lambda: render_to_string("500.html")), False, the_link_back),
    (answering(413, lambda: "<h1>413 Request Entity Too Large</h1>"), False, opened_again),
    (cut, False, opened_again),
)


def test_what_goes_wrong_on_the_way_takes_no_words_along(sign_in):
    case = make_case()
    page = sign_in(case.world, "centre handler")
    page.report_address = case.address("/applications/{centre}/")
    for trouble, shown, way_on in TROUBLES:
        page.goto(page.report_address)
        form = form_of(page, "保存报告")
        write(form)
        trouble(page)
        send(page, form, "保存报告")
        if shown:
            expect(page.locator(".kept dd")).to_have_text(f"{WORDS}0")
        way_on(page)
        restore(page, "保存报告")
    case.at_centre.assessment.refresh_from_db()
    assert case.at_centre.assessment.report == ""
    send(page, form_of(page, "保存报告"), "保存报告")
    expect(page.locator(".said-success")).to_be_visible()
    assert kept(page) == []
    case.at_centre.assessment.refresh_from_db()
    assert case.at_centre.assessment.report == f"{WORDS}0"


def test_a_page_past_its_state_says_so_and_gives_the_words_back(sign_in, assert_accessible, picture):
    case = make_case()
    bureau = case.world.actor("bureau handler")
    proposal = places.propose_quota(actor=bureau, on=DAY, year=2027, places=50, source="文件", reason="需要")
    task = case.at_centre.assessment.tasks.get()

    def withdrawn() -> None:
        workflow.withdraw(case.at_county, actor=case.world.actor("agency admin"), on=DAY)

    def taken_off() -> None:
        workflow.withdraw_expert(task, actor=case.world.actor("centre handler"), on=DAY)

    def taken_back() -> None:
        proposals.take_back(proposal, actor=bureau, on=DAY)

    for who, pattern, button, meanwhile, said in (
        (
            "county handler",
            "/applications/{county}/transitions/decline/",
            "提交负责人决定",
            withdrawn,
            "现在的状态是“已撤回”",
        ),
        ("experts expert", "/expert/tasks/{task}/", "提交评审表", taken_off, "这项任务已经撤回"),
        ("bureau chief", "/bureau/quota/", "退回", taken_back, "提议"),
    ):
        page = sign_in(case.world, who)
        page.goto(case.address(pattern))
        form = form_of(page, button)
        write(form)
        meanwhile()
        send(page, form, button)
        expect(page.locator(".kept").filter(has_text=WORDS)).to_be_visible()
        expect(page.get_by_text(said).first).to_be_visible()
        assert_accessible(page)
        picture(page, f"kind-{who}")
        # It is said once: whoever goes on working is not reminded on every page.
        page.goto("/desk/")
        expect(page.locator(".kept")).to_have_count(0)
    assert Proposal.objects.filter(state="open").count() == 0


def test_a_frame_says_nothing_that_belongs_to_the_page_around_it(sign_in):
    """What was kept is said once: not by the page that answers a preview, which has come to an end meanwhile."""
    case = make_case()
    page = sign_in(case.world, "county handler")
    page.goto(case.address("/applications/{county}/transitions/decline/"))
    page.evaluate(
        """words => sessionStorage.setItem("kept:/elsewhere/ ", JSON.stringify({
            user: document.body.dataset.user, at: Date.now(), page: "/elsewhere/", mark: "sent", values: {},
            lines: [["理由", words]],
        }))""",
        WORDS,
    )
    workflow.withdraw(case.at_county, actor=case.world.actor("agency admin"), on=DAY)
    frame = page.frame("paper-preview")
    frame.goto(case.address("/applications/{county}/transitions/decline/preview/"))
    frame.get_by_role("heading", level=1).wait_for()
    page.goto("/desk/")
    expect(page.locator(".kept").filter(has_text=WORDS)).to_be_visible()


def test_an_answer_written_past_the_last_day_is_given_back(sign_in, live_server):
    """The correction lapses while its answers are being written, in fields that save themselves and in one that is
    sent."""
    case = make_case()
    workflow.request_correction(case.at_county, actor=case.world.actor("county handler"), on=DAY, days=10)
    page = sign_in(case.world, "agency admin")
    answers = case.address("/applications/{county}/answers/")
    page.goto(answers)
    with time_machine.travel(datetime.datetime(2026, 11, 2, 10, tzinfo=SHANGHAI), tick=True):
        cookie = case.world.browser("agency admin").cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.get_by_label("说明").first.fill(WORDS)
        expect(page.locator("[data-autosave-status]").first).to_contain_text("这件事已有变化")
        reason = form_of(page, "申请延长")
        reason.get_by_label("申请延长的理由").fill(f"延长：{WORDS}")
        send(page, reason, "申请延长")
        expect(page.get_by_text("刚才提交的没有收下")).to_be_visible()
        expect(page.locator(".kept").filter(has_text=f"延长：{WORDS}")).to_be_visible()
        expect(page.locator(".kept").filter(has_text=re.compile(rf"^(?!.*延长).*说明{WORDS}", re.S))).to_be_visible()
    case.at_county.refresh_from_db()
    assert case.at_county.state == "abandoned"
