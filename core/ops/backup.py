"""Backups: the database and every file, encrypted with age, read back before they count.

A backup is a folder of three files, each encrypted: `database.age` (pg_dump's custom format), `files.age` (a tar) and
`manifest.age` (what made it, and the SHA-256 of what the other two hold). It is whole where it bears its final name.
Any `age` program opens them with the key, without the portal.
"""

import datetime
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

import pyrage
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from core.accounts.actors import Actor
from core.audit import trail
from core.clock.clock import real_now
from core.ops import encrypted
from core.ops.figures import BACKED_UP

DATABASE, FILES, MANIFEST = "database.age", "files.age", "manifest.age"
PREFIX: Final = "portal-"
_UNFINISHED: Final = ".part"
# What is on the store for a moment only (core/ops/readiness.py).
PASSING: Final = frozenset({"ready"})


class BackupFailed(Exception):
    """No backup was made, or one cannot be used; the message says why, in Chinese."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. files: how many; sha256: of the clear contents, by the encrypted file's name."""

    made_at: str
    migrations: list[str]
    files: int
    sha256: dict[str, str]


@dataclass(frozen=True)
class Made:
    """A backup that was made and read back."""

    folder: Path
    files: int
    size: int


def identity() -> Any:
    """Return the key of settings.BACKUP_KEY. Raises BackupFailed where there is none, or it is none of age's."""
    if not settings.BACKUP_KEY:
        raise BackupFailed("没有设置 PORTAL_BACKUP_KEY：用 make secrets 生成备份密钥。")
    try:
        return pyrage.x25519.Identity.from_str(settings.BACKUP_KEY)
    except pyrage.IdentityError:
        raise BackupFailed("PORTAL_BACKUP_KEY 不是 AGE-SECRET-KEY-1… 形式的密钥：用 make secrets 生成。") from None


def need_postgres() -> None:
    """Raise BackupFailed on another engine."""
    if connection.vendor != "postgresql":
        raise BackupFailed("只备份和恢复 PostgreSQL 数据库；演示数据都在 var/ 文件夹里，停掉演示后复制它即可。")


def postgres_command(program: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return the command of a PostgreSQL program for the portal's database, and its environment (with the password)."""
    found = shutil.which(program)
    if found is None:
        raise BackupFailed(f"找不到 {program}：安装与服务器版本相同的 postgresql-client。")
    database = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    said = {name: str(database[key]) for name, key in names.items() if database[key]}
    return [found, *arguments], {**os.environ, **said}


def make(folder: Path, *, actor: Actor, on: datetime.date) -> Made:
    """Make a backup in the folder and return it.

    Effects in order: database, then files (a file is stored before its row commits, so all that the rows name are
    there), the manifest; everything is read back and compared; the folder gets its final name; the audit event.
    Raises BackupFailed; what is half made goes.
    """
    need_postgres()
    key = identity()
    moment = real_now()
    final = folder / f"{PREFIX}{moment:%Y%m%dT%H%M%S%f}Z"
    part = final.with_name(final.name + _UNFINISHED)
    sha256: dict[str, str] = {}
    try:
        part.mkdir(parents=True, mode=0o700)
        with encrypted.writing(part / DATABASE, key) as (pipe, hashed):
            _dump(pipe)
        sha256[DATABASE] = hashed.sha256
        with encrypted.writing(part / FILES, key) as (pipe, hashed):
            count = _pack(pipe)
        sha256[FILES] = hashed.sha256
        manifest = Manifest(moment.isoformat(), applied(), count, sha256)
        with encrypted.writing(part / MANIFEST, key) as (pipe, _):
            pipe.write(json.dumps(asdict(manifest)).encode())
        verify(part, key)
        part.rename(final)
    except OSError as problem:
        raise BackupFailed(f"备份写不进 {folder}：{problem.strerror or problem}。检查空间和权限。") from problem
    finally:
        shutil.rmtree(part, ignore_errors=True)
    made = Made(final, count, sum(file.stat().st_size for file in final.iterdir()))
    payload = {"name": final.name, "files": made.files, "size": made.size}
    trail.record(BACKED_UP, actor=actor, on=on, payload=payload)
    return made


def verify(folder: Path, key: Any) -> Manifest:
    """Decrypt all of a backup, compare it with its manifest, return that. Raises BackupFailed."""
    try:
        manifest = Manifest(**json.loads(pyrage.decrypt((folder / MANIFEST).read_bytes(), [key])))
        for name, expected in manifest.sha256.items():
            if encrypted.sha256(folder / name, key) != expected:
                raise BackupFailed(f"备份 {folder.name} 的 {name} 与清单不符：不要用它恢复。")
    except pyrage.DecryptError:
        raise BackupFailed(f"备份 {folder.name} 解不开：密钥不对，或者文件被改动。") from None
    except FileNotFoundError as problem:
        raise BackupFailed(f"备份 {folder.name} 不完整：没有 {Path(problem.filename).name}。") from None
    return manifest


def kept(folder: Path) -> list[Path]:
    """Return the whole backups in a folder, oldest first."""
    return sorted(one for one in folder.glob(f"{PREFIX}*") if one.is_dir() and one.suffix != _UNFINISHED)


def remove_old(folder: Path, keep: int) -> int:
    """Remove all but the newest `keep` (at least one) backups; return how many."""
    old = kept(folder)[: -max(keep, 1)]
    for one in old:
        shutil.rmtree(one)
    return len(old)


def applied() -> list[str]:
    """Return the migrations that the database has, as "app.name"."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def stored(folder: str = "") -> Iterator[str]:
    """Yield the name of every file on the store."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in sorted(names) if name)
    for inner in sorted(folders):
        if prefix or inner not in PASSING:
            yield from stored(prefix + inner)


def _dump(target: IO[bytes]) -> None:
    command, environment = postgres_command("pg_dump", "--format=custom", "--no-owner", "--no-privileges")
    done = subprocess.run(command, env=environment, stdout=target, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise BackupFailed(f"pg_dump 没有成功：{done.stderr.decode(errors='replace').strip()[-300:]}")


def _pack(target: IO[bytes]) -> int:
    """Write a tar of every file on the store; return how many."""
    count = 0
    with tarfile.open(fileobj=target, mode="w|") as archive:
        for name in stored():
            # An upload whose transaction was rolled back may go while this runs.
            with suppress(FileNotFoundError), default_storage.open(name) as file:
                entry = tarfile.TarInfo(name)
                entry.size = file.size
                archive.addfile(entry, file)
                count += 1
    return count
