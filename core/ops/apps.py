from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Health, metrics, backups."""

    name = "core.ops"
    label = "ops"
    verbose_name = "运行与备份"

    def ready(self) -> None:
        """Register the deployment's checks and the count of jobs."""
        from core.ops import checks, job_counts

        self.registers = (checks, job_counts)
