"""The nightly backup."""

from celery import shared_task
from django.conf import settings

from core.accounts.actors import system
from core.clock.clock import today
from core.ops import backup


@shared_task
def back_up() -> dict[str, int]:
    """Make a backup and remove what is over the number to keep; does nothing where no key is set."""
    if not settings.BACKUP_KEY:
        return {"files": 0, "megabytes": 0, "removed": 0}
    on = today()
    made = backup.make(settings.BACKUP_FOLDER, actor=system("备份", on), on=on)
    removed = backup.remove_old(settings.BACKUP_FOLDER, settings.BACKUP_KEEP)
    return {"files": made.files, "megabytes": made.size >> 20, "removed": removed}
