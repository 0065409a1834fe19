from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Statutory clocks: rows, settle, sweep, reminders, what loading a year moves."""

    name = "core.deadlines"
    label = "deadlines"
    verbose_name = "法定期限"
