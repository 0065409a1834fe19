from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    """Areas, occupations, dated settings, counters."""

    name = "core.reference"
    label = "reference"
    verbose_name = "基础数据"
