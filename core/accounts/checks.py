"""What a deployment's list of known passwords must be to find any."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from core.accounts.password_rules import found_in, in_order

# In every such list, the whole or its most frequent part.
WELL_KNOWN = "password"


@register(Tags.security, deploy=True)
def breached_passwords(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The list is one of SHA-1 hashes in order: another would be asked and would know nothing."""
    path = settings.BREACHED_PASSWORDS
    with suppress(OSError):
        if path is None or (in_order(path) and found_in(path, WELL_KNOWN)):
            return []
    hint = "每行一个 SHA-1（40 位十六进制），按散列值排序，不带空行，ASCII 编码；见 docs/running.md。"
    return [
        Error(f"泄露密码清单 {path} 读不到，或者格式、顺序不对、不完整，查不出密码。", hint=hint, id="accounts.E001")
    ]
