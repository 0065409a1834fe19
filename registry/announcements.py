"""Announcements: what is published, newest first, of every kind that is announced."""

import datetime
from typing import Any

from django.db.models import QuerySet

from core.clock.words import in_words
from core.publications import register
from core.publications.models import Publication

_BADGES = {
    "quota": ("名额", "mute"),
    "caps": ("名额", "mute"),
    "urgent": ("目录", "mute"),
    "criteria": ("标准", "mute"),
    "assignment": ("调配", "info"),
}
# Short word and tone of what is announced of a filing, by its state; any other kind shows under its own label.
_FILING_BADGES = {"active": ("备案", "good"), "terminated": ("处理", "bad"), "revoked": ("撤销", "bad")}
_EVENT_BADGES = {"suspended": ("暂停", "warn"), "lifted": ("恢复", "good")}
_OTHER_BADGE = ("备案", "mute")
ORDER = ("-published_on", "-id")


def announced(on: datetime.date, kind: str = "") -> QuerySet[Publication]:
    """Return what is announced on that day, of one kind or of all."""
    unannounced = [one.key for one in register.kinds() if not one.announced]
    return register.published(kind or None, on=on).exclude(kind__in=unannounced)


def is_gone(row: Publication, on: datetime.date) -> bool:
    """Whether what was published is public no longer: taken down, or its time is over."""
    return row.withdrawn_on is not None or (row.until is not None and row.until < on)


def kinds() -> list[tuple[str, str]]:
    """Return (key, label) of every kind that can be announced."""
    return [(kind.key, kind.label) for kind in register.kinds() if kind.announced]


def badge(row: Publication) -> tuple[str, str]:
    """Return the short word and the tone that stand before an announcement."""
    if row.kind == "filing":
        if found := _EVENT_BADGES.get(row.content.get("event") or ""):
            return found
        return _FILING_BADGES.get(row.content.get("state", "active"), _OTHER_BADGE)
    return _BADGES.get(row.kind) or (register.label(row.kind), "info")


def title(row: Publication) -> str:
    """Return an announcement's headline: a filing's record bears the agency's name alone."""
    if row.kind != "filing":
        return row.title
    state = row.content.get("event") or row.content.get("state", "active")
    return _FILING_TITLES.get(state, _FILING_TITLES["active"]).format(name=row.content["name"])


_FILING_TITLES = {
    "active": "关于{name}备案的公示",
    "suspended": "关于{name}暂停评价的公告",
    "lifted": "关于{name}结束暂停评价的公告",
    "expired": "关于{name}备案失效的公告",
    "terminated": "关于终止{name}备案的公告",
    "deregistered": "关于注销{name}备案的公告",
    "revoked": "关于撤销{name}备案的公告",
}


def summary(row: Publication) -> str:
    """Return an announcement in a sentence, for who reads it elsewhere: its kind, the day, of a filing its code."""
    label = register.label(row.kind)
    code = f"备案编码{row.content['code']}。" if row.kind == "filing" else ""
    ending = f"，公布至{in_words(row.until)}" if row.until else ""
    return f"{label}，{in_words(row.published_on)}公布{ending}。{code}"


def shown(row: Publication) -> dict[str, Any]:
    """Return what pages show of an announcement: {"row", "title", "word", "tone"}."""
    word, tone = badge(row)
    return {"row": row, "title": title(row), "word": word, "tone": tone}
