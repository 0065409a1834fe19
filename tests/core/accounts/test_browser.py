"""The account pages in a real browser: registration, invitation, second factor; axe finds nothing on any of them."""

import re

import pytest
from django.urls import reverse

from core.accounts.models import Position, Role
from core.reference.models import Area
from tests.core.accounts.conftest import GOOD_CODE, PASSWORD, code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def look(assert_accessible, picture):
    """Take a picture and let axe look at the page."""

    def look(page, name):
        picture(page, f"accounts-{name}")
        assert_accessible(page)

    return look


def sign_in(page, username):
    page.goto("/accounts/login/")
    page.get_by_label("登录名或邮箱").fill(username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


def test_an_agency_registers_and_invites_staff(new_page, look, settings, live_server):
    settings.PORTAL_ADDRESS = live_server.url
    Area.objects.create(code="410523", name="汤阴县", kind="县", quota_area="汤阴县")
    page = new_page()
    page.goto("/accounts/login/")
    look(page, "login")
    page.goto(reverse("accounts:register-agency"))
    page.get_by_label("机构名称").fill("机构乙")
    page.get_by_label("统一社会信用代码").fill(GOOD_CODE[:-1] + "M")
    page.get_by_label("注册地所在县").select_option(label="汤阴县")
    for label, text in {
        "称呼": "管理员乙", "联系电话": "0372-0000000", "邮箱": "b@example.test", "登录名": "agency-b",
    }.items():  # fmt: skip
        page.get_by_label(label).fill(text)
    for label in ("密码", "再输一次密码"):
        page.get_by_label(re.compile(f"^{label}")).fill(PASSWORD)
    page.get_by_role("button", name="注册", exact=True).click()
    page.get_by_label("我已逐位核对").wait_for()
    look(page, "register-asks")
    page.get_by_label("统一社会信用代码").fill(GOOD_CODE)
    for label in ("密码", "再输一次密码"):
        page.get_by_label(re.compile(f"^{label}")).fill(PASSWORD)
    page.get_by_role("button", name="注册", exact=True).click()
    page.wait_for_url("**/desk/")
    page.goto(reverse("accounts:staff"))
    page.get_by_label("岗位").select_option(label="机构经办")
    page.get_by_role("button", name="生成邀请链接").click()
    link = page.locator("code.copyable").inner_text()
    look(page, "staff")

    other = new_page()
    other.goto(link)
    look(other, "invitation")
    for label, text in {
        "登录名": "staff-b", "称呼": "经办乙", "邮箱": "c@example.test", "联系电话": "0372-0000001",
    }.items():  # fmt: skip
        other.get_by_label(label).fill(text)
    for label in ("密码", "再输一次密码"):
        other.get_by_label(re.compile(f"^{label}")).fill(PASSWORD)
    other.get_by_role("button", name="设置账号并接受").click()
    other.wait_for_url("**/desk/")
    assert Position.objects.filter(user__username="staff-b", role=Role.STAFF).exists()
    for name in ("profile", "tokens", "consent"):
        page.goto(reverse(f"accounts:{name}"))
        look(page, name)


def test_a_chief_sets_up_the_second_factor(new_page, look, people, settings):
    settings.MFA_REQUIRED_ROLES = ["chief", "administrator"]
    page = new_page()
    sign_in(page, "county-chief")
    page.goto(reverse("accounts:profile"))
    page.wait_for_url("**/2fa/totp/activate/")
    look(page, "second-factor")
    secret = page.locator("code").first.inner_text()
    page.get_by_label("验证码").fill(code_of(secret))
    page.get_by_role("button", name="开启").click()
    page.wait_for_url("**/recovery-codes/")
    look(page, "recovery-codes")
    page.goto(reverse("accounts:deputies"))
    look(page, "deputies")


def test_the_administrators_pages(new_page, look, people, offices, hold):
    hold("administrator", offices.bureau, Role.HANDLER)
    page = new_page()
    sign_in(page, "administrator")
    page.goto(reverse("accounts:users"))
    page.wait_for_url("**/positions/?next=*")
    look(page, "choose")
    page.get_by_role("button", name="系统管理").first.click()
    page.wait_for_url("**/admin-desk/users/")
    look(page, "users")
    for name in ("organisations", "new-organisation", "recusals"):
        page.goto(reverse(f"accounts:{name}"))
        look(page, name)
