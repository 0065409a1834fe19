"""The bureau by every hand: the quota of a year is proposed by one and set by another."""

import pytest

from filings.models import QuotaYear
from tests.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_ten")]


def test_the_quota_of_a_year(hands):
    world = make_world()
    handler = hands(world, "bureau handler")
    handler.open("/desk/")
    handler.follow("年度名额")
    handler.write("年度", "2027")
    handler.write("全市预设数量（家）", "0")
    handler.press("提交负责人决定")
    handler.see("有 2 处需要修改")
    handler.write("全市预设数量（家）", "45")
    handler.write("依据", "局务会纪要")
    handler.press("提交负责人决定")
    handler.see("已提议年度名额，等待负责人决定。")
    handler.judge()

    chief = hands(world, "bureau chief")
    chief.open("/desk/")
    chief.follow("年度名额")
    chief.judge()
    chief.confirm("决定")
    chief.see("已设定")
    assert QuotaYear.objects.get(year=2027).places == 45
