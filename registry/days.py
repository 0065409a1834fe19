"""The day the public asks about: today, or another within reason."""

import datetime

from core.clock.words import in_words
from regulation.citations import IN_FORCE

EARLIEST = IN_FORCE
# Longer than three terms nobody has been filed for.
YEARS_AHEAD = 10


def against(day: datetime.date, today: datetime.date) -> str:
    """Say why that day cannot be asked about; "" where it can."""
    latest = datetime.date(today.year + YEARS_AHEAD, 12, 31)
    if EARLIEST <= day <= latest:
        return ""
    return f"请填写{in_words(EARLIEST)}至{in_words(latest)}之间的日期。"
