"""The Measure's lists as data: whole, in order, and with the text's own figures."""

import re
from collections import Counter

import pytest

from regulation import thresholds
from regulation.citations import ITEMS, cite
from regulation.conditions import CONDITIONS
from regulation.grounds import ESCALATIONS, GRADES, GROUNDS, Grade, escalates_from, escalations, of_grade
from regulation.materials import FORMATS, MATERIALS
from regulation.settings import SETTINGS
from regulation.thresholds import THRESHOLDS, Comparison, Threshold
from tests.regulation.conftest import Measure

# The materials of M8


def test_the_six_materials_are_the_texts(measure: Measure) -> None:
    assert list(MATERIALS) == ["profile", "work_plan", "venue", "credit", "record", "pledge"]
    assert [f"{material.label}" for material in MATERIALS.values()] == [
        item.rstrip(";。") for item in measure.articles[8].items
    ]
    assert [material.citation.code for material in MATERIALS.values()] == [f"M8({n})" for n in range(1, 7)]


def test_the_pledge_alone_is_always_new() -> None:
    assert [material.key for material in MATERIALS.values() if not material.carry_over] == ["pledge"]


def test_materials_say_what_to_hand_in_and_how() -> None:
    for material in MATERIALS.values():
        assert material.hint
        assert "pdf" in material.formats
        assert set(material.formats) <= set(FORMATS)
    assert {extension for material in MATERIALS.values() for extension in material.formats} == set(FORMATS)
    assert "docx" not in MATERIALS["pledge"].formats  # a signed paper is a scan


# The conditions of M7


def test_every_item_of_m7_is_broken_into_checks() -> None:
    assert Counter(condition.item for condition in CONDITIONS.values()) == {1: 5, 2: 7, 3: 5, 4: 1, 5: 2, 6: 2, 7: 2}
    assert [c.item for c in CONDITIONS.values()] == sorted(c.item for c in CONDITIONS.values())
    assert CONDITIONS["fire"].citation.code == "M7(2)"


def test_only_the_two_thousand_may_be_relaxed() -> None:
    assert [condition.key for condition in CONDITIONS.values() if condition.relaxable] == ["person_times"]
    assert CONDITIONS["person_times"].per_occupation
    assert [condition.key for condition in CONDITIONS.values() if condition.in_principle] == ["same_area"]


def test_what_needs_judgement_is_left_to_people() -> None:
    assert [condition.key for condition in CONDITIONS.values() if not condition.machine] == [
        "good_credit",
        "no_violations",
        "equipment",
        "environment",
        "safety",
        "fire",
        "rules",
        "public_benefit",
        "funding",
    ]


# Thresholds


# key, the last count it is true of, the first it is not
EDGES = [
    ("m7_years", 3, 2),
    ("m7_person_times", 2000, 1999),
    ("m35_inactive_months", 6, 5),
    ("m36_inactive_months", 12, 11),
    ("m36_persons", 499, 500),
    ("m37_city", 40, 41),
    ("m37_urban", 3, 4),
    ("m37_county", 2, 3),
    ("m38_inactive_months", 12, 11),
    ("m38_persons", 299, 300),
    ("m38_providers", 2, 1),
    ("m41_commended_years", 3, 2),
    ("m41_person_times", 4001, 4000),
    ("m41_certificates", 10001, 10000),
]


@pytest.mark.parametrize(("key", "true_of", "false_of"), EDGES)
def test_each_figure_at_its_edge(key: str, true_of: int, false_of: int) -> None:
    assert THRESHOLDS[key].holds(true_of)
    assert not THRESHOLDS[key].holds(false_of)


def test_every_threshold_is_tried_at_its_edge() -> None:
    assert [key for key, *_ in EDGES] == list(THRESHOLDS)


@pytest.mark.parametrize("threshold", THRESHOLDS.values(), ids=lambda threshold: threshold.key)
def test_each_figure_stands_in_its_article(measure: Measure, threshold: Threshold) -> None:
    article = measure.articles[threshold.citation.article]
    text = article.items[threshold.citation.item - 1] if threshold.citation.item else article.text
    figure = "三" if threshold.key == "m41_commended_years" else str(threshold.figure)
    assert re.search(rf"(?<!\d){figure}(?!\d)", text)


def test_comparisons_use_the_texts_words() -> None:
    assert THRESHOLDS["m7_person_times"].text == "不少于2000人次"
    assert THRESHOLDS["m36_persons"].text == "低于500人"
    assert THRESHOLDS["m37_urban"].text == "不超过3家"
    assert THRESHOLDS["m41_certificates"].comparison is Comparison.MORE_THAN


def test_caps_have_one_figure() -> None:
    """The bureau's settings start from the Measure's figures."""
    for name in ("city", "urban", "county"):
        assert SETTINGS[f"cap_{name}"].default == THRESHOLDS[f"m37_{name}"].figure


