"""Demo mode lets anyone sign in as anyone: it starts on loopback only, and never with production's database or name."""

import ipaddress
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# The addresses the web process is told to bind to.
BINDS = ("PORTAL_BIND", "PORTAL_HOST")


def is_loopback(host: str) -> bool:
    """Whether the host, with or without a port, is this machine alone."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def against_demo(settings: Any, environment: Mapping[str, str]) -> list[str]:
    """Return why demo mode may not start with these settings; empty where it may, or where it is not demo mode."""
    if not settings.DEMO_MODE:
        return []
    hosts = {environment[name] for name in BINDS if environment.get(name)}
    hosts |= {*settings.ALLOWED_HOSTS, urlsplit(settings.PORTAL_ADDRESS).netloc}
    found = [f"演示模式只能在本机地址上运行，不能用 {host}。" for host in sorted(hosts) if not is_loopback(host)]
    if environment.get("DJANGO_SETTINGS_MODULE", "").endswith(".production") or settings.SECURE_SSL_REDIRECT:
        found.append("演示模式不能用生产设置启动。")
    if not settings.DATABASES["default"]["ENGINE"].endswith(".sqlite3"):
        found.append("演示模式只用自己的 SQLite 数据库。")
    return found


def refuse_unsafe_demo() -> None:
    """Raise ImproperlyConfigured where demo mode may not start. Called whenever any process of the portal starts."""
    from django.conf import settings

    if found := against_demo(settings, os.environ):
        raise ImproperlyConfigured("".join(found) + "演示账号一键登录，任何能访问的人都能冒用。")
