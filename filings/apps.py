from django.apps import AppConfig


class FilingsConfig(AppConfig):
    """Chapter 2: applications, filings, receipts, quota."""

    name = "filings"
    verbose_name = "机构备案"

    def ready(self) -> None:
        from filings.matters import register_all

        register_all()
