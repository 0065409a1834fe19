"""The rules page holds every article in own words, and every period, setting and ground under its article."""

import pytest

from registry import articles, guide
from regulation.citations import ITEMS, LAST_ARTICLE
from regulation.periods import PERIODS
from regulation.settings import SETTINGS
from tests.world import DAY


@pytest.fixture
def found(db) -> dict[int, articles.Article]:
    return {article.citation.article: article for part in articles.parts(DAY) for article in part.articles}


def test_every_article_is_there_in_words(found):
    assert sorted(found) == list(range(1, LAST_ARTICLE + 1))
    assert all(article.summary.endswith("。") for article in found.values())


def test_items_are_those_of_the_measure(found):
    counted = {number: len(article.items) for number, article in found.items() if article.items}
    assert counted == dict(ITEMS)


def test_every_period_and_cited_setting_stands_under_its_article(found):
    labels = {number: [length.label for length in article.lengths] for number, article in found.items()}
    for spec in PERIODS.values():
        assert spec.label in labels[spec.citation.article]
    for setting in SETTINGS.values():
        if setting.citation is not None:
            assert setting.label in labels[setting.citation.article]


def test_what_the_authority_chose_is_marked_as_a_setting(found):
    marked = {length.label for article in found.values() for length in article.lengths if length.setting}
    assert {"县区推荐意见", "全市社评机构预设数量"} <= marked
    assert not {"受理审核", "备案决定", "备案有效期"} & marked


def test_summaries_copy_no_sentence_of_the_measure(found):
    from pathlib import Path

    measure = Path("tests/regulation/measure-2022-160.txt").read_text(encoding="utf-8")
    flat = "".join(measure.split()).translate(str.maketrans("，；：（）", ",;:()"))
    for article in found.values():
        words = article.summary.rstrip("。").translate(str.maketrans("，；：（）", ",;:()"))
        assert len(words) < 45 or words not in flat


def test_the_guide_names_existing_periods(db):
    assert [length.label for step in guide.steps(DAY) for length in step.lengths]
    assert {condition.item for group in guide.conditions() for condition in group.conditions} == set(range(1, 8))
