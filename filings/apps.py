from django.apps import AppConfig


class FilingsConfig(AppConfig):
    """Chapter 2: applications, filings, receipts, quota."""

    name = "filings"
    verbose_name = "机构备案"

    def ready(self) -> None:
        from core.web import saved_filters
        from filings.matters import register_all
        from filings.views import filing_list, presets, queue

        register_all()
        saved_filters.register(queue.LIST, queue.count, presets.offered)
        saved_filters.register(filing_list.LIST, filing_list.count)
