"""Every clock of the specification's table, with its figure, its holder and its article; and every setting."""

from datetime import date

import pytest

from regulation import workdays
from regulation.citations import cite
from regulation.periods import PERIODS, PeriodSpec
from regulation.settings import GROUPS, SETTINGS, SettingSpec
from regulation.workdays import Calendar, Holder, Unit
from tests.regulation.conftest import Measure

AGENCY, AUTHORITY = Holder.AGENCY, Holder.AUTHORITY
WORKDAY, DAY, MONTH, YEAR = Unit.WORKDAY, Unit.DAY, Unit.MONTH, Unit.YEAR
S = True

# key, amount, unit, holder, article, a setting?
TABLE = [
    ("completeness", 5, WORKDAY, AUTHORITY, "M10", False),
    ("correction", 30, DAY, AGENCY, "M10", False),
    ("decision", 15, WORKDAY, AUTHORITY, "M11", False),
    ("county_recommendation", 5, WORKDAY, AUTHORITY, "M6", S),
    ("validity", 3, YEAR, AGENCY, "M14", False),
    ("timely_renewal", 30, DAY, AGENCY, "M14", False),
    ("renewal_opening", 180, DAY, AGENCY, "M14", S),
    ("change_report", 30, DAY, AGENCY, "M13", False),
    ("archive_agency", None, YEAR, AGENCY, "M18", False),
    ("archive_paper", 3, YEAR, AGENCY, "M18", False),
    ("archive_electronic", 5, YEAR, AGENCY, "M18", False),
    ("results_publication", 15, DAY, AGENCY, "M34(8)", S),
    ("certificate_data", 15, DAY, AGENCY, "M34(8)", S),
    ("inactivity_warning", 6, MONTH, AGENCY, "M35(3)", False),
    ("inactivity_termination", 12, MONTH, AGENCY, "M36(7)", False),
    ("inactivity_occupation", 12, MONTH, AGENCY, "M38", False),
    ("inspection_answer", 5, WORKDAY, AGENCY, "M30", S),
    ("inspection_publication", 20, WORKDAY, AUTHORITY, "M26", False),
    ("decision_publication", 20, WORKDAY, AUTHORITY, "M26", False),
    ("complaint_takeup", 7, WORKDAY, AUTHORITY, "M31", S),
    ("complaint_answer", 15, WORKDAY, AUTHORITY, "M31", S),
    ("explanation", 5, WORKDAY, AGENCY, "M33", S),
    ("defence", 5, WORKDAY, AGENCY, "M39", S),
    ("case", 90, DAY, AUTHORITY, "M39", S),
    ("rectification", None, DAY, AGENCY, "M35", False),
    ("unrectified_case", 5, WORKDAY, AUTHORITY, "M35(5)", S),
    ("recheck", 10, WORKDAY, AUTHORITY, "M35", S),
    ("objection", 60, DAY, AGENCY, "M40", S),
    ("review", 30, DAY, AUTHORITY, "M40", S),
    ("announced_service", 30, DAY, AUTHORITY, "M39", False),
    ("administrative_review", 60, DAY, AGENCY, "M40", False),
    ("lawsuit", 6, MONTH, AGENCY, "M40", False),
]


def test_the_table_of_clocks_is_whole() -> None:
    assert [(s.key, s.amount, s.unit, s.holder, s.citation.code, s.setting) for s in PERIODS.values()] == TABLE


@pytest.mark.parametrize("spec", PERIODS.values(), ids=lambda spec: spec.key)
def test_every_clock_says_what_starts_it_and_what_it_brings(spec: PeriodSpec) -> None:
    assert spec.label
    assert spec.starts
    assert spec.lapses
    if spec.setting:
        assert spec.amount is not None
        assert spec.minimum is not None
        assert spec.maximum is not None
        assert spec.minimum <= spec.amount <= spec.maximum
        assert spec.why


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("completeness", "5个工作日"),
        ("correction", "30日"),
        ("decision", "15个工作日"),
        ("validity", "3年"),
        ("timely_renewal", "30日前"),
        ("change_report", "30日内"),
        ("archive_agency", "长期"),
        ("archive_paper", "纸质材料3年"),
        ("archive_electronic", "电子档案5年"),
        ("inactivity_warning", "连续6个月"),
        ("inactivity_termination", "连续12个月"),
        ("inactivity_occupation", "连续12个月"),
    ],
)
def test_the_measures_own_figures_stand_in_their_article(measure: Measure, key: str, words: str) -> None:
    spec = PERIODS[key]
    article = measure.articles[spec.citation.article]
    assert words in (article.items[spec.citation.item - 1] if spec.citation.item else article.text)
    assert spec.length in words
    assert not spec.setting


def test_a_clock_runs_by_its_own_rule(calendar: Calendar) -> None:
    start = date(2025, 9, 5)
    assert PERIODS["correction"].run(start, calendar).end == date(2025, 10, 9)  # an agency's: rolled
    assert PERIODS["review"].run(start, calendar).end == date(2025, 10, 5)  # an authority's own: not
    assert PERIODS["completeness"].run(date(2025, 9, 28), calendar).end == date(2025, 10, 11)
    assert PERIODS["validity"].run(date(2024, 2, 29), calendar).end == date(2027, 2, 28)
    assert PERIODS["rectification"].run(start, calendar, amount=20).end == date(2025, 9, 25)


@pytest.mark.parametrize("days", [1, 30])
def test_correction_takes_what_its_notice_says(calendar: Calendar, days: int) -> None:
    assert PERIODS["correction"].run(date(2025, 3, 3), calendar, amount=days).amount == days


