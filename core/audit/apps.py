from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what to which record; checkpointed so that a change afterwards shows."""

    name = "core.audit"
    label = "audit"
    verbose_name = "审计"
