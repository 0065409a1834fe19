"""Texts that break layouts and let markup through, for the living page and for the tests of every other page."""

import dataclasses
import itertools
import re
from collections.abc import Iterator
from typing import Any

LONG = (
    "安阳市殷墟故里现代装备制造与数字化运维产业学院职业技能等级认定"
    "社会培训评价服务中心有限责任公司第二分公司实训基地本部甲乙"
)
SCRIPT = "<script>torture()</script>"
# In this order: sixty characters, markup, right to left, emoji, ancient characters, an unbroken word, forty digits,
# combining marks, what a spreadsheet takes for a formula, markup for an attribute, template syntax, turning marks.
TEXTS = (
    LONG,
    SCRIPT,
    "مركز التدريب المهني (3) בית ספר",
    "👩‍🏫👨‍👩‍👧‍👦🏳️‍🌈🇨🇳培训学校😀",
    "𠮷野家𪚥𰻝𬬭培训学校㐀龘",
    "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbau",
    "1234567890123456789012345678901234567890",
    "Z̤͔ͧ̑̓ä͖̭̈̇lͮ̒ͫǧ̗͚̚o̙̔ नमस्ते ทดสอบ",
    '=HYPERLINK("http://localhost/","点")',
    "+86-372-0000000",
    "-2+3 甲",
    "@SUM(A1:A9) 乙",
    "\"><img src=x onerror=torture()>'",
    "{{ 7|add:7 }}{% now 'Y' %}${7}&lt;&nbsp;",
    "甲\u202eتلخ\u2067fdp.exe",
)
# The portal's own words, of a fixed length: what a day's cell says, and a state with its tone.
OURS, TONES = ("start_word",), ("info", "good", "warn", "bad", "mute")
_CHINESE = re.compile("[\u4e00-\u9fff]")


def hardened(value: Any, texts: Iterator[str] | None = None) -> Any:
    """Return a page's samples with every Chinese text in them replaced by the next of TEXTS.

    Keys, codes, dates and amounts stay, and what a sample is reckoned from.
    """
    texts = texts or itertools.cycle(TEXTS)
    if isinstance(value, str):
        return next(texts) if _CHINESE.search(value) and not value[0].isdigit() else value
    if isinstance(value, dict):
        return {key: hardened(one, texts) for key, one in value.items()}
    if isinstance(value, list | tuple):
        if len(value) == 2 and value[1] in TONES:
            return value
        return type(value)(hardened(one, texts) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        said = {one.name: getattr(value, one.name) for one in dataclasses.fields(value) if one.init}
        texts_of = {n: one for n, one in said.items() if isinstance(one, str | list | tuple) and n not in OURS}
        return dataclasses.replace(value, **hardened(texts_of, texts))
    return value
