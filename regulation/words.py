"""Days as people write them. Tables and files keep 2026-09-08; sentences say 2026年9月8日."""

import datetime


def in_words(day: datetime.date) -> str:
    """Return "2026年9月8日"."""
    return f"{day.year}年{day.month}月{day.day}日"


def span_in_words(first: datetime.date, last: datetime.date) -> str:
    """Return "2026年9月8日至2027年9月7日"."""
    return f"{in_words(first)}至{in_words(last)}"
