"""Which words of a paper can be corrected (更正), and what it says once they are. Nothing is written here.

A path names a leaf of the frozen content: "address", "reasons.0.text"; a series lists its own as patterns with "*"
(filings/documents.py).
"""

import copy
import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any, Final

from core.documents import series
from core.documents.models import OfficialDocument
from filings.models import ClericalCorrection, Filing, FilingSite, standing

RECEIPT = "receipt"

LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "agency": "机构名称",
        "address": "地址",
        "sites.*.name": "评价场地名称",
        "sites.*.address": "评价场地地址",
        "reasons.*.text": "理由",
        "left_out.*.reason": "不予备案的理由",
        "opinion": "意见",
        "reason": "理由",
    }
)


@dataclass(frozen=True)
class Leaf:
    """A text in a paper that may be corrected: where it stands, what it is called, what it says."""

    path: str
    label: str
    text: str


def leaves(document: OfficialDocument) -> list[Leaf]:
    """Return the words of a paper that can be corrected; none of a paper whose kind has none."""
    found = []
    for pattern in series.get(document.series).correctable:
        paths = [path for path in _paths(document.content) if fnmatchcase(path, pattern)]
        for number, path in enumerate(paths, 1):
            label = LABELS[pattern] + (f"（{number}）" if len(paths) > 1 else "")
            found.append(Leaf(path, label, str(_read(document.content, path))))
    return found


def differences(document: OfficialDocument, values: Mapping[str, str]) -> list[dict[str, str]]:
    """Return what of a paper is to say something else: [{path, label, before, after}]. A path that cannot be corrected
    is kept without a label, for the conditions to name."""
    there = {leaf.path: leaf for leaf in leaves(document)}
    found = []
    for path, value in values.items():
        leaf, after = there.get(path), str(value).strip()
        if leaf is None or leaf.text != after:
            found.append(
                {
                    "path": path,
                    "label": leaf.label if leaf else "",
                    "before": leaf.text if leaf else "",
                    "after": after,
                }
            )
    return found


def content(document: OfficialDocument, changes: Iterable[Mapping[str, str]], reason: str) -> dict[str, Any]:
    """Return what the paper says once corrected, with the number it corrects and what was corrected."""
    corrected: dict[str, Any] = copy.deepcopy(document.content)
    for change in changes:
        _write(corrected, change["path"], change["after"])
        if document.series == RECEIPT and change["path"].endswith(".name"):
            for row in corrected["scope"]:
                row["sites"] = [change["after"] if name == change["before"] else name for name in row["sites"]]
    lines = [{name: change[name] for name in ("label", "before", "after")} for change in changes]
    return corrected | {"correction": {"number": document.number, "lines": lines, "reason": reason}}


@dataclass(frozen=True)
class Target:
    """Where a filing holds what its receipt prints: a field of its own row, or of one of its sites."""

    row: Filing | FilingSite
    field: str

    @property
    def says(self) -> str:
        return str(getattr(self.row, self.field))


def targets(correction: ClericalCorrection, filing: Filing, on: datetime.date) -> list[tuple[Target | None, str, str]]:
    """Return, for each correction of a receipt, where the filing holds it (None where it no longer does), what it said
    and is to say."""
    document = correction.document
    fields = {"agency": "name", "address": "address"}
    found: list[tuple[Target | None, str, str]] = []
    for change in correction.changes:
        path, before, after = change["path"], change["before"], change["after"]
        target: Target | None = None
        if path in fields:
            target = Target(filing, fields[path])
        else:
            _, number, field = path.split(".")
            said = document.content["sites"][int(number)]
            rows = filing.sites.filter(standing(on), area__name=said["area"])
            row = next((one for one in rows if (one.name, one.address) == (said["name"], said["address"])), None)
            target = Target(row, field) if row else None
        found.append((target if target and target.says in (before, after) else None, before, after))
    return found


def _paths(value: Any, at: str = "") -> list[str]:
    """Every leaf of a content, in its order."""
    if isinstance(value, Mapping):
        return [path for key, one in value.items() for path in _paths(one, f"{at}{key}.")]
    if isinstance(value, list):
        return [path for number, one in enumerate(value) for path in _paths(one, f"{at}{number}.")]
    return [at[:-1]]


def _read(value: Any, path: str) -> Any:
    for key in path.split("."):
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def _write(value: Any, path: str, text: str) -> None:
    *way, last = path.split(".")
    at = _read(value, ".".join(way)) if way else value
    at[int(last) if isinstance(at, list) else last] = text
