from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """The transition helper, proposals, refusals, idempotency."""

    name = "core.workflow"
    label = "workflow"
    verbose_name = "流程"
