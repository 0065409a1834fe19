"""Tests: the database that PORTAL_DATABASE_URL names, else SQLite; a broker from PORTAL_BROKER_URL."""

import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet

from anyang_sep.settings.base import *  # noqa: F403
from anyang_sep.settings.base import postgres, sqlite

CLOCK_MOVABLE = True
# Set-up of the second factor is tested by itself (tests/core/accounts/test_second_factor.py).
MFA_REQUIRED_ROLES: list[str] = []
TESTING = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
VAR_DIR = Path(os.environ.get("PORTAL_VAR") or tempfile.mkdtemp(prefix="portal-test-"))
MEDIA_ROOT = VAR_DIR / "files"

SECRET_KEY = "tests only, never anything else"  # noqa: S105
# A worker or web process started by a test is handed the test's own key (tests/processes.py).
FIELD_KEYS = [os.environ.get("PORTAL_TEST_FIELD_KEY") or Fernet.generate_key().decode()]
FIELD_HASH_KEY = "tests only"

_address = os.environ.get("PORTAL_DATABASE_URL", "")
DATABASES = {"default": postgres(_address) if _address else sqlite(VAR_DIR / "test.sqlite3")}
if not _address:
    # A file, not memory: in a shared memory database a live server's threads fail on a locked table, here they wait.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "pytest.sqlite3")}
elif _template := os.environ.get("PORTAL_TEST_TEMPLATE"):
    DATABASES["default"]["TEST"] = {"TEMPLATE": _template}  # migrated already (scripts/check.py)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

CELERY_BROKER_URL = os.environ.get("PORTAL_BROKER_URL", "memory://")
# Fast hashing for the many sign-ins of a test run; production hashes with Argon2 and a test holds it to that.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SIGNING = {"self-signed": {"folder": str(VAR_DIR / "signing")}}
