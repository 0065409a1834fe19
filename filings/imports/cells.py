"""What stands in a cell, read as people write it: full-width digits, dates as text, levels in words, names for codes.

Each reader returns the value, or raises CellError with a sentence that says what is wrong and what to do.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from core.accounts import credit_codes
from core.refusals import Reason
from regulation.codes import LEVELS, CodeError, parse_filing_code

Cell = Any  # str, int, float, bool, datetime.date, datetime.datetime, datetime.time, datetime.timedelta

# What Excel keeps of a number; an all-digit code beyond it has lost its last figures.
EXACT_DIGITS = 15
_DASHES = re.compile(r"[‐‑‒–—―−－]")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0?0:00(?::00)?)?")
_DAY_IN_ONE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_OCCUPATION = re.compile(r"\d-\d{2}-\d{2}-\d{2}(?!\d)")
_HALF_WIDTH = {
    ord(wide): unicodedata.normalize("NFKC", wide) for wide in map(chr, range(0xFF10, 0xFF5B)) if wide.isalnum()
}
_CHINESE = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_BETWEEN_CHINESE = re.compile(rf"(?<={_CHINESE}) (?={_CHINESE})")
_FIRST_DAY, _LAST_DAY = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)


class CellError(ValueError):
    """A cell that cannot be read, with a Chinese sentence that says why and what to do."""


def text(value: Cell) -> str:
    """Return a cell as text: half-width, one blank for several, no line breaks; a whole number without its ".0"."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime.datetime):
        value = value.date() if value.time() == datetime.time() else value
    printable = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFKC", str(value)))
    return " ".join(printable.split())


def shown(value: Cell) -> str:
    """Return a cell as it is given back: the person's own characters, but for figures and letters of full width."""
    return " ".join(value.translate(_HALF_WIDTH).split()) if isinstance(value, str) else text(value)


def words(longest: int) -> Any:
    """Return a reader of plain words, blanks between Chinese characters left out, at most `longest` characters."""

    def read(value: Cell) -> str:
        if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
            raise CellError("这里应是文字，现在是日期。请改正。")
        printable = "".join(c if c.isprintable() else " " for c in shown(value))
        found = _BETWEEN_CHINESE.sub("", " ".join(printable.split()))
        if len(found) > longest:
            raise CellError(f"太长：最多 {longest} 个字，现有 {len(found)} 个。请缩短。")
        return found

    return read


def filing_code(value: Cell) -> str:
    """Return a filing code in half-width capitals. Raises CellError."""
    code = _DASHES.sub("-", text(value)).upper().replace(" ", "").replace("-", "")
    try:
        parse_filing_code(code)
    except CodeError as problem:
        raise CellError(str(problem)) from None
    return code


def credit_code(value: Cell) -> str:
    """Return a credit code. A wrong check digit is let through: it is compared with the licence before loading."""
    if isinstance(value, int | float) and len(text(value)) > EXACT_DIGITS:
        raise CellError("信用代码被存成了数字，末几位已经丢失。请把这一列设为“文本”，再照证照重新填写。")
    code = credit_codes.normal(text(value))
    if reason := credit_codes.against(code, confirmed=True):
        raise CellError(reason.text)
    return code


def check_digit(code: str) -> Reason | None:
    """Return the warning about a code whose check digit is wrong, as some real ones are."""
    return credit_codes.against(code)


def day(value: Cell) -> datetime.date:
    """Return a date, written as a date of the spreadsheet or as text. Raises CellError."""
    if isinstance(value, datetime.datetime):
        found = value.date()
    elif isinstance(value, datetime.date):
        found = value
    else:
        said = _DASHES.sub("-", text(value))
        match = _DAY.fullmatch(said) or _DAY_IN_ONE.fullmatch(said)
        if match is None:
            raise CellError(f"“{said}”不是日期。请写成“2027年3月1日”或“2027-03-01”。")
        try:
            found = datetime.date(*map(int, match.groups()))
        except ValueError:
            raise CellError(f"没有“{said}”这一天，请核对。") from None
    if not _FIRST_DAY <= found <= _LAST_DAY:
        raise CellError(f"日期应在 2000 年至 2100 年之间，现为 {found.year} 年，请核对。")
    return found


# -- levels ------------------------------------------------------------------------------------------------------

_FIGURES: Final[Mapping[str, int]] = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, **{str(n): n for n in range(1, 6)}}
_NAMES: Final[Mapping[str, int]] = {
    **{name: level for level, name in LEVELS.items()},
    **{name.removesuffix("工"): level for level, name in LEVELS.items() if name.endswith("工")},
}
_FIGURE = r"[一二三四五1-5]"
_NAME = "|".join(sorted(_NAMES, key=len, reverse=True))
# As people write it: the figure, the name, either with the other behind it or in brackets.
_LEVEL = re.compile(
    rf"(?P<figure>{_FIGURE})级?(?:[/(]?(?P<name>{_NAME})\)?)?|(?P<alone>{_NAME})(?:[/(](?P<behind>{_FIGURE})级?\)?)?"
)
_BETWEEN = re.compile(r"[、,;/和及与]*")
_RANGE = re.compile(r"[-~至到]")


