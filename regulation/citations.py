"""Where in the Measure something stands, in the three ways people and code write it.

The Measure restarts article numbers in every chapter but refers to itself by running number: M34(3) in code is
第三十四条第(三)项 running and 第六章第二条第(三)项 by chapter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

DOCUMENT_NUMBER: Final = "安人社职业〔2022〕160号"
DOCUMENT_TITLE: Final = "安阳市职业技能等级认定社会培训评价机构管理办法(试行)"
IN_FORCE: Final = date(2023, 1, 1)  # M43


@dataclass(frozen=True)
class Chapter:
    """A chapter of the Measure: its number, title, the running number of its first article, and how many it has."""

    number: int
    title: str
    first: int
    articles: int

    @property
    def last(self) -> int:
        """The running number of its last article."""
        return self.first + self.articles - 1


CHAPTERS: Final = (
    Chapter(1, "总则", 1, 5),
    Chapter(2, "机构备案", 6, 9),
    Chapter(3, "内部管理", 15, 7),
    Chapter(4, "监管职能", 22, 5),
    Chapter(5, "监管方式", 27, 6),
    Chapter(6, "监管处理", 33, 8),
    Chapter(7, "奖励措施", 41, 1),
    Chapter(8, "附则", 42, 2),
)
LAST_ARTICLE: Final = CHAPTERS[-1].last

# Running article number -> how many numbered items it has; articles not named here have none.
ITEMS: Final[Mapping[int, int]] = {7: 7, 8: 6, 24: 6, 25: 5, 33: 4, 34: 8, 35: 8, 36: 10, 41: 4}

DIGITS: Final = "零一二三四五六七八九"

_NUMBER = "([一二三四五六七八九十]+)"
_OPEN, _CLOSE = "[(\uff08]", "[)\uff09]"  # half or full width
_ITEM = rf"(?:第{_OPEN}{_NUMBER}{_CLOSE}项)?"
_CODE = re.compile(rf"M([1-9]\d*)(?:{_OPEN}([1-9]\d*){_CLOSE})?", re.ASCII)
_RUNNING = re.compile(rf"第{_NUMBER}条{_ITEM}")
_FULL = re.compile(rf"第{_NUMBER}章第{_NUMBER}条{_ITEM}(?:{_OPEN}第{_NUMBER}条{_CLOSE})?")


@dataclass(frozen=True)
class Citation:
    """An article by running number, and possibly one of its items. ValueError for what the Measure does not have."""

    article: int
    item: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.article <= LAST_ARTICLE:
            raise ValueError(f"本办法没有第{self.article}条：共{LAST_ARTICLE}条，请核对条号。")
        if self.item is None:
            return
        items = ITEMS.get(self.article, 0)
        if not items:
            raise ValueError(f"本办法第{to_chinese(self.article)}条不分项，请只引用条号。")
        if not 1 <= self.item <= items:
            raise ValueError(f"本办法第{to_chinese(self.article)}条没有第{self.item}项：共{items}项，请核对项号。")

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """As code and tests write it: "M34(3)"."""
        return f"M{self.article}" if self.item is None else f"M{self.article}({self.item})"

    @property
    def chapter(self) -> int:
        """The chapter's number."""
        return self._chapter.number

    @property
    def chapter_title(self) -> str:
        """The chapter's title: "监管处理"."""
        return self._chapter.title

    @property
    def article_in_chapter(self) -> int:
        """The article's number as printed, restarting in each chapter."""
        return self.article - self._chapter.first + 1

    @property
    def full(self) -> str:
        """As people read it: "第六章第二条第(三)项(第三十四条)"."""
        place = f"第{to_chinese(self.chapter)}章第{to_chinese(self.article_in_chapter)}条"
        return f"{place}{self._item_text}(第{to_chinese(self.article)}条)"

    @property
    def running(self) -> str:
        """As the Measure cites itself: "第三十四条第(三)项"."""
        return f"第{to_chinese(self.article)}条{self._item_text}"

    @property
    def _chapter(self) -> Chapter:
        return next(chapter for chapter in CHAPTERS if self.article <= chapter.last)

    @property
    def _item_text(self) -> str:
        return "" if self.item is None else f"第({to_chinese(self.item)})项"


def cite(code: str) -> Citation:
    """The citation "M34" or "M34(3)" stands for. ValueError for anything else, or what the Measure does not have."""
    if not (match := _CODE.fullmatch(code)):
        raise ValueError(f"“{code}”不是条款代号，应写作 M34 或 M34(3)。")
    article, item = match.groups()
    return Citation(int(article), int(item) if item else None)


def at(chapter: int, article: int, item: int | None = None) -> Citation:
    """The citation of an article by its number within a chapter. ValueError for what the Measure does not have."""
    if not 1 <= chapter <= len(CHAPTERS):
        raise ValueError(f"本办法没有第{chapter}章：共{len(CHAPTERS)}章，请核对章号。")
    found = CHAPTERS[chapter - 1]
    if not 1 <= article <= found.articles:
        raise ValueError(f"本办法第{to_chinese(chapter)}章没有第{article}条：共{found.articles}条，请核对条号。")
    return Citation(found.first + article - 1, item)


def parse(text: str) -> Citation:
    """Reads any of the three forms back: code, running, or by chapter (its running number, if given, must agree)."""
    if match := _RUNNING.fullmatch(text):
        article, item = match.groups()
        return Citation(from_chinese(article), from_chinese(item) if item else None)
    if match := _FULL.fullmatch(text):
        chapter, article, item, running = match.groups()
        citation = at(from_chinese(chapter), from_chinese(article), from_chinese(item) if item else None)
        if running and from_chinese(running) != citation.article:
            raise ValueError(f"“{text}”前后不一致：该条是第{to_chinese(citation.article)}条，请核对。")
        return citation
    return cite(text)


def to_chinese(number: int) -> str:
    """1 to 99 in Chinese numerals: 34 is 三十四. ValueError outside."""
    if not 1 <= number <= 99:
        raise ValueError(f"只能写出 1 至 99 的中文数字，不能写 {number}。")
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def from_chinese(text: str) -> int:
    """The number to_chinese writes so. ValueError for anything else."""
    tens, ten, ones = text.rpartition("十")
    number = (DIGITS.find(tens) if tens else 1) * 10 if ten else 0
    number += DIGITS.find(ones) if ones else 0
    if not 1 <= number <= 99 or to_chinese(number) != text:
        raise ValueError(f"“{text}”不是 1 至 99 的中文数字。")
    return number
