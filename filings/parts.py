"""The parts of the application form beside the six materials: what each covers and the item it answers to (M7, M8).

A notice's item names a material or a part; their keys are distinct, so one key says which.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from regulation.citations import Citation
from regulation.materials import MATERIALS


@dataclass(frozen=True)
class Part:
    """One part of the form. fields: the application's own fields that it covers; rows: whether a table of rows of the
    same name (filings.workflow.draft_rows.ROWS) belongs to it."""

    key: str
    label: str
    citation: Citation
    fields: tuple[str, ...] = ()
    rows: bool = False


_ALL = (
    Part(
        "agency",
        "机构与负责人",
        Citation(8, 1),
        (
            "name",
            "credit_code",
            "legal_form",
            "area",
            "address",
            "registered_on",
            "legal_representative",
            "legal_representative_id",
            "person_in_charge",
            "changed_on",
            "contact",
            "contact_phone",
            "unit_name",
            "accepts_supervision",
            "not_for_profit",
            "funding",
            "rules_note",
        ),
    ),
    Part("scope", "申请的职业（工种）", Citation(7, 2), rows=True),
    Part("sites", "考评场地", Citation(7, 2), rows=True),
    Part("staff", "人员", Citation(7, 3), rows=True),
    Part("records", "培训评价记录", Citation(7, 7), ("training_since",), rows=True),
    Part("pledge_day", "承诺书签署日期", Citation(8, 6), ("pledge_signed_on",)),
)

PARTS: Final[Mapping[str, Part]] = MappingProxyType({part.key: part for part in _ALL})
# What the agency writes itself, by form or API; everything else comes from the workflow.
OWN_FIELDS: Final = tuple(name for part in _ALL for name in part.fields)

PART_CHOICES: Final = [(part.key, part.label) for part in _ALL]
NAMEABLE: Final[tuple[str, ...]] = (*MATERIALS, *PARTS)


def of_field(name: str) -> str:
    """Return the key of the part that a field of the application belongs to. Raises ValueError for no own field."""
    for part in _ALL:
        if name in part.fields or name.removesuffix("_id") in part.fields:
            return part.key
    raise ValueError(name)


def label(key: str) -> str:
    """Return the name of a material or part. Raises KeyError for neither."""
    return PARTS[key].label if key in PARTS else MATERIALS[key].label


def citation(key: str) -> str:
    """Return the article of a material or part, as a code ("M8(3)"). Raises KeyError for neither."""
    return (PARTS[key].citation if key in PARTS else MATERIALS[key].citation).code


def anchor(key: str) -> str:
    """Return where a material or part stands on the reviewer's page ("material-venue", "part-sites")."""
    return f"part-{key}" if key in PARTS else f"material-{key}"


def named(key: str) -> dict[str, str]:
    """Return an item's naming of a material or part, as workflow and API take it: {"part": "sites"}."""
    return {"part" if key in PARTS else "material": key}


def key_of(item: Mapping[str, object]) -> str:
    """Return the one key that an item names, or "" where it names none, both, or what there is not."""
    material, part = str(item.get("material") or ""), str(item.get("part") or "")
    if bool(material) == bool(part):
        return ""
    return material if material in MATERIALS else part if part in PARTS else ""


def labels(keys: Iterable[str]) -> str:
    """Return the names of several, "考评场地、人员"."""
    return "、".join(label(key) for key in keys)


# A condition of M7 → the part of the form in which it is mended; those of the agency itself are not listed.
_MENDED_IN = {
    "sites": "sites",
    "surveillance": "sites",
    "same_area": "sites",
    "staff": "staff",
    "assessors": "staff",
    "supervisors": "staff",
    "experts": "staff",
    "question_bank": "scope",
    "three_years": "records",
    "person_times": "records",
}


def mended_in(condition: str) -> str:
    """Return the part of the form in which a condition of M7 is mended."""
    return _MENDED_IN.get(condition, "agency")