def test_named_comparisons() -> None:
    assert thresholds.meets_m7_years(3)
    assert not thresholds.meets_m7_years(2)
    assert thresholds.meets_m7_person_times(2000)
    assert not thresholds.meets_m7_person_times(1999)
    assert thresholds.is_inactive_m35(6)
    assert not thresholds.is_inactive_m35(5)
    assert thresholds.meets_m41_commended(3)
    assert not thresholds.meets_m41_commended(2)


@pytest.mark.parametrize(
    ("months", "persons", "ground"), [(0, 500, False), (0, 499, True), (11, 500, False), (12, 500, True)]
)
def test_inactivity_of_an_agency(months: int, persons: int, ground: bool) -> None:
    assert thresholds.is_inactive_m36(months, persons) is ground


@pytest.mark.parametrize(
    ("months", "persons", "providers", "ground"),
    [(0, 300, 2, False), (0, 299, 2, True), (12, 300, 2, True), (0, 299, 1, False), (12, 0, 1, False)],
)
def test_inactivity_in_an_occupation(months: int, persons: int, providers: int, ground: bool) -> None:
    """300 is not below 300, and the city's only provider keeps its occupation."""
    assert thresholds.is_inactive_m38(months, persons, providers=providers) is ground


@pytest.mark.parametrize(
    ("person_times", "certificates", "reached"),
    [(4001, 10001, True), (4000, 10001, False), (4001, 10000, False)],
)
def test_commendable_volume(person_times: int, certificates: int, reached: bool) -> None:
    assert thresholds.meets_m41_volume(person_times, certificates) is reached


# Grounds


def test_every_ground_of_the_text_is_there(measure: Measure) -> None:
    per_article = Counter(ground.citation.article for ground in GROUNDS.values())
    assert per_article == {n: len(measure.articles[n].items) or 1 for n in (33, 34, 35, 36, 38, 41)}
    assert per_article == {33: 4, 34: 8, 35: 8, 36: 10, 38: 1, 41: 4}
    for article in (33, 34, 35, 36, 41):
        codes = [ground.code for ground in GROUNDS.values() if ground.citation.article == article]
        assert codes == [f"M{article}({n})" for n in range(1, ITEMS[article] + 1)]
    assert GROUNDS["M38"].citation == cite("M38")


def test_labels_are_short_and_in_own_words(measure: Measure) -> None:
    for ground in GROUNDS.values():
        article = measure.articles[ground.citation.article]
        text = article.items[ground.citation.item - 1] if ground.citation.item else article.text
        assert 0 < len(ground.label) <= 45
        assert ground.label not in text
    assert len({ground.label for ground in GROUNDS.values()}) == len(GROUNDS)


@pytest.mark.parametrize(
    ("grade", "article", "label"),
    [
        (Grade.INVALIDATION, 33, "成绩无效、证书作废"),
        (Grade.INTERVIEW, 34, "约谈"),
        (Grade.WARNING, 35, "警告限期整改"),
        (Grade.TERMINATION, 36, "终止备案"),
        (Grade.REMOVAL, 38, "取消职业（工种）资格"),
        (Grade.COMMENDATION, 41, "纳入诚信档案并给予支持"),
    ],
)
def test_each_grade_has_the_grounds_of_its_article(grade: Grade, article: int, label: str) -> None:
    assert grade.label == label
    assert grade.spec.citation.article == article
    assert {ground.citation.article for ground in of_grade(grade)} == {article}


def test_grades_are_whole_and_never_called_penalties() -> None:
    assert set(GRADES) == set(Grade)
    assert not [spec for spec in GRADES.values() if "处罚" in spec.label + spec.effect + spec.may]
    assert set().union(*(of_grade(grade) for grade in Grade)) == set(GROUNDS.values())


def test_escalations_name_known_grounds_and_lead_upward() -> None:
    order = {33: 0, 34: 1, 35: 2, 36: 3}
    for escalation in ESCALATIONS:
        target = GROUNDS[escalation.target]
        for source in escalation.sources:
            assert order[GROUNDS[source].citation.article] <= order[target.citation.article]


def test_what_an_agencys_past_makes_possible() -> None:
    assert [e.target for e in escalations("M34(3)")] == ["M35(1)", "M35(5)"]
    assert [e.target for e in escalations("M35(2)")] == ["M35(5)", "M36(6)"]
    assert [e.target for e in escalations("M35(5)")] == ["M35(5)", "M36(8)", "M36(6)"]
    assert escalations("M36(1)") == ()
    assert [e.sources for e in escalates_from("M35(1)")] == [tuple(f"M34({n})" for n in range(1, 9))]
    assert [e.sources for e in escalates_from("M36(6)")] == [tuple(f"M35({n})" for n in range(1, 9))]
    assert [e.sources for e in escalates_from("M36(8)")] == [("M35(5)",)]
    assert escalates_from("M33(1)") == ()
