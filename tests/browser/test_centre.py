"""The centre's decision in a real browser: a part left out, papers previewed, proposed by one, decided by another."""

import datetime

import pytest
import time_machine

from core.clock.clock import SHANGHAI
from core.documents.models import OfficialDocument
from filings.models import Filing
from tests.browsing import press_and_confirm
from tests.world import DAY, assessing, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(datetime.datetime(DAY.year, DAY.month, DAY.day, 10, tzinfo=SHANGHAI), tick=True):
        yield


def is_preview(answer):
    """Whether this answers the form's preview (not the frame's first one)."""
    return "/preview/" in answer.url and answer.request.method == "POST"


def test_a_partial_approval_is_proposed_and_decided(sign_in, picture, assert_accessible):
    world = make_world()
    application = assessing(world)
    handler = sign_in(world, "centre handler")
    handler.goto(f"/applications/{application.pk}/")
    assert_accessible(handler)
    picture(handler, "centre-assessment")
    handler.get_by_role("link", name="提议同意备案").click()
    second = handler.get_by_role("region", name="电工")
    assert handler.locator("[name^=grant-]:checked").count() == 0  # nothing is decided for the handler
    handler.get_by_role("region", name="焊工").get_by_label("同意", exact=True).check()
    second.get_by_label("不同意", exact=True).check()
    handler.get_by_role("button", name="提交负责人决定").click()
    handler.get_by_text("不同意“电工”的，请写明理由").first.wait_for()
    second = handler.get_by_role("region", name="电工")
    assert second.get_by_label("不同意", exact=True).is_checked()
    second.locator("#id_left-out-6-31-01-03").fill("实操工位不足。")
    second.locator("#id_basis-6-31-01-03").select_option("M7(2)")
    first = handler.get_by_role("region", name="焊工")
    first.get_by_text("只同意部分等级或场地").click()
    first.get_by_label("不同意三级（高级工）", exact=True).check()
    part = first.get_by_role("group", name="三级（高级工）")
    part.get_by_text("理由和依据").click()
    part.locator("#id_left-out-6-18-02-04-level-3").fill("高级工的考评人员不足。")
    part.locator("#id_basis-6-18-02-04-level-3").select_option("M7(3)")
    with handler.expect_response(is_preview) as shown:
        handler.get_by_role("button", name="预览备案回执").click()
    assert shown.value.headers["content-type"] == "application/pdf"
    assert_accessible(handler)
    handler.get_by_role("button", name="提交负责人决定").click()
    handler.get_by_role("heading", name="提议同意备案，等待负责人决定").wait_for()

    chief = sign_in(world, "centre chief")
    chief.goto("/desk/")
    chief.get_by_role("link", name=f"同意备案：{application.name}").click()
    chief.get_by_text("实操工位不足。").wait_for()
    chief.get_by_text("高级工的考评人员不足。").wait_for()
    assert_accessible(chief)
    picture(chief, "centre-proposal")
    press_and_confirm(chief, "决定：同意备案")
    chief.get_by_text("已决定：同意备案").wait_for()
    filing = Filing.objects.get()
    assert list(filing.scope.values_list("occupation_id", "levels")) == [("6-18-02-04", [5, 4])]
    assert OfficialDocument.objects.filter(series__in=("receipt", "partial_refusal")).count() == 2
    chief.goto("/quota/")
    assert_accessible(chief)
    picture(chief, "quota-board")
