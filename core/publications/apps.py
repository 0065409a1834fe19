from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    """What is published, from when, until when, withdrawn when; only listed fields leave."""

    name = "core.publications"
    label = "publications"
    verbose_name = "公示公告"
