from django.apps import AppConfig


class WebConfig(AppConfig):
    """Template parts, problem documents, pagination and headers: what every page and every API answer share."""

    name = "core.web"
    label = "web"
    verbose_name = "页面与接口"

    def ready(self) -> None:
        """Put the form fields' refusals into plain words."""
        from core.web import wording

        wording.install()
