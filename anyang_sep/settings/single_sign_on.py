"""Single sign-on by OIDC as the environment says: PORTAL_OIDC_SERVER, _CLIENT, _SECRET (or _SECRET_FILE), _NAME."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

NAMES = {"PORTAL_OIDC_CLIENT": "在认证方登记的客户端编号", "PORTAL_OIDC_SECRET": "在认证方登记的客户端密钥"}


def providers(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return SOCIALACCOUNT_PROVIDERS: the one provider that is named, or none.

    Raises ImproperlyConfigured, with what to set, where it is named by halves or without TLS: allauth rests on TLS for
    what it fetches from the provider itself.
    """
    server = environment.get("PORTAL_OIDC_SERVER", "")
    if not server:
        return {}
    if urlsplit(server).scheme != "https":
        raise ImproperlyConfigured(f"PORTAL_OIDC_SERVER 须以 https:// 开头，现为 {server}。")
    given = {name: _given(environment, name) for name in NAMES}
    if missing := [f"{name}：{NAMES[name]}" for name, value in given.items() if not value]:
        raise ImproperlyConfigured(f"设置了 PORTAL_OIDC_SERVER，还缺少 {'；'.join(missing)}。")
    return {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "SCOPE": ["openid"],
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": environment.get("PORTAL_OIDC_NAME") or "统一身份认证",
                    "client_id": given["PORTAL_OIDC_CLIENT"],
                    "secret": given["PORTAL_OIDC_SECRET"],
                    "settings": {"server_url": server, "fetch_userinfo": False},
                }
            ],
        }
    }


def origins(environment: Mapping[str, str]) -> list[str]:
    """Return where a form of ours may lead on to (CSP form-action): the provider's own origin."""
    parts = urlsplit(environment.get("PORTAL_OIDC_SERVER", ""))
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def _given(environment: Mapping[str, str], name: str) -> str:
    path = environment.get(f"{name}_FILE")
    return Path(path).read_text().strip() if path else environment.get(name, "")
