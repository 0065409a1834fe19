"""Production: PostgreSQL, Redis, secrets and addresses from the environment. Refuses to start half set."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from anyang_sep.settings.base import *  # noqa: F403
from anyang_sep.settings.base import postgres


def need(name: str, what: str) -> str:
    """Return the environment's value of `name`, also read from the file that `name`_FILE names.

    Raises ImproperlyConfigured with a sentence that says what to set.
    """
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text().strip()
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"缺少环境变量 {name}：{what}。")
    return value


if os.environ.get("PORTAL_DEMO"):
    raise ImproperlyConfigured("演示模式不能用生产设置启动：请去掉 PORTAL_DEMO，或改用 anyang_sep.settings.demo。")

SECRET_KEY = need("PORTAL_SECRET_KEY", "至少 50 个随机字符")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("PORTAL_SECRET_KEY 太短：至少 50 个随机字符。")
FIELD_KEYS = need("PORTAL_FIELD_KEYS", "字段加密密钥，逗号分隔，新的在前").split(",")
FIELD_HASH_KEY = need("PORTAL_FIELD_HASH_KEY", "字段检索散列密钥")
ALLOWED_HOSTS = need("PORTAL_HOSTS", "域名，逗号分隔").split(",")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("PORTAL_HOSTS 不能是 *：请写出门户的域名。")
PORTAL_ADDRESS = need("PORTAL_ADDRESS", "门户地址，如 https://portal.example.gov.cn")
CSRF_TRUSTED_ORIGINS = [PORTAL_ADDRESS]

DATABASES = {"default": postgres(need("PORTAL_DATABASE_URL", "postgresql://用户:口令@主机:端口/库名"))}
_redis = need("PORTAL_REDIS_URL", "redis://主机:端口/0")
CELERY_BROKER_URL = _redis
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _redis}}

# How many proxies stand before the web process: lock-out counts the address the last of them names.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("PORTAL_PROXIES", "1"))
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# A browser takes these from this host alone, over TLS, for every path.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"

# One PKCS#12 per issuing organisation: PORTAL_SIGNING_CENTRE, PORTAL_SIGNING_COUNTY_410523, …
SIGNING = {
    name.removeprefix("PORTAL_SIGNING_").lower().replace("_", "-"): {
        "pkcs12": value,
        "password": os.environ.get(f"{name}_PASSWORD", ""),
    }
    for name, value in os.environ.items()
    if name.startswith("PORTAL_SIGNING_") and not name.endswith("_PASSWORD")
}
