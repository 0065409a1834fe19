"""What the papers' templates need: `{% load papers %}`. Frozen content is JSON, so dates arrive as text."""

import datetime
import re

from django import template

from core.clock.words import in_words
from regulation.citations import DOCUMENT_NUMBER, DOCUMENT_TITLE, cite
from regulation.codes import LEVELS
from regulation.periods import PERIODS

register = template.Library()

_WIDE = str.maketrans({",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）"})
_CJK = "\u3400-\u9fff”》〕、。"
_MARK = re.compile(rf"(?<=[{_CJK}])[,:;?!]|[,;](?=[{_CJK}])")
_BRACKETS = re.compile(rf"\(([^()]*[{_CJK}][^()]*)\)")
_NUMERALS = {5: "五级", 4: "四级", 3: "三级", 2: "二级", 1: "一级"}


@register.filter
def typeset(text: str) -> str:
    """Full-width punctuation in Chinese text, as papers are printed; figures and foreign words keep theirs."""
    return _BRACKETS.sub(r"（\1）", _MARK.sub(lambda mark: mark.group().translate(_WIDE), text))


@register.filter
def day(value: str | datetime.date | None) -> str:
    """2026年10月11日, from "2026-10-11" or a date; empty for nothing."""
    if not value:
        return ""
    date = datetime.date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return in_words(date)


@register.filter
def level(value: int | str) -> str:
    """五级（初级工）, from 5."""
    number = int(value)
    return f"{_NUMERALS[number]}（{LEVELS[number]}）"


@register.filter
def article(code: str) -> str:
    """第二章第五条（第十条）, from "M10"; other text (another law) is shown as it is."""
    try:
        return typeset(cite(code).full)
    except ValueError:
        return code


@register.simple_tag
def period(key: str) -> str:
    """5个工作日, from "completeness": a length that the law gives. ValueError for one that the authority chooses, which
    depends on the day."""
    if PERIODS[key].setting:
        raise ValueError(f"{key} is a setting: its length depends on the day")
    return PERIODS[key].length


@register.simple_tag
def longest(key: str) -> str:
    """60日, from "correction": the longest a period may become by extension."""
    return PERIODS[key].longest


@register.simple_tag
def measure() -> str:
    """The Measure's title and number, as papers cite it."""
    return typeset(f"《{DOCUMENT_TITLE}》（{DOCUMENT_NUMBER}）")
