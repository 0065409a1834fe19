"""How a filing stands on a day, in words for pages and API: from its dates and suspensions, never the state alone."""

import datetime
from dataclasses import dataclass

from core.clock.words import in_words
from filings.enums import FilingState
from filings.models import Filing

SUSPENDED, COMING = "suspended", "coming"
LABELS = {**dict(FilingState.choices), SUSPENDED: "暂停评价", COMING: "尚未生效"}
CHOICES = list(LABELS.items())
TONES = {
    FilingState.ACTIVE.value: "good",
    SUSPENDED: "warn",
    COMING: "info",
    FilingState.TERMINATED.value: "bad",
    FilingState.REVOKED.value: "bad",
}


@dataclass(frozen=True)
class Standing:
    """A key of LABELS, with what there is to say beside it."""

    key: str
    why: str = ""

    @property
    def words(self) -> str:
        """In words."""
        return LABELS[self.key]

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return TONES.get(self.key, "mute")


def of(filing: Filing, on: datetime.date) -> Standing:
    """Return how a filing stands on a day. An end goes before a suspension, which goes before all that runs on."""
    if not filing.in_force(on):
        if on < filing.valid_from:
            return Standing(COMING)
        if filing.ended_on is None:
            return Standing(FilingState.EXPIRED, f"有效期已于{in_words(filing.valid_until)}届满。")
        if filing.state == FilingState.EXPIRED:
            return Standing(FilingState.EXPIRED, f"有效到{in_words(filing.ended_on)}为止。")
        return Standing(filing.state, f"自{in_words(filing.ended_on)}起。")
    if holding := [one for one in filing.suspensions.all() if one.holds(on)]:
        why = "；".join(f"自{in_words(one.since)}起：{one.source}" for one in holding)
        return Standing(SUSPENDED, f"{why}。暂停期间不得开展评价，有效期照常计算。")
    if filing.held_open and on > filing.valid_until:
        return Standing(FilingState.ACTIVE, "延续办理中，办结之前继续有效。")
    return Standing(FilingState.ACTIVE)
