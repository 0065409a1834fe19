"""Personal numbers at rest: an encrypted text field with rotating keys, and a keyed hash to find by."""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key.encode()) for key in keys])


def cipher() -> MultiFernet:
    """Return the cipher of settings.FIELD_KEYS: encrypts with the first key, decrypts with any."""
    return _cipher(tuple(settings.FIELD_KEYS))


def keyed_hash(value: str) -> str:
    """Return the hex HMAC-SHA-256 of `value` under settings.FIELD_HASH_KEY; equal values hash equal."""
    return hmac.new(settings.FIELD_HASH_KEY.encode(), value.strip().upper().encode(), hashlib.sha256).hexdigest()


def rotate(token: str) -> str:
    """Return the stored text encrypted anew under the newest key."""
    return cipher().rotate(token.encode()).decode()


def mask(value: str, head: int = 3, tail: int = 4) -> str:
    """Return `value` with its middle starred; short values are starred whole."""
    if len(value) <= head + tail:
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[-tail:]


class EncryptedTextField(models.TextField):
    """Text that is encrypted in the database and clear in Python. Not searchable: keep a keyed_hash beside it."""

    def get_prep_value(self, value: Any) -> str | None:
        if value is None or value == "":
            return value
        return cipher().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if not value:
            return value
        return cipher().decrypt(value.encode()).decode()
