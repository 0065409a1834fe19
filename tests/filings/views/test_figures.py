"""期限和参数: each setting in its group with what it is used for, what holds, what is planned, and who changed it."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from core.clock.clock import SHANGHAI
from core.reference import settings
from regulation.settings import GROUPS, SETTINGS
from tests.world import DAY, make_world

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=SHANGHAI)
LATER = DAY + datetime.timedelta(days=40)
SENT = {"key": "county_recommendation", "value": "7", "effective_from": LATER.isoformat(), "note": "局务会纪要"}


@pytest.fixture
def operator():
    with time_machine.travel(NOON, tick=True):
        yield make_world().browser("operator administrator")


def row_of(context, key: str) -> settings.Figure:
    return next(row for _, rows in context["groups"] for row in rows if row.key == key)


def test_every_setting_stands_in_its_group_with_its_article_and_its_use(operator):
    answer = operator.get(reverse("filings:figures"))
    text = answer.content.decode()
    shown = [row.key for _, rows in answer.context["groups"] for row in rows]
    assert shown == [one.key for group in GROUPS for one in group.settings if not one.decided]
    for key in shown:
        assert SETTINGS[key].affects in text
    for group in GROUPS:
        assert group.effect in text


def test_a_planned_figure_stands_beside_the_one_that_holds_until_its_day(operator):
    assert operator.post(reverse("filings:figures"), SENT).status_code == 302
    answer = operator.get(reverse("filings:figures"))
    row = row_of(answer.context, "county_recommendation")
    assert (str(row), [one.said for one in row.planned]) == ("5 个工作日", ["7 个工作日"])
    with time_machine.travel(NOON + datetime.timedelta(days=40), tick=True):
        assert (settings.value("county_recommendation", LATER), settings.figures(LATER)[0].planned) == (7, [])


def test_who_changed_what_stays_also_where_a_plan_was_replaced(operator):
    for value in ("7", "6"):
        operator.post(reverse("filings:figures"), {**SENT, "value": value})
    answer = operator.get(reverse("filings:figures"))
    lines = [(setting.said, str(one.history_user), one.note) for one, setting in answer.context["page"]]
    assert [said for said, _, _ in lines] == ["6 个工作日", "7 个工作日"]
    assert {note for _, _, note in lines} == {"局务会纪要"}
    assert "系统" not in {who for _, who, _ in lines}


def test_a_setting_that_is_chosen_says_what_holds_and_what_is_allowed(operator):
    text = operator.get(reverse("filings:figures"), {"key": "reminder_on_lapse"}).content.decode()
    assert "现行 提醒，可设 0 不提醒、1 提醒" in text
    assert operator.get(reverse("filings:figures"), {"key": "nothing"}).context["chosen"] is None
