"""`python manage.py workdays 2025-09-28 5`: a period, explained day by day."""

import json
import unicodedata
from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError

from core.calendars import seed
from core.calendars.calculator import reckon
from core.calendars.commands import SentenceCommand
from core.refusals import Invalid
from regulation.workdays import Day, Period, Unit

WEEKDAYS = "一二三四五六日"
UNPREPARED = (
    f"数据库还没有准备好（没有日历表或连不上），以下按程序自带的 {seed.FIRST}—{seed.LAST} 年节假日安排计算，"
    "不含管理员载入或调整的日历。准备数据库：python manage.py migrate，再 python manage.py load_calendar。"
)
# A terminal gives a Chinese character two columns.
WIDE = ("W", "F")


def width(text: str) -> int:
    """Return how many terminal columns the text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in WIDE else 1 for sign in text)


def padded(text: str, columns: int) -> str:
    """Return the text filled up to so many columns."""
    return text + " " * (columns - width(text))


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """Return the rows as lines with aligned columns."""
    columns = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(padded, row, columns)).rstrip() for row in rows]


def explained(period: Period) -> list[str]:
    """Return the lines that people read: the answer, each day, the rule."""
    length, last = f"{period.amount}{period.unit.label}", _named(period.end)
    lines = [
        f"自 {_named(period.start)} 起 {length}，最后一日 {last}，当日 24:00 届满。",
        "",
        *table([("日期", "星期", "第几日", "说明"), *map(_row, period.days)]),
        "",
        f"规则：{period.rule}。",
    ]
    if period.provisional:
        lines.append("暂定：有年度节假日安排尚未公布，公布载入后重新计算。")
    return lines


def _named(day: date) -> str:
    return f"{day} 星期{WEEKDAYS[day.weekday()]}"


def _row(day: Day) -> tuple[str, ...]:
    number = str(day.number or "") if day.counted else "不计"
    return (day.date.isoformat(), WEEKDAYS[day.date.weekday()], number, day.why)


class Command(SentenceCommand):
    """Reads the stored calendar, or where there is none the packaged one; changes nothing."""

    help = "计算期间的最后一日，并逐日说明。单位：workday 工作日，day 自然日（机构的期限，顺延），month 月，year 年。"
    usage_sentence = "写法：workdays 起算日 长度 [--unit workday|day|month|year] [--json]，如 workdays 2025-09-28 5。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take text: what is wrong with it gets a sentence of ours, not argparse's."""
        parser.add_argument("start", metavar="起算日", help="如 2025-09-28，起算日不计入")
        parser.add_argument("amount", metavar="长度", help="0 或正整数")
        parser.add_argument("--unit", default=Unit.WORKDAY.value, help="workday（默认）、day、month、year")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the explanation."""
        asked = str(options["start"]), str(options["amount"]), str(options["unit"])
        try:
            try:
                period = reckon(*asked)
            except DatabaseError:  # not there, or without its tables: a counter's question is answered all the same
                self.stderr.write(UNPREPARED)
                period = reckon(*asked, calendar=seed.packaged())
        except Invalid as refused:
            self.refuse(str(refused))
        if options["json"]:
            self.stdout.write(json.dumps(period.as_dict(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(explained(period)))
