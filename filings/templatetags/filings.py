"""Words of chapter 2 in templates: `{% load filings %}`."""

from collections.abc import Collection

from django import template

from filings.models import RequestItem
from filings.part_contents import Change, changes_of
from regulation.codes import level_range_text

register = template.Library()


@register.filter
def levels(value: Collection[int]) -> str:
    """[5, 4, 3] → 五—三级; nothing for no level."""
    return level_range_text(value) if value else ""


@register.filter
def changes(item: RequestItem) -> list[Change]:
    """What the part of a notice's item says differently since."""
    return changes_of(item)
