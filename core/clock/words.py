"""Days and moments as people write them; the one way to put either into a sentence."""

import datetime

from core.clock.clock import SHANGHAI
from regulation.words import in_words, span_in_words

__all__ = ["in_words", "moment_in_words", "span_in_words"]


def moment_in_words(moment: datetime.datetime) -> str:
    """Return "2026年9月8日 16:20" as clocks in Anyang show it; a moment without zone is taken to be from there."""
    local = moment.astimezone(SHANGHAI) if moment.tzinfo else moment
    return f"{in_words(local.date())} {local:%H:%M}"