def levels(value: Cell) -> list[int]:
    """Return levels, 5 to 1 in falling order. Raises CellError for what is none, or contradicts itself."""
    if isinstance(value, datetime.date | datetime.time):
        raise CellError("这一格被表格软件当成了日期。请把单元格设为“文本”，写成“五级、四级、三级”。")
    said = _DASHES.sub("-", text(value)).replace(" ", "")
    found: set[int] = set()
    place, since = 0, None
    while place < len(said):
        match = _LEVEL.match(said, place)
        if match is None:
            raise CellError(f"“{said}”里的等级看不懂。请写成“五级、四级、三级”，或“五级至三级”。")
        level = _level(match, said)
        if since is not None:
            found.update(range(min(since, level), max(since, level) + 1))
        found.add(level)
        place, since = match.end(), None
        if place < len(said) and _RANGE.match(said, place):
            place, since = place + 1, level
        elif gap := _BETWEEN.match(said, place):
            place = gap.end()
    if since is not None:
        raise CellError(f"“{said}”没有写完。请写成“五级至三级”。")
    return sorted(found, reverse=True)


def _level(match: re.Match[str], said: str) -> int:
    if match["alone"]:
        level, other = _NAMES[match["alone"]], match["behind"] and _FIGURES[match["behind"]]
    else:
        level, other = _FIGURES[match["figure"]], match["name"] and _NAMES[match["name"]]
    if other and other != level:
        raise CellError(f"“{said}”前后不一致：三级是高级工，四级是中级工，五级是初级工，二级是技师。请核对。")
    return level


# -- areas and occupations ---------------------------------------------------------------------------------------


# The city's own name is no area of it, though 安阳县 without its last character reads like it.
_CITY = "安阳"


class Areas:
    """The areas, found by code or by name, with or without the province's and the city's."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self._known: dict[str, set[str]] = {}
        for code, name in rows:
            short = name.replace("高新技术产业开发区", "高新区")
            words = {code, name, short, short.removeprefix(_CITY), name[:-1] if len(name) > 2 else name}
            for word in words - {_CITY}:
                self._known.setdefault(word, set()).add(code)

    def __call__(self, value: Cell) -> str:
        """Return the area's code. Raises CellError."""
        said = text(value).replace(" ", "")
        bare = said.removeprefix("河南省").removeprefix(f"{_CITY}市")
        for word in (said, bare):
            if len(codes := self._known.get(word, set())) == 1:
                return next(iter(codes))
        raise CellError(f"没有“{said}”这个县（市、区）。请照模板“区域”表写名称或 6 位代码。")


class Occupations:
    """The occupations of the directory, found by code or by name."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self._names = dict(rows)
        self._codes: dict[str, set[str]] = {}
        for code, name in self._names.items():
            self._codes.setdefault(_bare(name), set()).add(code)

    def __call__(self, value: Cell) -> str:
        """Return the occupation's code; one that is written with its name must bear it. Raises CellError."""
        said = _DASHES.sub("-", text(value))
        codes = _OCCUPATION.findall(said)
        rest = _bare(_OCCUPATION.sub("", said).strip(" ()/、,-"))
        if len(codes) > 1:
            raise CellError("一格里写了几个职业。请一行写一个职业。")
        if codes:
            return self._of_code(codes[0], rest)
        # A trade (工种) counts under its occupation's code: 焊工(电焊工).
        for name in (rest, rest.partition("(")[0]):
            if len(found := self._codes.get(name, set())) == 1:
                return next(iter(found))
            if len(found) > 1:
                raise CellError(f"“{name}”有几个代码：{'、'.join(sorted(found))}。请写代码。")
        raise CellError(self._unknown(rest))

    def _of_code(self, code: str, name: str) -> str:
        if code not in self._names:
            raise CellError(f"职业目录里没有 {code}。请核对；目录里确实缺的，请系统管理员先在“职业”里登记，再上传。")
        own = _bare(self._names[code])
        if name and name != own and name.partition("(")[0] != own and own.partition("(")[0] != name:
            raise CellError(f"代码 {code} 是“{self._names[code]}”，与所写的“{name}”不一致。请核对。")
        return code

    def _unknown(self, said: str) -> str:
        near = get_close_matches(said, self._codes, n=3, cutoff=0.5)
        hint = f"是不是：{'、'.join(near)}？" if near else ""
        several = "一行只写一个职业。" if re.search(r"[、,;/]", said) else ""
        return f"职业目录里没有“{said}”。{several}{hint}请照模板“职业”表写代码或名称。"


def _bare(name: str) -> str:
    return unicodedata.normalize("NFKC", name).replace(" ", "")
