"""The administrator by every hand: a position for a user, a setting from a day on, a checkpoint verified."""

import re

import pytest

from core.accounts.models import Position
from core.audit.checkpoint import checkpoint
from core.clock.clock import now
from core.reference.models import Setting
from registry.subscriptions.models import Letter, Subscription
from tests.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_ten")]


def test_a_users_position_and_a_setting(hands):
    world = make_world()
    hand = hands(world, "operator administrator")
    hand.open("/desk/")
    hand.follow("单位和岗位")
    hand.write("名称或信用代码", "文峰区人社局")
    hand.press("查询")
    hand.see("共 1 个单位")
    hand.judge()
    hand.follow("人员与岗位")
    given = hand.at("form[action$='/positions/']")
    given.write("登录名", "other-county-handler")
    given.choose("岗位", "handler")
    given.press("设置岗位")
    hand.see("岗位已设置。")
    assert Position.objects.filter(user__username="other-county-handler").count() == 2

    hand.follow("期限和参数")
    hand.choose("设置", "county_recommendation")
    hand.write("值", "99")
    hand.write("依据或说明", "局务会纪要")
    hand.press("保存")
    hand.see("处需要修改")
    hand.write("值", "7")
    hand.press("保存")
    hand.see("已保存。")
    hand.judge()
    assert Setting.objects.get().value == 7

    checkpoint(now())
    hand.follow("运行状况")
    hand.see("期限处理和提醒")
    hand.judge()
    hand.follow(re.compile("审计链封存"))
    hand.press("核对")
    hand.see("核对无误")
    hand.judge()


def test_what_was_given_up_goes_out_again_at_once(hands, picture):
    world = make_world()
    reader = Subscription.objects.create(address="reader@example.test", address_hash="0" * 64, kinds=[], often="each")
    stopped = {"state": "failed", "attempts": 10, "error": "ConnectionRefusedError: [Errno 111] Connection refused"}
    for kind in ("news", "news", "confirmation"):
        Letter.objects.create(subscription=reader, kind=kind, **stopped)
    hand = hands(world, "operator administrator")
    hand.open("/desk/")
    hand.judge()
    picture(hand.page, "administrator-home")
    hand.follow(re.compile("公告邮件"))
    hand.see("连不上邮件服务器")
    hand.judge()
    picture(hand.page, "letters-given-up")
    hand.press(re.compile("全部重新发送"))
    hand.see("2 封已重新排队")
    hand.judge()
    assert Letter.objects.filter(kind="news", state="pending", attempts=0).count() == 2
