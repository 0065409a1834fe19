"""Fields that several serializers share."""

from typing import Any

from rest_framework import serializers

from core.reference.models import Occupation
from filings.enums import LEVELS
from regulation.materials import MATERIALS

MATERIAL_CHOICES = [(material.key, material.label) for material in MATERIALS.values()]
LEVEL_CHOICES = list(LEVELS)


class OccupationField(serializers.PrimaryKeyRelatedField):
    """The code of an occupation that can be applied for."""

    default_error_messages = {
        "does_not_exist": "没有代码为“{pk_value}”的职业（工种），请从 /api/v1/occupations/ 选取。",
        "incorrect_type": "请填写职业（工种）的代码。",
    }

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", Occupation.objects.filter(active=True))
        kwargs.setdefault("pk_field", serializers.CharField(max_length=10))
        super().__init__(**kwargs)


def levels(**kwargs: Any) -> serializers.ListField:
    """The levels of an occupation, 5 (初级工) to 1 (高级技师)."""
    return serializers.ListField(child=serializers.ChoiceField(choices=LEVEL_CHOICES), max_length=5, **kwargs)


def unique(values: list[Any], what: str) -> list[Any]:
    """Return the values. Raises ValidationError where one is there twice."""
    if len(set(values)) != len(values):
        raise serializers.ValidationError(f"{what}有重复。", code="twice")
    return values
