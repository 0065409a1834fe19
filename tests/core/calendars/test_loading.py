"""Loading, confirming and overriding: history and event each time, what rests on the year follows, refusals whole."""

import datetime

import pytest

from core.audit.models import Event
from core.calendars import effects, loading
from core.calendars.arrangements import parse_csv
from core.calendars.calendar import current
from core.calendars.effects import Move
from core.calendars.models import CalendarDay, CalendarYear, YearStatus
from core.refusals import Invalid, NotAllowed, NotPossible
from regulation.workdays import add_workdays

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 20)
D = datetime.date


@pytest.fixture
def load(administrator):
    def load_text(text: str, source: str = "国办发明电〔2026〕1号"):
        return loading.load_year(2027, parse_csv(text, 2027), source=source, actor=administrator, on=DAY)

    return load_text


def test_a_loaded_year_counts_as_announced(seeded, load, year_2027):
    before = add_workdays(D(2027, 2, 1), 5, current())
    assert before.provisional
    loaded = load(year_2027)
    after = add_workdays(D(2027, 2, 1), 5, current())
    assert (after.end, after.provisional) == (D(2027, 2, 16), False)
    assert loaded.added == CalendarDay.objects.filter(date__year=2027).count()
    assert CalendarYear.objects.get(pk=2027).status == YearStatus.ANNOUNCED


def test_loading_again_writes_only_what_differs_and_keeps_all_history(seeded, load, year_2027, administrator):
    load(year_2027)
    history, events = CalendarDay.history.count(), Event.objects.count()
    assert load(year_2027) == loading.Loaded(2027)
    assert (CalendarDay.history.count(), Event.objects.count()) == (history, events)
    changed = year_2027.replace("2027-06-09,放假,端午节", "2027-06-10,放假,端午节").replace("中秋节", "中秋")
    loaded = load(changed)
    assert (loaded.added, loaded.changed, loaded.removed) == (1, 1, 1)
    kinds = CalendarDay.history.filter(date=D(2027, 6, 9)).order_by("history_id").values_list("history_type", flat=True)
    assert list(kinds) == ["+", "-"]
    assert CalendarDay.history.latest("history_id").history_user == administrator.user


def test_the_event_names_source_counts_and_days(seeded, load, year_2027, administrator):
    load(year_2027)
    event = Event.objects.get(verb="calendar.load")
    assert event.payload["source"] == "国办发明电〔2026〕1号"
    assert event.payload["added"] == len(event.frozen["days"]) == 31
    assert event.actor_user_id == administrator.user.pk


def test_confirming_makes_the_reckoned_year_definite(seeded, administrator):
    guess = add_workdays(D(2026, 12, 28), 6, current())
    loading.confirm_year(2027, actor=administrator, on=DAY, reason="国务院办公厅未公布")
    sure = add_workdays(D(2026, 12, 28), 6, current())
    assert (guess.end, guess.provisional, sure.provisional) == (sure.end, True, False)
    assert current().why(D(2027, 10, 1)) == "国庆节"
    assert CalendarYear.objects.get(pk=2027).status == YearStatus.CONFIRMED


def test_a_confirmed_year_may_still_be_loaded(seeded, load, year_2027, administrator):
    loading.confirm_year(2027, actor=administrator, on=DAY, reason="国务院办公厅未公布")
    load(year_2027)
    assert CalendarYear.objects.get(pk=2027).status == YearStatus.ANNOUNCED
    assert CalendarYear.history.filter(year=2027).count() == 2


@pytest.mark.parametrize(("year", "said"), [(2026, "已经载入"), (2028, "还早"), (1999, "2004 年至 2100 年")])
def test_what_need_not_or_cannot_be_confirmed_is_refused(seeded, administrator, year, said):
    with pytest.raises(NotPossible, match=said) as refused:
        loading.confirm_year(year, actor=administrator, on=DAY, reason="")
    assert [reason.code for reason in refused.value.reasons][-1] == "no_reason"


def test_a_day_is_overridden_and_put_back(seeded, administrator):
    day = D(2026, 12, 31)
    loading.override_day(day, "holiday", "临时放假", "市政府通知", actor=administrator, on=DAY)
    assert current().why(day) == "临时放假"
    loading.override_day(day, loading.PLAIN, "", "通知撤销", actor=administrator, on=DAY)
    assert current().is_workday(day)
    rows = CalendarDay.history.filter(date=day).order_by("history_id")
    assert [(row.history_type, row.history_change_reason) for row in rows] == [("+", "市政府通知"), ("-", "通知撤销")]
    assert Event.objects.filter(verb="calendar.override").count() == 2


def test_an_override_that_makes_no_sense_is_refused_with_every_reason(seeded, administrator):
    with pytest.raises(Invalid) as refused:
        loading.override_day(D(2026, 12, 31), "makeup", "", "", actor=administrator, on=DAY)
    assert {reason.code for reason in refused.value.reasons} == {"weekday", "no_name", "no_note"}
    with pytest.raises(Invalid, match="还没有载入"):
        loading.override_day(D(2028, 1, 3), "holiday", "元旦", "通知", actor=administrator, on=DAY)


def test_nobody_but_the_administrator_edits(seeded, handler, year_2027):
    rows = parse_csv(year_2027, 2027)
    with pytest.raises(NotAllowed):
        loading.load_year(2027, rows, source="x", actor=handler, on=DAY)
    with pytest.raises(NotAllowed):
        loading.confirm_year(2027, actor=handler, on=DAY, reason="x")
    with pytest.raises(NotAllowed):
        loading.override_day(D(2026, 12, 31), "holiday", "x", "x", actor=handler, on=DAY)
    assert not CalendarYear.objects.filter(pk=2027).exists()


def test_a_load_without_a_source_or_with_a_hole_is_refused_whole(seeded, administrator, year_2027):
    rows = [row for row in parse_csv(year_2027, 2027) if row[0] != D(2027, 10, 3)]
    with pytest.raises(Invalid) as refused:
        loading.load_year(2027, rows, source=" ", actor=administrator, on=DAY)
    assert {reason.code for reason in refused.value.reasons} == {"statutory", "no_source"}
    assert not CalendarDay.objects.filter(date__year=2027).exists()


def test_what_rests_on_the_year_follows_in_the_same_transaction(seeded, load, year_2027, monkeypatch):
    seen = []

    def after_load(years, *, on, reason):
        seen.append((years, on, reason, current().is_workday(D(2027, 2, 8))))
        return [Move("x", "1", "受理审核", DAY, D(2027, 2, 8), D(2027, 2, 15), True, False)]

    monkeypatch.setattr(effects, "_effects", [(after_load, lambda calendar: [])])
    loaded = load(year_2027)
    assert seen == [(frozenset({2027}), DAY, "载入2027年节假日安排", False)]
    assert loaded.moves[0].moved
    assert loaded.moves[0].settled
    assert Event.objects.get(verb="calendar.load").payload["moved"] == 1


def test_a_fault_in_what_follows_undoes_the_load(seeded, load, year_2027, monkeypatch):
    def broken(years, *, on, reason):
        raise RuntimeError

    monkeypatch.setattr(effects, "_effects", [(broken, lambda calendar: [])])
    before = current()
    with pytest.raises(RuntimeError):
        load(year_2027)
    assert not CalendarYear.objects.filter(pk=2027).exists()
    assert current() == before
