"""What a part of the form says, in words, and what has changed in it: kept with a notice's item, shown old beside new.

Personal numbers and names stand masked in it, beside a keyed hash by which a change shows all the same.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from core.clock.words import in_words
from core.crypto import keyed_hash, mask
from filings.models import Application, RequestItem, ScopeItem, Site, StaffMember, TrainingRecord
from filings.parts import PARTS
from regulation.codes import level_range_text

# A line: [what it is called, what it says, a hash where the words are masked]; row → {"title", "lines"}.
Content = dict[str, Any]

EMPTY = "未填写"
SHORT_HASH = 16
HIDDEN = "（已改，不显示全文）"


@dataclass(frozen=True)
class Change:
    """One thing that a part says differently: in which row, which field, the old words and the new ones."""

    row: str
    label: str
    old: str
    new: str


def content(application: Application, key: str) -> Content:
    """Return what a part says now, as JSON. Raises KeyError for a key that is no part."""
    part = PARTS[key]
    said: Content = {}
    if part.fields:
        said["form"] = {"title": "", "lines": _fields(application, part.fields)}
    for row in _rows(application, key) if part.rows else ():
        said[str(row.pk)] = {"title": _TITLES[type(row)](row), "lines": _LINES[type(row)](row)}
    return said


def changes(was: Content, now: Content) -> list[Change]:
    """Return what differs between two contents of a part: field by field, rows added and removed as one change each."""
    found: list[Change] = []
    for row in dict.fromkeys((*was, *now)):
        before, after = was.get(row), now.get(row)
        if after is None and before is not None:
            found.append(Change(before["title"], "移除", _whole(before), ""))
        elif before is None and after is not None:
            found.append(Change(after["title"], "新增", "", _whole(after)))
        elif before is not None and after is not None:
            found.extend(_between(before, after))
    return found


def changes_of(item: RequestItem) -> list[Change]:
    """Return what the part of an item says differently since it was asked for: up to its handing in, or up to now."""
    request = item.request
    if not item.part or (request.answered_on and item.became is None):  # a notice that came to nothing
        return []
    return changes(item.was, item.became if request.answered_on else content(request.application, item.part))


def _between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Change]:
    for name in dict.fromkeys((*before["lines"], *after["lines"])):
        old, new = before["lines"].get(name, ["", "", ""]), after["lines"].get(name, ["", "", ""])
        if old[1:] != new[1:]:
            hidden = HIDDEN if old[1] == new[1] else ""
            yield Change(after["title"], new[0] or old[0], old[1], f"{new[1]}{hidden}")


def _whole(row: Mapping[str, Any]) -> str:
    """A row in one line, without what is empty in it."""
    return "；".join(f"{label} {words}" for label, words, _ in row["lines"].values() if words != EMPTY)


# -- the words of one field ----------------------------------------------------------------------------------------


def _line(row: models.Model, name: str) -> list[str]:
    field = row._meta.get_field(name)
    value = getattr(row, name)
    if isinstance(value, bool):
        words = "是" if value else "否"
    elif getattr(field, "choices", None):
        words = str(getattr(row, f"get_{name}_display")())
    elif isinstance(value, datetime.date):
        words = in_words(value)
    else:
        words = "" if value is None else str(value)
    return [str(field.verbose_name), words or EMPTY, ""]  # type: ignore[union-attr]


def _secret(label: str, value: str | None, shown: Callable[[str], str]) -> list[str]:
    return [label, shown(value), keyed_hash(value)[:SHORT_HASH]] if value else [label, EMPTY, ""]


def _several(label: str, names: Iterable[str], none: str = EMPTY) -> list[str]:
    return [label, "、".join(sorted(names)) or none, ""]


def _fields(application: Application, names: Iterable[str]) -> dict[str, list[str]]:
    return {name: _MASKED[name](application) if name in _MASKED else _line(application, name) for name in names}


_MASKED: dict[str, Callable[[Application], list[str]]] = {
    "legal_representative_id": lambda a: _secret("法定代表人身份证号", a.legal_representative_id, mask),
    "contact_phone": lambda a: _secret("联系电话", a.contact_phone, mask),
}


# -- rows ----------------------------------------------------------------------------------------------------------


def _rows(application: Application, key: str) -> Iterable[Any]:
    match key:
        case "scope":
            return application.scope.select_related("occupation").prefetch_related("sites")
        case "sites":
            return application.sites.select_related("area").prefetch_related("scope__occupation")
        case "staff":
            return application.staff.prefetch_related("occupations")
        case _:
            return application.records.select_related("occupation")


def _scope(item: ScopeItem) -> dict[str, list[str]]:
    return {
        "levels": ["等级", level_range_text(item.levels) if item.levels else EMPTY, ""],
        "question_bank": _line(item, "question_bank"),
        "sites": _several("考评场地", (site.name for site in item.sites.all())),
    }


def _site(site: Site) -> dict[str, list[str]]:
    return {
        **{name: _line(site, name) for name in Site.OWN_FIELDS},
        "scope": _several("评价的职业（工种）", (item.occupation.name for item in site.scope.all())),
    }


def _person(person: StaffMember) -> dict[str, list[str]]:
    return {
        "kind": _line(person, "kind"),
        "name": _secret("姓名", person.name, lambda name: f"{name[:1]}*"),
        "certificate": _line(person, "certificate"),
        "occupations": _several("适用职业（工种）", (one.name for one in person.occupations.all()), none="全部"),
    }


def _record(record: TrainingRecord) -> dict[str, list[str]]:
    return {name: _line(record, name) for name in ("since", "until", "person_times")}


_TITLES: dict[type, Callable[[Any], str]] = {
    ScopeItem: lambda item: item.occupation.name,
    Site: lambda site: site.name,
    StaffMember: lambda person: f"{person.get_kind_display()} {person.name[:1]}*",
    TrainingRecord: lambda record: record.occupation.name,
}
_LINES: dict[type, Callable[[Any], dict[str, list[str]]]] = {
    ScopeItem: _scope,
    Site: _site,
    StaffMember: _person,
    TrainingRecord: _record,
}
