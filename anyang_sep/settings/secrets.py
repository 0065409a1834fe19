"""Secrets of the demo and the tests: made at first use, kept outside the repository."""

import os
from pathlib import Path

from cryptography.fernet import Fernet


def demo_secret(folder: Path, name: str) -> str:
    """Return the secret of that name in `folder`, making it at first use (32 random bytes, base64)."""
    path = folder / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(Fernet.generate_key().decode())
    return path.read_text()
