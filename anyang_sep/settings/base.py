"""What all modes share. A mode (demo, test, production) adds its database, broker and secrets."""

import os
from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF

from anyang_sep.settings import single_sign_on
from core import logs

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(os.environ.get("PORTAL_VAR", BASE_DIR / "var"))

DEMO_MODE = False
# May the stored day offset be advanced (demo and tests only)? See core/clock.
CLOCK_MOVABLE = False
# How many seconds a process's clock may differ from the database server's; 0: not asked (core/clock/agreement.py).
CLOCK_TOLERANCE = 0
DEBUG = False

ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "core.accounts.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "simple_history",
    "csp",
    "django_structlog",
    # core, lowest layer first (HOUSE.md)
    "core.clock",
    "core.audit",
    "core.reference",
    "core.accounts",
    "core.calendars",
    "core.notifications",
    "core.deadlines",
    "core.documents",
    "core.publications",
    "core.workflow",
    "core.web",
    "core.ops",
    # business layers
    "filings",
    "registry",
    "registry.open_data",
    "registry.subscriptions",
    "desks",
]

MIDDLEWARE = [
    "core.web.middleware.RequestIdMiddleware",
    "core.ops.middleware.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.web.fresh.FreshMiddleware",
    "core.web.middleware.HeadersMiddleware",
    "core.web.middleware.DirectionMiddleware",
    "core.web.middleware.SignInExpiredMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.web.received.ReceivedMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.accounts.sessions.ActorMiddleware",
    "core.accounts.mfa.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "core.web.middleware.LogMiddleware",
    "core.web.sure.SureMiddleware",
    "core.web.step_up.StepUpMiddleware",
    "core.web.form_answers.FormAnswerMiddleware",
    "core.web.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "anyang_sep.urls"
WSGI_APPLICATION = "anyang_sep.wsgi.application"
ASGI_APPLICATION = "anyang_sep.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.web.context_processors.portal",
                "desks.context_processors.demo",
                "core.web.context_processors.desk",
                "desks.navigation.desk",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Each transition opens its own transaction; a refused attempt is recorded after the rollback (HOUSE.md).
ATOMIC_REQUESTS = False

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
# Uploads and official papers are served by views that ask who may see them, never by the web server.
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "core.accounts.password_rules.MinimumLength", "OPTIONS": {"min_length": 10}},
    {"NAME": "core.accounts.password_rules.NotNumeric"},
    {"NAME": "core.accounts.password_rules.NotCommon"},
    {"NAME": "core.accounts.password_rules.NotBreached"},
    {"NAME": "core.accounts.password_rules.NotOfThisPlace"},
    {"NAME": "core.accounts.password_rules.NotSimilar"},
]
# The list of passwords that became known elsewhere; None: there is none.
BREACHED_PASSWORDS: Path | None = None
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_ADAPTER = "core.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "安阳社评机构门户："
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_FORMS = {
    "login": "core.accounts.auth_forms.LoginForm",
    "change_password": "core.accounts.auth_forms.ChangePasswordForm",
    "reset_password": "core.accounts.auth_forms.ResetPasswordForm",
    "reset_password_from_key": "core.accounts.auth_forms.ResetPasswordKeyForm",
    "reauthenticate": "core.accounts.auth_forms.ReauthenticateForm",
}
MFA_ADAPTER = "core.accounts.mfa.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# A code is taken for one more step of 30 seconds: it may run out while it is typed or sent (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "core.accounts.auth_forms.AuthenticateForm",
    "reauthenticate": "core.accounts.auth_forms.MfaReauthenticateForm",
    "activate_totp": "core.accounts.auth_forms.ActivateTOTPForm",
}
# For which acts one shows once more who one is (core/accounts/step_up.py).
STEP_UP_ACTS = "anyang_sep.step_up.ACTS"
# Single sign-on where the environment names a provider (core/accounts/single_sign_on.py).
SOCIALACCOUNT_PROVIDERS = single_sign_on.providers(os.environ)
SOCIALACCOUNT_ADAPTER = "core.accounts.single_sign_on.SocialAdapter"
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
# Who must have a second factor; a deputy counts as the chief.
MFA_REQUIRED_ROLES = ["chief", "administrator"]

SESSION_ENGINE = "core.accounts.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Seconds without a request until signed out, unless the setting session_idle_minutes said otherwise at sign-in.
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"  # papers open in a frame beside the work
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF, *single_sign_on.origins(os.environ)],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# Keys for personal numbers in rows (core/crypto.py): newest first, older ones still decrypt.
FIELD_KEYS: list[str] = []
FIELD_HASH_KEY = ""
# Where the signing keys are: {organisation kind: {"pkcs12": path, "password": text}} (core/documents/signing.py).
SIGNING: dict[str, dict[str, str]] = {}
# Where the virus scanner is (core/documents/scanning.py): clamd's host and port; None: there is none.
VIRUS_SCANNER: tuple[str, int] | None = None
# Who may read /metrics: whoever brings this token; empty: nobody (core/ops/views.py).
METRICS_TOKEN = ""
# Backups (core/ops/backup.py): an age identity, the folder they are put in, how many are kept. No key: none are made.
BACKUP_KEY = ""
BACKUP_FOLDER = VAR_DIR / "backups"
BACKUP_KEEP = 14
# The address printed in QR codes.
PORTAL_ADDRESS = "http://127.0.0.1:8000"

