from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """What the public sees: look-up, verification, announcements."""

    name = "registry"
    verbose_name = "公开查询"

    def ready(self) -> None:
        """What is kept of the published records."""
        from core.publications import register
        from registry import entries, records

        register.on_change(records.KIND, entries.keep)
