from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Uploads and their versions; numbered official documents: render, sign, store, verify."""

    name = "core.documents"
    label = "documents"
    verbose_name = "文书与附件"
