from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Statutory clocks: rows, settle, sweep, reminders, what loading a year moves."""

    name = "core.deadlines"
    label = "deadlines"
    verbose_name = "法定期限"

    def ready(self) -> None:
        """Let an edit of the calendar move the clocks that rest on it."""
        from core.calendars.effects import register_after_load
        from core.deadlines import recompute

        register_after_load(recompute.after_load, recompute.preview)
