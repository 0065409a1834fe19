"""What a change asks for, as people read it: item by item, what the filing says and what it is to say (M13)."""

import datetime
from dataclasses import dataclass
from typing import Any

from filings import changes, m7
from filings.enums import ApplicationKind, ApplicationState
from filings.models import Application


@dataclass(frozen=True)
class Line:
    """One item. moved: the filing says something else since it was asked for; granted: None before the decision."""

    key: str
    label: str
    before: str
    after: str
    reported: bool
    moved: bool = False
    granted: bool | None = None
    reason: str = ""


def lines(application: Application, on: datetime.date) -> list[Line]:
    """Return what a change asks for: of a draft as it stands, later as it was handed in; none of another kind."""
    if application.kind != ApplicationKind.CHANGE or application.filing is None:
        return []
    said = changes.of_application(application)
    now = changes.of_filing(application.filing, on)
    names = {**now, **said}
    if application.state == ApplicationState.DRAFT:
        return [_line(one.key, one.before, one.after, names) for one in changes.differences(application, on)]
    return [
        _line(
            item.key,
            item.before,
            item.after,
            names,
            moved=item.granted is None and not changes.settled(item, now),
            granted=item.granted,
            reason=item.reason,
        )
        for item in application.change_items.all()
    ]


def checks(application: Application, on: datetime.date) -> list[m7.Check]:
    """Return the checks of M7 that this application is judged by: of a change those of the agency and of what it adds,
    for what the filing has was judged when it was given (M13)."""
    found = m7.checks(application, on)
    if application.kind != ApplicationKind.CHANGE or application.filing is None:
        return found
    added = changes.added_occupations(application, on)
    return [check for check in found if not check.occupation or check.occupation in added]


def _line(key: str, before: Any, after: Any, names: changes.Items, **more: Any) -> Line:
    return Line(
        key=key,
        label=changes.label(key),
        before=changes.words(key, before, names),
        after=changes.words(key, after, names),
        reported=key in changes.REPORTED,
        **more,
    )
