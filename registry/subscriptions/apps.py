from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    """Announcements by e-mail."""

    name = "registry.subscriptions"
    label = "subscriptions"
    verbose_name = "公告订阅"
