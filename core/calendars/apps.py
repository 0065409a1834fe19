from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """Working days: announced years, overrides, provisional years."""

    name = "core.calendars"
    label = "calendars"
    verbose_name = "工作日历"
