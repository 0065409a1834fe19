from django.apps import AppConfig


class WebConfig(AppConfig):
    """Template parts, problem documents, pagination and headers: what every page and every API answer share."""

    name = "core.web"
    label = "web"
    verbose_name = "页面与接口"
