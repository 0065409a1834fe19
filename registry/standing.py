"""What a filing or a receipt is worth on a day: computed from published dates, never from a stored state alone."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.clock.words import in_words


class Standing(StrEnum):
    """The states in which the public finds a filing, a receipt or another paper (DOMAIN.md)."""

    VALID = "valid"
    SUSPENDED = "suspended"
    COMING = "coming"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    DEREGISTERED = "deregistered"
    REVOKED = "revoked"
    AUTHENTIC = "authentic"
    UNPUBLISHED = "unpublished"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """In words."""
        return LABELS[self][0]

    @property
    def tone(self) -> str:
        """The badge's tone (core.web.templatetags.portal.badge)."""
        return LABELS[self][1]


LABELS = {
    Standing.VALID: ("有效", "good"),
    Standing.SUSPENDED: ("暂停评价", "warn"),
    Standing.COMING: ("尚未生效", "info"),
    Standing.SUPERSEDED: ("已被替换", "warn"),
    Standing.EXPIRED: ("已失效", "mute"),
    Standing.TERMINATED: ("终止备案", "bad"),
    Standing.DEREGISTERED: ("已注销", "mute"),
    Standing.REVOKED: ("已撤销", "bad"),
    Standing.AUTHENTIC: ("文书真实", "good"),
    Standing.UNPUBLISHED: ("公开信息已撤下", "warn"),
    Standing.UNKNOWN: ("查无此件", "bad"),
}

# The ends of a filing, as its published record names them; expiry alone follows from the dates.
ENDED = (Standing.TERMINATED, Standing.DEREGISTERED, Standing.REVOKED)
# What an agency can be found in.
OF_AGENCIES = (Standing.VALID, Standing.SUSPENDED, Standing.EXPIRED, *ENDED)


@dataclass(frozen=True)
class Suspended:
    """A suspension as it is published: its first day, the first day on which it no longer holds, what imposed it."""

    since: datetime.date
    until: datetime.date | None
    source: str

    def holds(self, on: datetime.date) -> bool:
        """Whether it holds on a day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True)
class Finding:
    """A standing with the sentence that says why."""

    standing: Standing
    why: str

    @property
    def label(self) -> str:
        """The standing in words."""
        return self.standing.label

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return self.standing.tone

    @property
    def in_force(self) -> bool:
        """Whether what was granted holds: its validity runs, suspended or not."""
        return self.standing in (Standing.VALID, Standing.SUSPENDED)

    @property
    def evaluates(self) -> bool:
        """Whether the agency may evaluate now."""
        return self.standing is Standing.VALID


@dataclass(frozen=True)
class Ruling:
    """What brought a record about, where it was a ruling: who, its number, since when, and what it set aside."""

    authority: str
    number: str
    on: datetime.date
    decision: str
    certificates_stand: bool

    @property
    def revoked(self) -> str:
        """Why a filing is revoked, in words."""
        certificates = "仍然有效" if self.certificates_stand else "处理以裁决为准"
        return f"自{in_words(self.on)}起撤销备案（{self.authority}{self.number}）。此前取得的证书{certificates}。"


def of_filing(
    *,
    state: str,
    ended_on: datetime.date | None,
    valid_until: datetime.date,
    on: datetime.date,
    held_open: bool = False,
    suspensions: Sequence[Suspended] = (),
    ruling: Ruling | None = None,
) -> Finding:
    """Return the standing of a filing on a day (M14): an end that has taken effect, else the dates; while it is in
    force, a suspension that holds.

    The last day of validity is a day of validity. held_open: a timely renewal is undecided, so it holds past that day;
    one that was not granted ended it on `ended_on`.
    """
    found = _by_dates(
        state=state, ended_on=ended_on, valid_until=valid_until, on=on, held_open=held_open, ruling=ruling
    )
    holding = [one for one in suspensions if one.holds(on)]
    if not holding or found.standing is not Standing.VALID:
        return found
    first = in_words(min(one.since for one in holding))
    sources = "；".join(dict.fromkeys(one.source for one in holding))
    why = f"自{first}起，依据{sources}。暂停期间不得开展评价，此前取得的证书不受影响。{found.why}"
    return Finding(Standing.SUSPENDED, why)


def _by_dates(
    *,
    state: str,
    ended_on: datetime.date | None,
    valid_until: datetime.date,
    on: datetime.date,
    held_open: bool,
    ruling: Ruling | None,
) -> Finding:
    ended = next((one for one in ENDED if one == state), None)
    if ended and (ended_on is None or ended_on <= on):
        if ended is Standing.REVOKED and ruling is not None:
            return Finding(ended, ruling.revoked)
        since = f"自{in_words(ended_on)}起" if ended_on else "已"
        return Finding(ended, _ENDED_WORDS[ended].format(since=since))
    if valid_until < on and held_open:
        why = f"有效期于{in_words(valid_until)}届满；按期提出的延续申请还在办理，办结之前备案继续有效。"
        return Finding(Standing.VALID, why)
    if state == Standing.EXPIRED and ended_on is not None and ended_on > valid_until:
        if ended_on < on:
            return Finding(Standing.EXPIRED, f"延续申请没有获得同意，备案已于{in_words(ended_on)}失效。")
        return Finding(Standing.VALID, f"延续申请没有获得同意，备案到{in_words(ended_on)}（含当日）为止。")
    if valid_until < on:
        return Finding(Standing.EXPIRED, f"有效期已于{in_words(valid_until)}届满。")
    left = (valid_until - on).days
    rest = f"还有{left}天" if left else "今天是最后一天"
    return Finding(Standing.VALID, f"有效期至{in_words(valid_until)}（含当日），{rest}。")


_ENDED_WORDS = {
    Standing.TERMINATED: "{since}被终止备案，不得再开展评价。此前依法取得的证书，处理以决定为准。",
    Standing.DEREGISTERED: "{since}注销备案，不再开展评价。此前取得的证书不受影响。",
    Standing.REVOKED: "{since}撤销备案。此前取得的证书，除裁决另有规定外仍然有效。",
}
