"""Days as people write them."""

import datetime


def in_words(day: datetime.date) -> str:
    """Return "2026年9月8日"."""
    return f"{day.year}年{day.month}月{day.day}日"
