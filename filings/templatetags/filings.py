"""Words of chapter 2 in templates: `{% load filings %}`."""

from collections.abc import Collection
from decimal import Decimal

from django import template

from filings import merit
from filings.enums import ApplicationKind
from filings.models import RequestItem
from filings.part_contents import Change, changes_of
from regulation.codes import level_range_text

register = template.Library()


@register.filter
def levels(value: Collection[int]) -> str:
    """[5, 4, 3] → 五—三级; nothing for no level."""
    return level_range_text(value) if value else ""


@register.filter
def assessed(kind: str) -> str:
    """What the assessment is called in a paper, by the kind of application it prints: of a renewal 定期评估 (M29)."""
    return "定期评估" if kind == ApplicationKind.RENEWAL.label else "技术评估"


@register.filter
def points(value: Decimal) -> str:
    """Marks as they are printed: 75.0, 75.33."""
    return merit.points(value)


@register.filter
def changes(item: RequestItem) -> list[Change]:
    """What the part of a notice's item says differently since."""
    return changes_of(item)
