"""Without JavaScript: a filter, a step of the wizard, a mark with its remark, an act with its question, all arrive."""

import datetime
import re

import pytest
import time_machine
from playwright.sync_api import expect

from core.clock.clock import SHANGHAI
from tests.world import DAY, filled_draft, make_world, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_kind_of_form_is_sent_without_scripts(sign_in):
    world = make_world()
    with time_machine.travel(datetime.datetime(DAY.year, DAY.month, DAY.day, 10, tzinfo=SHANGHAI), tick=True):
        draft = filled_draft(world, "rival admin")
        page = sign_in(world, "rival admin", java_script_enabled=False)
        page.goto(f"/applications/{draft.pk}/draft/agency/")
        page.get_by_label("联系人", exact=True).fill("经办人乙")
        page.get_by_role("button", name="下一步").click()
        expect(page.get_by_role("heading", level=2, name=re.compile("^2")).first).to_be_visible()
        draft.refresh_from_db()
        assert draft.contact == "经办人乙"
        page.goto(f"/applications/{draft.pk}/draft/pledge/")
        page.get_by_role("button", name="提交申请").click()
        expect(page.get_by_text("提交后不能再修改，直到受理单位通知补正。")).to_be_visible()
        draft.refresh_from_db()
        assert draft.state == "draft"
        page.get_by_role("button", name="确定").click()
        expect(page.get_by_text("已提交，受理单位正在审核材料。")).to_be_visible()

        application = submitted(world)
        page = sign_in(world, "county handler", java_script_enabled=False)
        page.goto("/applications/")
        page.get_by_role("searchbox").first.fill("甲职业")
        page.locator("main form[method=get] button[type=submit]").first.click()
        expect(page.get_by_role("link", name=re.compile("乙职业"))).to_have_count(0)
        page.get_by_role("link", name=re.compile("甲职业")).first.click()
        venue = page.locator("#id_material-venue")
        venue.get_by_text("有问题").click()
        venue.get_by_label("缺什么、怎么补").fill("请补附视频监控位置的平面图。")
        venue.get_by_role("button", name="记下").click()
        expect(page.locator("#id_material-venue .is-no")).to_be_visible()
        # Folded, and open to whoever has no script.
        staff = page.locator("#id_part-staff + details")
        expect(staff.get_by_role("table")).to_be_hidden()
        staff.locator("summary").click()
        expect(staff.get_by_role("table")).to_be_visible()
        assert application.materials.get(key="venue").remark == "请补附视频监控位置的平面图。"
