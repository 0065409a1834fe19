"""A year's arrangement as people hand it in: a table of date, kind and name, read whole or refused whole."""

import csv
import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from itertools import pairwise

from django.core.files import File

from core.calendars.calendar import DayRow
from core.calendars.models import CalendarDay, DayKind
from core.refusals import Invalid, Reason
from regulation.workdays import FIRST_YEAR, LAST_YEAR, STATUTORY

# The words for a kind, as the notices and people write them.
KINDS = {
    "holiday": DayKind.HOLIDAY,
    "放假": DayKind.HOLIDAY,
    "休": DayKind.HOLIDAY,
    "makeup": DayKind.MAKEUP,
    "调休上班": DayKind.MAKEUP,
    "补班": DayKind.MAKEUP,
    "上班": DayKind.MAKEUP,
    "班": DayKind.MAKEUP,
}
UNREAD = "unread"
HEADERS = ("date", "日期")
# 2 May is a statutory holiday from 2025 on; earlier arrangements are not held to today's list.
STATUTORY_SINCE = 2025
# The holidays by law, of which those that follow the moon have no fixed day (全国年节及纪念日放假办法).
YEARLY = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
# Two stretches of one holiday further apart than this are two stretches, not one with a day forgotten.
LONGEST_HOLE = 3
LARGEST_FILE = 200_000  # bytes; a year is some 40 lines
ONE_DAY = datetime.timedelta(days=1)
_DATE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_NAME_LENGTH = CalendarDay._meta.get_field("name").max_length or 0


def read_file(file: File) -> str:
    """Return the text of an uploaded table. Raises Invalid for one that is too large, or no text."""
    if file.size > LARGEST_FILE:
        raise Invalid(Reason("too_large", "文件太大：一年的安排只有几十行，请核对是否选错了文件。", "file"))
    return decoded(file.read())


def decoded(content: bytes) -> str:
    """Return an uploaded table's text, in UTF-8 or the GB 18030 that spreadsheets write. Raises Invalid."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(Reason("encoding", "这个文件不是文本表格。请在表格软件中另存为 CSV 后重新上传。", "text"))


def parse_csv(text: str, year: int) -> list[DayRow]:
    """Read the days of a year from lines of date, kind, name (a heading line may stand first).

    Raises Invalid with every fault at once, each with its line: a date that does not exist, lies outside the year or
    stands twice, an unknown kind, no name, a make-up day on a weekday; with the line it belongs behind, a statutory
    holiday that is missing, a hole in a holiday; and a holiday of every year that no line is named after.
    """
    return _read(_lines(text), year)


def parse_rows(given: Iterable[DayRow], year: int) -> list[DayRow]:
    """The same for rows of date, kind and name that are none of a text. Raises Invalid as `parse_csv` does."""
    return _read(((number, [day.isoformat(), *rest]) for number, (day, *rest) in enumerate(given, 1)), year)


def _read(table: Iterable[tuple[int, list[str]]], year: int) -> list[DayRow]:
    faults: list[Reason] = []
    lines: dict[datetime.date, int] = {}
    rows: list[DayRow] = []
    for number, cells in table:
        day, kind, name, said = _row(cells, year)
        if day in lines:
            said.append(f"{day} 与第 {lines[day]} 行重复，请删去一行")
        faults += [Reason("line", f"第 {number} 行：{sentence}。", "text") for sentence in said]
        if day is not None and day not in lines:
            lines[day] = number
            rows.append((day, str(kind or UNREAD), name))
    if not lines and not faults:
        faults.append(Reason("empty", "没有读到任何日期。每行依次写日期、类别（放假或补班）、节日名称。", "text"))
    else:
        inside = [row for row in rows if row[0].year == year]
        faults += against(inside, year, lines) + _unnamed(inside, year)
    if faults:
        raise Invalid(faults)
    return sorted(rows)


def against(rows: list[DayRow], year: int, lines: Mapping[datetime.date, int] | None = None) -> list[Reason]:
    """Return what is wrong with a year's arrangement as a whole: what is missing. lines: where each day stands."""
    holidays = {day: name for day, kind, name in rows if kind == DayKind.HOLIDAY}
    listed = {day for day, _, _ in rows}
    # What is wrong with a line is said of the line; that its day were missing need not be said as well.
    unread = {day for day, kind, _ in rows if kind == UNREAD}
    reasons = []
    if not FIRST_YEAR <= year <= LAST_YEAR:
        reasons.append(Reason("year", f"请填写 {FIRST_YEAR} 年至 {LAST_YEAR} 年。", "year"))
    if len(listed) < len(rows):
        reasons.append(Reason("twice", "有的日期列了两次，请删去一次。", "text"))
    if outside := sorted(day for day in listed if day.year != year):
        reasons.append(Reason("outside", f"{outside[0]} 不在 {year} 年内。", "text"))
    if year >= STATUTORY_SINCE:
        reasons += [
            Reason(
                "statutory",
                f"{_place(day, lines)}缺少法定节日 {day}（{STATUTORY[day.month, day.day]}），请补上这一行。",
                "text",
            )
            for day in statutory_days(year)
            if day not in holidays and day not in unread
        ]
    for hole in _holes(holidays, listed):
        reasons.append(Reason("gap", f"{_place(hole, lines)}{hole} 夹在假期中间却没有列出，请补上这一行。", "text"))
    return reasons