CELERY_TASK_ALWAYS_EAGER = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    # A person's act does not wait for a queue that is gone: the periodic jobs find what it would have told them of.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_connect_timeout": 1,
    # Seconds after which a job that has not ended is given to another worker: longer than any, the nightly backup too.
    "visibility_timeout": 12 * 3600,
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "core.beat:SteadyScheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep-deadlines": {"task": "core.deadlines.tasks.sweep", "schedule": 60.0},
    "issue-documents": {"task": "core.documents.tasks.issue_pending", "schedule": 60.0},
    "complete-announcements": {"task": "core.documents.tasks.complete_announcements", "schedule": 60.0},
    "remove-orphan-files": {"task": "core.documents.tasks.remove_orphans", "schedule": 86400.0},
    "deliver-messages": {"task": "core.notifications.tasks.deliver_pending", "schedule": 60.0},
    "mail-announcements": {"task": "registry.subscriptions.tasks.mail_announcements", "schedule": 60.0},
    "checkpoint-audit": {"task": "core.audit.tasks.checkpoint", "schedule": 3600.0},
    "publish-open-data": {"task": "registry.open_data.tasks.publish", "schedule": 60.0},
    # At an hour, not every so many seconds: a beat that is started anew each day would never get there.
    "clear-sessions": {"task": "core.accounts.tasks.clear_sessions", "schedule": crontab(hour=3, minute=10)},
    "back-up": {"task": "core.ops.tasks.back_up", "schedule": crontab(hour=2, minute=30)},
}

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = "portal@localhost"
# The class that sends text messages (core/notifications/sms.py); empty: none are sent.
SMS_BACKEND: str = ""
# The class that signs papers (core/documents/signing.py): an official seal or SM2 takes its place here.
SIGNER_CLASS = "core.documents.signing.PadesSigner"

REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "core.web.problems.exception_handler",
    "DEFAULT_PAGINATION_CLASS": "core.web.pagination.NumberedPages",
    "DEFAULT_SCHEMA_CLASS": "core.web.api.Schema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.web.negotiation.Negotiation",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    # Files come by multipart on the routes that say so.
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.accounts.authentication.TokenAuthentication",
        "core.accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "安阳市职业技能等级认定社评机构备案与监管",
    "DESCRIPTION": (
        "页面上能办的，接口都能办，规则相同。被拒绝时答复问题文档（RFC 9457），在 reasons 里一次列出全部理由；"
        "看不到的，答复 404。"
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "PATH_CONVERTER_OVERRIDES": {"int": {"type": "integer", "minimum": 0}},
    "ENUM_NAME_OVERRIDES": {
        "ApplicationStateEnum": "filings.enums.ApplicationState",
        "ApplicationKindEnum": "filings.enums.ApplicationKind",
        "ClaimStateEnum": "filings.enums.ClaimState",
        "FilingStateEnum": "filings.enums.FilingState",
        "ImportStateEnum": "filings.enums.ImportState",
        "RequestKindEnum": "filings.enums.Requester",
        "OpinionKindEnum": "filings.enums.OpinionKind",
        "StaffKindEnum": "filings.enums.StaffKind",
        "LegalFormEnum": "filings.enums.LegalForm",
        "AssessmentMethodEnum": "filings.enums.AssessmentMethod",
        "ProposalStateEnum": "core.workflow.models.ProposalState",
        "ClockStateEnum": "core.deadlines.models.ClockState",
        "OrganisationKindEnum": "core.accounts.models.OrganisationKind",
        "MaterialEnum": "filings.api.fields.MATERIAL_CHOICES",
        "PartEnum": "filings.parts.PART_CHOICES",
        "LevelsEnum": "filings.enums.LEVELS",
        "ServiceMethodEnum": "core.documents.models.ServiceMethod",
        "RoleEnum": "core.accounts.models.Role",
        "DayKindEnum": "core.calendars.models.DayKind",
        "FilingStandingEnum": "filings.standings.CHOICES",
        "StandingEnum": "registry.verification_api.STANDING_CHOICES",
        "AgencyStatusEnum": "registry.search.STATUS_CHOICES",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "/favicon.ico",
    "REDOC_DIST": "SIDECAR",
}

# The request's id goes with its jobs (anyang_sep/celery.py has the worker's half).
DJANGO_STRUCTLOG_CELERY_ENABLED = True
# It is the portal's own by then, or a well-formed one of the proxy's (core/web/middleware.py).
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
logs.configure()
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "core.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Libraries that tell every step of every paper, and what django-structlog tells of every job already.
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("weasyprint", "fontTools", "pyhanko", "pikepdf", "celery.worker.strategy", "celery.app.trace")
    },
    "root": {"handlers": ["console"], "level": os.environ.get("PORTAL_LOG_LEVEL", "INFO")},
}


def sqlite(path: Path | str) -> dict[str, object]:
    """A DATABASES entry for SQLite that writes one at a time instead of failing on a busy file."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


def redis_cache(address: str) -> dict[str, object]:
    """A CACHES entry; where Redis is gone nobody waits long to learn it."""
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": address,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 3},
    }


def postgres(address: str) -> dict[str, object]:
    """A DATABASES entry from `postgresql://user:password@host:port/name`."""
    from urllib.parse import unquote, urlsplit

    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # A page's statements end in milliseconds; compiling one takes the server a quarter of a second.
        "OPTIONS": {"options": "-c jit=off"},
    }
