"""Verification codes: printed on papers, typed by people, so without letters and digits that look alike."""

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 16
GROUP = 4


def new() -> str:
    """Return a new code as it is printed and stored: K7QM-2XHP-9DRT-4WAB (16 characters, 79 bits)."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def normalise(text: str) -> str:
    """Return what somebody typed as a code is stored: any case, width, spaces and dashes. Empty if it cannot be one."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())
    if len(plain) != LENGTH or set(plain) - set(ALPHABET):
        return ""
    return _grouped(plain)


def _grouped(plain: str) -> str:
    return "-".join(plain[i : i + GROUP] for i in range(0, len(plain), GROUP))
