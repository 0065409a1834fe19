"""Production: PostgreSQL, Redis, secrets and addresses from the environment. Refuses to start half set."""

import os
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from anyang_sep.settings.base import *  # noqa: F403
from anyang_sep.settings.base import LOGGING, STORAGES, VAR_DIR, postgres, redis_cache
from anyang_sep.settings.environment import Environment

_env = Environment(os.environ)

if os.environ.get("PORTAL_DEMO"):
    _env.refuse("演示模式不能用生产设置启动：去掉 PORTAL_DEMO，或改用 anyang_sep.settings.demo。")
if _env.get("PORTAL_DEBUG") not in {"", "0"}:
    _env.refuse("生产环境不能打开调试：去掉 PORTAL_DEBUG。")

SECRET_KEY = _env.secret("PORTAL_SECRET_KEY", "至少 50 个随机字符", shortest=50)
FIELD_KEYS = _env.field_keys("PORTAL_FIELD_KEYS")
FIELD_HASH_KEY = _env.secret("PORTAL_FIELD_HASH_KEY", "字段检索散列密钥", shortest=32)
ALLOWED_HOSTS = _env.hosts("PORTAL_HOSTS")
PORTAL_ADDRESS = _env.address("PORTAL_ADDRESS", ALLOWED_HOSTS)
CSRF_TRUSTED_ORIGINS = [PORTAL_ADDRESS]

DATABASES = {
    "default": postgres(
        _env.server("PORTAL_DATABASE_URL", "postgresql://用户@主机:端口/库名", "postgresql", "postgres")
    )
}
CLOCK_TOLERANCE = 120
_redis = _env.server("PORTAL_REDIS_URL", "redis://主机:端口/0", "redis", "rediss")
CELERY_BROKER_URL = _redis
CACHES = {"default": redis_cache(_redis)}

_MAIL = "smtp://账号@主机:端口，加密的写 smtps:// 或 smtp+tls://"
_mail = urlsplit(_env.server("PORTAL_SMTP_URL", _MAIL, "smtp", "smtps", "smtp+tls"))
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp+tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _env.need("PORTAL_MAIL_FROM", "发件地址")

STORAGES = {**STORAGES, "default": _env.storage()}
SIGNING = _env.signing()
BREACHED_PASSWORDS = _env.file("PORTAL_BREACHED_PASSWORDS")
VIRUS_SCANNER = _env.scanner("PORTAL_VIRUS_SCANNER")

# How many proxies stand before the web process: lock-out counts the address the last of them names.
ALLAUTH_TRUSTED_PROXY_COUNT = _env.number("PORTAL_PROXIES", 1)
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Asked for by what watches the machines from within, without the proxy (core/ops/urls.py).
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Papers open in a frame beside the work: X-Frame-Options is SAMEORIGIN, with frame-ancestors 'self'.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
# A browser takes these from this host alone, over TLS, for every path.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"

METRICS_TOKEN = _env.secret("PORTAL_METRICS_TOKEN", "读取运行指标的口令", shortest=32, optional=True)
BACKUP_KEY = _env.get("PORTAL_BACKUP_KEY")
BACKUP_FOLDER = Path(_env.get("PORTAL_BACKUP_FOLDER", str(VAR_DIR / "backups")))
BACKUP_KEEP = _env.number("PORTAL_BACKUP_KEEP", 14)

LOGGING["formatters"]["line"]["as_json"] = True
# Several web processes count together in files that are mapped into memory; read when prometheus_client is imported.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(Path(tempfile.gettempdir(), f"portal-metrics-{os.getuid()}"))
Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)

_env.finish()
