"""The open data as an app of its own below the registry."""

from django.apps import AppConfig


class OpenDataConfig(AppConfig):
    """Files with a published schema, and the feed of what has changed."""

    name = "registry.open_data"
    label = "open_data"
    verbose_name = "数据开放"

    def ready(self) -> None:
        """What happens here when something is published or withdrawn."""
        from core.publications import register
        from registry.open_data import changes, tasks

        register.on_change(register.EVERY, changes.note)
        register.on_change(register.EVERY, tasks.after_withdrawal)