@pytest.mark.parametrize("days", [0, 31])
def test_correction_has_a_range(calendar: Calendar, days: int) -> None:
    with pytest.raises(ValueError, match="“补正”应为1至30日"):
        PERIODS["correction"].run(date(2025, 3, 3), calendar, amount=days)


def test_correction_is_extended_to_60_days_in_all(calendar: Calendar) -> None:
    correction = PERIODS["correction"]
    assert correction.extensions == 1
    assert correction.run(date(2025, 3, 3), calendar, amount=60, extended=True).end == date(2025, 5, 6)
    with pytest.raises(ValueError, match="应为1至60日"):
        correction.run(date(2025, 3, 3), calendar, amount=61, extended=True)


@pytest.mark.parametrize("key", ["completeness", "county_recommendation", "change_report"])
def test_what_has_no_extension_cannot_be_extended(calendar: Calendar, key: str) -> None:
    with pytest.raises(ValueError, match="不能延长"):
        PERIODS[key].run(date(2025, 3, 3), calendar, extended=True)


def test_rectification_is_extended_as_its_decision_says(calendar: Calendar) -> None:
    extended = PERIODS["rectification"].run(date(2025, 3, 3), calendar, amount=45, extended=True)
    assert extended.end == date(2025, 4, 17)


def test_what_the_law_fixes_cannot_be_chosen(calendar: Calendar) -> None:
    for key, amount in (("completeness", 6), ("decision", 14), ("validity", 4), ("change_report", 60)):
        with pytest.raises(ValueError, match="依法为"):
            PERIODS[key].run(date(2025, 3, 3), calendar, amount=amount)


def test_a_setting_keeps_to_its_range(calendar: Calendar) -> None:
    assert PERIODS["county_recommendation"].run(date(2025, 3, 3), calendar, amount=10).amount == 10
    with pytest.raises(ValueError, match="应为1至15个工作日"):
        PERIODS["county_recommendation"].run(date(2025, 3, 3), calendar, amount=16)


def test_a_period_set_by_decision_needs_its_length(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="由决定载明"):
        PERIODS["rectification"].run(date(2025, 3, 3), calendar)


@pytest.mark.parametrize("key", ["timely_renewal", "renewal_opening", "archive_agency", "archive_paper"])
def test_what_is_no_forward_count_does_not_run(calendar: Calendar, key: str) -> None:
    with pytest.raises(ValueError, match="不是从起算日向后计算"):
        PERIODS[key].run(date(2025, 3, 3), calendar)


def test_renewal_window_of_a_filing() -> None:
    end = date(2027, 2, 28)
    opening, timely = PERIODS["renewal_opening"].amount, PERIODS["timely_renewal"].amount
    assert opening is not None
    assert timely is not None
    assert workdays.days_before(end, opening) == date(2026, 9, 1)
    assert workdays.days_before(end, timely) == date(2027, 1, 29)


# Settings


def test_every_open_length_is_a_setting_with_the_same_figure() -> None:
    for spec in PERIODS.values():
        setting = SETTINGS.get(spec.key)
        if spec.setting:
            assert setting is not None
            assert (setting.default, setting.citation, setting.unit) == (spec.amount, spec.citation, spec.unit.label)
        else:
            assert setting is None


@pytest.mark.parametrize(
    ("key", "default", "article"),
    [
        ("cap_city", 40, "M37"),
        ("cap_urban", 3, "M37"),
        ("cap_county", 2, "M37"),
        ("reminder_first", 3, None),
        ("reminder_second", 1, None),
        ("reminder_on_lapse", 1, None),
        ("upload_max_mb", 20, None),
        ("import_max_rows", 100_000, None),
    ],
)
def test_the_portals_own_settings(key: str, default: int, article: str | None) -> None:
    assert SETTINGS[key].default == default
    assert SETTINGS[key].citation == (cite(article) if article else None)


@pytest.mark.parametrize("spec", SETTINGS.values(), ids=lambda spec: spec.key)
def test_every_setting_is_in_its_own_range(spec: SettingSpec) -> None:
    assert spec.label
    assert spec.unit or spec.words
    assert spec.why
    assert spec.affects
    assert spec.say(spec.default)
    for value in (spec.minimum, spec.default, spec.maximum):
        spec.check(value)
    for value in (spec.minimum - 1, spec.maximum + 1):
        with pytest.raises(ValueError, match=f"应在{spec.minimum}至{spec.maximum}"):
            spec.check(value)


@pytest.mark.parametrize(
    ("key", "value", "said", "allowed"),
    [
        ("county_recommendation", 5, "5 个工作日", "1–15 个工作日"),
        ("import_max_rows", 100_000, "100,000 行", "1,000–1,000,000 行"),
        ("reminder_first", 0, "不提醒", "0–30 个工作日前"),
        ("reminder_on_lapse", 1, "提醒", "0 不提醒、1 提醒"),
    ],
)
def test_a_figure_is_said_in_words(key: str, value: int, said: str, allowed: str) -> None:
    assert (SETTINGS[key].say(value), SETTINGS[key].range) == (said, allowed)


def test_a_setting_stands_in_one_group_and_each_group_says_what_a_new_figure_does() -> None:
    keys = [spec.key for group in GROUPS for spec in group.settings]
    assert sorted(keys) == sorted(SETTINGS)
    assert {key for key, spec in PERIODS.items() if spec.setting} <= set(keys)
    assert all(group.title and group.effect and group.settings for group in GROUPS)
