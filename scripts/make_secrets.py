"""Makes the secrets of a portal in production, a file each, once: what is there already is left as it is.

    python -m scripts.make_secrets [FOLDER]       default: secrets/

The folder is open to its owner alone; the files in it can be read by all, since a container's user is another one.
Keep a copy of field_keys, field_hash_key and backup_key where no machine is: without them nothing comes back.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyrage
from cryptography.fernet import Fernet

from scripts.setup import ROOT


def random_text() -> str:
    """Return 64 random characters that need no quoting anywhere."""
    return secrets.token_urlsafe(48)


# File name: how it is made. Empty: to be filled in where it is used at all.
SECRETS: Final[dict[str, Callable[[], str]]] = {
    "secret_key": random_text,
    "field_keys": lambda: Fernet.generate_key().decode(),
    "field_hash_key": random_text,
    "database_password": random_text,
    "redis_password": random_text,
    "metrics_token": random_text,
    "backup_key": lambda: str(pyrage.x25519.Identity.generate()),
    "s3_access_key": lambda: "portal",
    "s3_secret_key": random_text,
    "smtp_password": lambda: "",
}
FOLDERS: Final = ("signing", "tls")


def make(folder: Path) -> list[str]:
    """Make what is missing in the folder; return the names of what was made."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    for inner in FOLDERS:
        (folder / inner).mkdir(exist_ok=True)
    made = []
    for name, maker in SECRETS.items():
        path = folder / name
        if not path.exists():
            path.touch(mode=0o444)
            path.chmod(0o644)
            path.write_text(maker())
            path.chmod(0o444)
            made.append(name)
    return made


def main(arguments: list[str]) -> int:
    """Make them and say so, without a word of what is in them."""
    folder = Path(arguments[0]) if arguments else ROOT / "secrets"
    made = make(folder)
    print(f"{folder}：新生成 {'、'.join(made) or '无，都已经有了'}。")
    if "smtp_password" in made:
        print("smtp_password 是空的：填发件账号的口令。签名证书放在 signing/，TLS 证书放在 tls/。")
    print("field_keys、field_hash_key、backup_key 另抄一份离线保管：丢了它们，数据和备份都打不开。")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
