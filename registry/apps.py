from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """What the public sees: look-up, verification, announcements."""

    name = "registry"
    verbose_name = "公开查询"
