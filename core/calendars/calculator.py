"""The working-day calculator, the same for the command line, the page and the API."""

import datetime
import re

from core.calendars.calendar import current
from core.refusals import Invalid, Reason
from regulation.workdays import FIRST_YEAR, LAST_YEAR, Calendar, Period, Unit, WorkdayError, compute

UNITS = {Unit.WORKDAY: "工作日", Unit.DAY: "日（自然日）", Unit.MONTH: "个月", Unit.YEAR: "年"}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,6}")
_NEGATIVE = re.compile(r"-[0-9]+")


def reckon(start: str, amount: str, unit: str = Unit.WORKDAY, *, calendar: Calendar | None = None) -> Period:
    """Return the period in the stored calendar (or the one given); calendar days as an agency's, rolled forward.

    Takes what people typed. Raises Invalid with a sentence for everything that is wrong with it.
    """
    reasons: list[Reason] = []
    day = _start(start.strip(), reasons)
    number = _amount(amount.strip(), reasons)
    if unit not in list(Unit):
        reasons.append(Reason("unit", f"不认识单位“{unit}”，请用 {'、'.join(Unit)}。", "unit"))
    if reasons or day is None or number is None:
        raise Invalid(reasons)
    try:
        return compute(day, number, Unit(unit), calendar or current())
    except WorkdayError as error:
        raise Invalid(Reason("out_of_range", str(error), "amount")) from error


def parse_day(text: str, what: str = "日期", field: str = "on") -> datetime.date:
    """Return the day that people typed as 2025-09-28. Raises Invalid for anything else, and outside 2004-2100."""
    example = f"请按 2025-09-28 的样子填写{what}"
    if not _DATE.fullmatch(text):
        raise Invalid(Reason("date", f"“{text[:20]}”不是日期，{example}。" if text else f"{example}。", field))
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(Reason("date", f"没有 {text} 这一天，请核对{what}。", field)) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        sentence = f"{text} 不在可计算的年份内，请填写 {FIRST_YEAR} 年至 {LAST_YEAR} 年的日期。"
        raise Invalid(Reason("date", sentence, field))
    return day


def _start(text: str, reasons: list[Reason]) -> datetime.date | None:
    try:
        return parse_day(text, "起算日", "start")
    except Invalid as refused:
        reasons += refused.reasons
        return None


def _amount(text: str, reasons: list[Reason]) -> int | None:
    if _NUMBER.fullmatch(text):
        return int(text)
    if _NEGATIVE.fullmatch(text):
        sentence = f"期间长度不能是负数（{text}），请填写 0 或正整数。"
    elif text:
        sentence = f"“{text[:20]}”不是期间长度，请填写 0 至 999999 的整数。"
    else:
        sentence = "请填写期间长度。"
    reasons.append(Reason("amount", sentence, "amount"))
    return None
