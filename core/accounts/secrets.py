"""Secrets that are shown once and kept as a hash: invitation links and API tokens."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new() -> tuple[str, str]:
    """Return a fresh secret of 256 bits, and the hash to keep of it."""
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    return secret, hashed(secret)


def hashed(secret: str) -> str:
    """Return the hex SHA-256 of a secret; its 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
