"""The caps for one occupation (M37): settings, and published like all that makes a place free."""

import datetime
import itertools
from typing import Any

from core.reference import settings
from core.reference.models import Setting
from core.reference.quota_areas import CAPS
from filings import quota
from filings.workflow.places import publish_whole
from regulation.citations import IN_FORCE

ONE_DAY = datetime.timedelta(days=1)


def publish_caps(chosen: Setting, on: datetime.date) -> None:
    """Publish the caps as they now stand, each with the days on which it holds, where one of them was chosen.

    Under the lock of whatever sets places: of two choices at once the later list holds both.
    """
    if chosen.key in CAPS.values():
        quota.lock_year(on)
        items = [item for area, key in CAPS.items() for item in _dated(area, key)]
        version = chosen.history.latest().history_id
        publish_whole("caps", "同一职业（工种）名额上限", items, about=chosen, verb=str(version), on=on)


def _dated(area: str, key: str) -> list[dict[str, Any]]:
    """Every figure of a cap, from the Measure's own on."""
    figures = [(since or IN_FORCE, cap) for since, cap in settings.schedule(key)]
    following = [since - ONE_DAY for since, _ in figures[1:]]
    return [
        {"area": area, "cap": cap, "since": since, "until": until}
        for (since, cap), until in itertools.zip_longest(figures, following)
    ]
