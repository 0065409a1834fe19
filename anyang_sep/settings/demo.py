"""Demo mode: SQLite, a broker in a folder, sign-in by one click. Loopback only; never with real data."""

import os

from anyang_sep.settings.base import *  # noqa: F403
from anyang_sep.settings.base import BASE_DIR, VAR_DIR, sqlite
from anyang_sep.settings.secrets import demo_secret

DEMO_MODE = True
# One click signs in as anyone: a second factor would only be in the way.
MFA_REQUIRED_ROLES: list[str] = []
CLOCK_MOVABLE = True
DEBUG = os.environ.get("PORTAL_DEBUG") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
PORTAL_ADDRESS = os.environ.get("PORTAL_ADDRESS", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [PORTAL_ADDRESS]

SECRET_KEY = demo_secret(VAR_DIR, "django")
FIELD_KEYS = [demo_secret(VAR_DIR, "fields")]
FIELD_HASH_KEY = demo_secret(VAR_DIR, "hash")

DATABASES = {"default": sqlite(VAR_DIR / "demo.sqlite3")}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}

_broker = VAR_DIR / "broker"
CELERY_BROKER_URL = "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # One folder in and out: what the web process writes is what the worker reads.
    "data_folder_in": str(_broker / "queue"),
    "data_folder_out": str(_broker / "queue"),
    "control_folder": str(_broker / "control"),
    "polling_interval": 0.2,
}
for _folder in (VAR_DIR, _broker / "queue", _broker / "control"):
    _folder.mkdir(parents=True, exist_ok=True)

# The demo reads static files where they lie; hashes and compression are for production.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
SIGNING = {"self-signed": {"folder": str(VAR_DIR / "signing")}}
_ = BASE_DIR
