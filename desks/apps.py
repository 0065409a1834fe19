from django.apps import AppConfig


class DesksConfig(AppConfig):
    """Each role's home page and figures, composed from the layers below."""

    name = "desks"
    verbose_name = "工作台"
