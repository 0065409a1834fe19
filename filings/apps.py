from django.apps import AppConfig


class FilingsConfig(AppConfig):
    """Chapter 2: applications, filings, receipts, quota."""

    name = "filings"
    verbose_name = "机构备案"

    def ready(self) -> None:
        from core.web import saved_filters
        from filings.matters import register_all
        from filings.views import filing_list, queue

        register_all()
        for page in (queue, filing_list):
            saved_filters.register(page.LIST, page.count)
