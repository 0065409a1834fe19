from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Uploads and their versions; numbered official documents: render, sign, store, verify."""

    name = "core.documents"
    label = "documents"
    verbose_name = "文书与附件"

    def ready(self) -> None:
        """Bound what reading a PDF may take; look at the signing keys before a deployment starts (`check --deploy`)."""
        from core.documents import checks, formats

        formats.bound_memory()

        self.checks = checks
