from django.apps import AppConfig


class ClockConfig(AppConfig):
    """The portal's only reading of the clock, with the day offset of demo and tests."""

    name = "core.clock"
    label = "clock"
    verbose_name = "时钟"

    def ready(self) -> None:
        """Compare the clocks with each new connection."""
        import core.clock.agreement  # noqa: F401
