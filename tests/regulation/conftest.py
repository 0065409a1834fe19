"""The announced calendar, as the library holds it, and the Measure's own text cut into articles and items."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from chinese_calendar import constants

from regulation.workdays import Calendar

LIBRARY_YEARS = frozenset(range(2004, 2027))


def library_calendar(announced: frozenset[int] = LIBRARY_YEARS) -> Calendar:
    """The library's calendar, with these years taken as announced."""

    def names(days: Mapping[date, str]) -> dict[date, str]:
        return {day: constants.Holiday(name).chinese for day, name in days.items()}

    return Calendar(names(constants.holidays), names(constants.workdays), announced)


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """2004 to 2026 announced."""
    return library_calendar()


@dataclass
class Article:
    """One article of the text: where it stands, what it says before its items, and the items."""

    chapter: int
    in_chapter: int
    text: str
    items: list[str] = field(default_factory=list)


@dataclass
class Measure:
    """The text: chapter titles in order, and the articles by running number."""

    chapters: list[str]
    articles: dict[int, Article]


@pytest.fixture(scope="session")
def measure() -> Measure:
    """The Measure, read from its published text without any of the code under test."""
    found = Measure([], {})
    in_chapter = 0
    for raw in (Path(__file__).parent / "measure-2022-160.txt").read_text(encoding="utf-8").splitlines():
        line = raw.strip()
        if match := re.match(r"第[一二三四五六七八]章\s+(\S+)$", line):
            found.chapters.append(match[1])
            in_chapter = 0
        elif found.chapters and (match := re.match(r"第[一二三四五六七八九十]+条\s+(.+)$", line)):
            in_chapter += 1
            found.articles[len(found.articles) + 1] = Article(len(found.chapters), in_chapter, match[1])
        elif found.articles and (match := re.match(r"\([一二三四五六七八九十]+\)\s*(.+)$", line)):
            found.articles[len(found.articles)].items.append(match[1])
        elif found.articles and line:
            found.articles[len(found.articles)].text += line
    return found