def _place(day: datetime.date, lines: Mapping[datetime.date, int] | None) -> str:
    """Where a day belongs that is missing: behind the line of the listed day before it."""
    if lines is None:
        return ""
    before = max((one for one in lines if one < day), default=None)
    return "开头：" if before is None else f"第 {lines[before]} 行之后："


def _unnamed(rows: list[DayRow], year: int) -> list[Reason]:
    """The holidays of every year that nothing is named after. Those by the moon have no fixed day to look for."""
    if year < STATUTORY_SINCE:
        return []
    named = "、".join(name for _, kind, name in rows if kind == DayKind.HOLIDAY)
    return [
        Reason("unnamed", f"没有列出{name}的放假日。与别的节日连放的，名称写作“国庆节、中秋节”。", "text")
        for name in YEARLY
        if name[:2] not in named
    ]


def statutory_days(year: int) -> dict[datetime.date, str]:
    """Return the days off that a year has by law alone, before it is announced."""
    return {datetime.date(year, month, day): name for (month, day), name in STATUTORY.items()}


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of every line that is neither empty nor the heading; commas, tabs or Chinese commas."""
    plain = text.lstrip("\ufeff").replace("\t", ",").replace("，", ",")
    reader = csv.reader(StringIO(plain))
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        if any(stripped) and stripped[0].lower() not in HEADERS:
            yield reader.line_num, stripped


def _row(cells: list[str], year: int) -> tuple[datetime.date | None, DayKind | None, str, list[str]]:
    """(date, kind, name, what is wrong with them)."""
    said = []
    if len(cells) > 3 and any(cells[3:]):
        said.append("多于三列，应为日期、类别、名称")
    first, second, name = [*cells[:3], "", ""][:3]
    day = _date(first)
    if day is None:
        said.append(f"“{first}”不是有效的日期，应如 {year}-10-01")
    elif day.year != year:
        said.append(f"{day} 不在 {year} 年内")
    kind = KINDS.get(second.lower())
    if kind is None:
        said.append(f"不认识类别“{second}”，应为放假或补班" if second else "没有写类别，应为放假或补班")
    if kind == DayKind.MAKEUP and day is not None and day.weekday() < 5:
        said.append(f"{day} 是工作日，补班只能在周末")
    if not name:
        said.append("没有写节日名称")
    elif len(name) > _NAME_LENGTH:
        said.append(f"节日名称超过 {_NAME_LENGTH} 个字")
    return day, kind, name, said


def _date(text: str) -> datetime.date | None:
    match = _DATE.fullmatch(text)
    try:
        return datetime.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _holes(holidays: dict[datetime.date, str], listed: set[datetime.date]) -> list[datetime.date]:
    """Weekdays between two neighbouring days off that are listed as nothing: most likely forgotten.

    Between days of one holiday up to LONGEST_HOLE of them; between two holidays one alone: nobody works for one day
    between them, while 28 to 30 September 2026 were worked between two.
    """
    holes = []
    days = sorted(holidays)
    for before, after in pairwise(days):
        between = [before + ONE_DAY * n for n in range(1, (after - before).days)]
        if len(between) <= (LONGEST_HOLE if holidays[before] == holidays[after] else 1):
            holes += [day for day in between if day.weekday() < 5 and day not in listed]
    return holes
