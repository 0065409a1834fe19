"""Fields that several serializers share."""

import datetime
from typing import Any

from rest_framework import serializers

from core.reference.models import Area

FIRST_DAY = datetime.date(1949, 10, 1)
LAST_DAY = datetime.date(2100, 12, 31)
LARGEST = 2_147_483_647


class Day(serializers.DateField):
    """A date of this age: periods are reckoned on it."""

    def to_internal_value(self, value: Any) -> datetime.date:
        """Refuse days that no calendar here reaches."""
        day: datetime.date = super().to_internal_value(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise serializers.ValidationError(f"日期应在 {FIRST_DAY} 至 {LAST_DAY} 之间。", code="out_of_range")
        return day


class Id(serializers.IntegerField):
    """The id of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": LARGEST, **kwargs})


class AreaField(serializers.PrimaryKeyRelatedField):
    """The code of an area of the city."""

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", Area.objects.all())
        kwargs.setdefault("pk_field", serializers.CharField(max_length=6))
        kwargs.setdefault("help_text", "区域代码，如 410502")
        super().__init__(**kwargs)
