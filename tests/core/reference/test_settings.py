"""Figures the authority chooses: which holds on which day, and what a choice must satisfy."""

import datetime

import pytest

from core.accounts.actors import system
from core.audit.models import Event
from core.reference import settings
from core.reference.models import Setting
from core.refusals import Invalid
from regulation.settings import SETTINGS

KEY = "county_recommendation"
DAY = datetime.date(2026, 9, 18)
NEXT_YEAR = datetime.date(2027, 1, 1)
pytestmark = pytest.mark.django_db


def choose(figure, effective_from=NEXT_YEAR, note="局务会纪要", on=DAY):
    return settings.set_value(KEY, figure, effective_from=effective_from, note=note, actor=system("测试", on), on=on)


@pytest.mark.parametrize("key", SETTINGS)
def test_every_setting_has_its_default_until_one_is_chosen(key):
    assert settings.value(key, DAY) == SETTINGS[key].default


def test_a_figure_holds_from_its_day_on_and_not_a_day_before():
    choose(7)
    assert settings.value(KEY, NEXT_YEAR - datetime.timedelta(days=1)) == SETTINGS[KEY].default
    assert settings.value(KEY, NEXT_YEAR) == settings.value(KEY, datetime.date(2030, 1, 1)) == 7


def test_the_newest_figure_wins_whatever_was_entered_first():
    choose(8, effective_from=datetime.date(2028, 1, 1))
    choose(7)
    assert settings.value(KEY, datetime.date(2028, 1, 1)) == 8
    assert settings.schedule(KEY) == [
        (None, SETTINGS[KEY].default),
        (NEXT_YEAR, 7),
        (datetime.date(2028, 1, 1), 8),
    ]


def test_the_same_day_chosen_again_replaces_with_history_and_event():
    choose(7)
    row = choose(6)
    assert Setting.objects.count() == 1
    assert [one.value for one in row.history.order_by("history_id")] == [7, 6]
    assert [(e.payload["before"], e.payload["value"]) for e in Event.objects.order_by("id")] == [(5, 7), (7, 6)]


def test_every_reason_is_told_at_once():
    with pytest.raises(Invalid) as refused:
        choose(999, effective_from=DAY - datetime.timedelta(days=1), note=" ")
    assert {reason.code for reason in refused.value.reasons} == {"out_of_range", "in_the_past", "no_note"}
    assert not Setting.objects.exists()


def test_today_is_early_enough():
    choose(7, effective_from=DAY)
    assert settings.value(KEY, DAY) == 7


def test_an_unknown_setting_is_refused():
    with pytest.raises(Invalid):
        settings.set_value("nothing", 1, effective_from=DAY, note="x", actor=None, on=DAY)


def test_the_number_of_agencies_is_the_bureaus_and_no_setting():
    assert "cap_city" not in {figure.key for figure in settings.figures(DAY)}
    assert [one.code for one in settings.against("cap_city", 45, DAY, "文件", DAY)] == ["decided_elsewhere"]
