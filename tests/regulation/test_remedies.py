"""How adverse papers say they can be challenged."""

from datetime import date

import pytest

from regulation.remedies import REMEDIES, Paper, Remedy, remedy_dates, sentences
from regulation.workdays import Calendar

CHAPTER_SIX = {Paper.INVALIDATION, Paper.INTERVIEW, Paper.WARNING, Paper.TERMINATION, Paper.REMOVAL}


def test_every_paper_has_its_remedies() -> None:
    assert set(REMEDIES) == set(Paper)
    assert {paper for paper, remedies in REMEDIES.items() if Remedy.OBJECTION in remedies} == CHAPTER_SIX
    assert {paper for paper, remedies in REMEDIES.items() if not remedies} == {Paper.CORRECTION, Paper.REVIEW_UPHELD}
    for remedies in REMEDIES.values():
        assert (Remedy.ADMINISTRATIVE_REVIEW in remedies) is (Remedy.LAWSUIT in remedies)


def test_a_sanction_served_on_a_known_day(calendar: Calendar) -> None:
    found = remedy_dates(Paper.WARNING, date(2025, 6, 30), calendar)
    assert [(r.remedy, r.last_day, r.provisional) for r in found] == [
        (Remedy.OBJECTION, date(2025, 8, 29), False),
        (Remedy.ADMINISTRATIVE_REVIEW, date(2025, 8, 29), False),
        (Remedy.LAWSUIT, date(2025, 12, 30), False),
    ]
    objection, review, lawsuit = (r.sentence for r in found)
    assert "第六章第八条(第四十条)" in objection
    assert "60日内（2025年8月29日止）" in objection
    assert "60日内（2025年8月29日止）依法向行政复议机关申请行政复议" in review
    assert "6个月内（2025年12月30日止）依法向有管辖权的人民法院提起行政诉讼" in lawsuit


def test_a_refusal_knows_no_objection(calendar: Calendar) -> None:
    found = remedy_dates(Paper.REFUSAL, date(2025, 6, 30), calendar)
    assert [r.remedy for r in found] == [Remedy.ADMINISTRATIVE_REVIEW, Remedy.LAWSUIT]


def test_last_days_in_a_holiday_move(calendar: Calendar) -> None:
    """60 days from 2025-08-04 and 6 months from 2025-04-03 both end on 3 October, inside 1 to 8 October."""
    by_day = remedy_dates(Paper.DECLINE, date(2025, 8, 4), calendar)[0]
    by_month = remedy_dates(Paper.DECLINE, date(2025, 4, 3), calendar)[1]
    assert (by_day.last_day, by_month.last_day) == (date(2025, 10, 9), date(2025, 10, 9))


def test_a_last_day_in_an_unannounced_year_says_so(calendar: Calendar) -> None:
    review, lawsuit = remedy_dates(Paper.DECLINE, date(2026, 9, 1), calendar)
    assert not review.provisional
    assert lawsuit.provisional
    assert lawsuit.last_day == date(2027, 3, 1)
    assert "2027年3月1日止，该年放假安排公布后可能顺延" in lawsuit.sentence


def test_the_objection_follows_its_setting(calendar: Calendar) -> None:
    found = remedy_dates(Paper.TERMINATION, date(2025, 6, 30), calendar, objection_days=90)
    assert found[0].last_day == date(2025, 9, 28)
    assert "90日内" in found[0].sentence
    assert found[1].last_day == date(2025, 8, 29)
    assert "90日内" in sentences(Paper.TERMINATION, objection_days=90)[0]


def test_bodies_by_name() -> None:
    bodies = {Remedy.ADMINISTRATIVE_REVIEW: "安阳市人民政府"}
    review, lawsuit = sentences(Paper.DECLINE, bodies=bodies)
    assert review == "不服本决定的，可以自送达之日起60日内依法向安阳市人民政府申请行政复议。"
    assert lawsuit == "不服本决定的，也可以自送达之日起6个月内依法向有管辖权的人民法院提起行政诉讼。"


@pytest.mark.parametrize("paper", [Paper.CORRECTION, Paper.REVIEW_UPHELD])
def test_what_is_no_decision_of_its_own(paper: Paper, calendar: Calendar) -> None:
    assert sentences(paper) == []
    assert remedy_dates(paper, date(2025, 6, 30), calendar) == []
