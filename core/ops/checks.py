"""What a deployment should have before it is relied on (`check --deploy`)."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from core.ops.backup import BackupFailed, identity


@register(Tags.security, deploy=True)
def backups(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Backups are made, and their key opens them."""
    if not settings.BACKUP_KEY:
        hint = "设置 PORTAL_BACKUP_KEY 和 PORTAL_BACKUP_FOLDER。"
        return [checks.Warning("没有备份密钥，不会备份。", hint=hint, id="ops.W001")]
    try:
        identity()
    except BackupFailed as problem:
        return [Error(str(problem), id="ops.E001")]
    return []
