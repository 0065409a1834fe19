from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Inbox, e-mail, SMS hook: an outbox of rows."""

    name = "core.notifications"
    label = "notifications"
    verbose_name = "通知"
