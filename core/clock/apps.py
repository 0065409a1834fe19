from django.apps import AppConfig


class ClockConfig(AppConfig):
    """The portal's only reading of the clock, with the day offset of demo and tests."""

    name = "core.clock"
    label = "clock"
    verbose_name = "时钟"
