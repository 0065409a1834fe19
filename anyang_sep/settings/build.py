"""The image's build: static files are collected, hashed and compressed, without a database and without a secret."""

import secrets

from anyang_sep.settings.base import *  # noqa: F403

SECRET_KEY = secrets.token_urlsafe(50)
DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}}
