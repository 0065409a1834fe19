from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    """What is published, from when, until when, withdrawn when; only listed fields leave."""

    name = "core.publications"
    label = "publications"
    verbose_name = "公示公告"

    def ready(self) -> None:
        """What is published of the layers below."""
        from core.publications import calendars

        calendars.register_all()
