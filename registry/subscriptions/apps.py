from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    """Announcements by e-mail."""

    name = "registry.subscriptions"
    label = "subscriptions"
    verbose_name = "公告订阅"

    def ready(self) -> None:
        """Let metrics count the letters."""
        from core.notifications import delivery
        from registry.subscriptions.models import Letter

        delivery.register(Letter)
