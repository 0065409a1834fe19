"""Words of chapter 2 in templates: `{% load filings %}`."""

from collections.abc import Collection

from django import template

from regulation.codes import level_range_text
from regulation.materials import MATERIALS

register = template.Library()


@register.filter
def levels(value: Collection[int]) -> str:
    """[5, 4, 3] → 五—三级; nothing for no level."""
    return level_range_text(value) if value else ""


@register.filter
def material_label(key: str) -> str:
    """ "venue" → the material's name."""
    return MATERIALS[key].label if key in MATERIALS else key
