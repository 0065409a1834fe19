"""What a deployment must have before it issues papers: a key that opens for whoever's name stands on them; and what it
should have before it takes files in."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from core.documents.signing import SELF_SIGNED, PadesSigner

NEEDED = "bureau"


@register(Tags.security, deploy=True)
def signing_keys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every configured key opens, the bureau's is there, and none is self-signed."""
    found: list[CheckMessage] = []
    if SELF_SIGNED in settings.SIGNING:
        found.append(checks.Warning("文书用自签名证书签名，只适合演示和测试。", id="documents.W001"))
    elif NEEDED not in settings.SIGNING:
        found.append(
            Error("没有市局的签名密钥，文书无法签发。", hint="设置 PORTAL_SIGNING_BUREAU。", id="documents.E001")
        )
    for key in settings.SIGNING:
        if key == SELF_SIGNED:
            continue
        try:
            PadesSigner(key, key)
        except (ImproperlyConfigured, OSError, ValueError) as problem:
            found.append(Error(f"签名密钥 {key} 不能使用：{problem}", id="documents.E002"))
    return found


@register(Tags.security, deploy=True)
def virus_scanner(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What is handed in is scanned for viruses."""
    if settings.VIRUS_SCANNER is not None:
        return []
    hint = "设置 PORTAL_VIRUS_SCANNER，如 clamd://clamav:3310。"
    return [checks.Warning("没有接病毒检查，上传的文件不经检查。", hint=hint, id="documents.W002")]
