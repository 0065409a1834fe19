"""Bringing a backup back into an empty database and an empty store; and the proof that what is there is whole."""

import hashlib
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models.fields.files import FieldFile

from core.accounts.actors import Actor
from core.accounts.models import BrowserSession
from core.audit import trail
from core.audit.verify import verify as verify_audit
from core.documents.models import DocumentState, OfficialDocument, Upload
from core.ops import backup, encrypted
from core.ops.backup import BackupFailed

RESTORED: Final = "ops.restore"


def restore(folder: Path) -> backup.Manifest:
    """Bring a backup back and return its manifest.

    Effects in order: all of it is read and compared with its manifest; files are stored; the database comes back in one
    transaction, and where that fails the files go again; everybody is signed out. Raises BackupFailed, with nothing
    changed, where database or store is not empty or the backup cannot be used.
    """
    backup.need_postgres()
    key = backup.identity()
    if tables := _tables():
        raise BackupFailed(f"数据库不是空的（有 {tables} 张表）：只恢复到新建的空数据库，现有的数据不会被覆盖。")
    if next(backup.stored(), None):
        raise BackupFailed("文件存储不是空的：只恢复到空的存储，现有的文件不会被覆盖。")
    manifest = backup.verify(folder, key)
    names = list(_unpack(folder / backup.FILES, key))
    try:
        _load(folder / backup.DATABASE, key)
    except BackupFailed:
        for name in names:
            default_storage.delete(name)
        raise
    # Who signed out, or was shut out, since the backup would be signed in again.
    BrowserSession.objects.all().delete()
    return manifest


def record(folder: Path, *, actor: Actor) -> None:
    """Write down in the restored trail that, and from what, it was restored: once its tables are this version's."""
    trail.record(RESTORED, actor=actor, on=actor.on, payload={"name": folder.name})


def prove() -> tuple[int, list[str]]:
    """Compare every file that a row names with its hash, and verify the audit chain; return (files, what is wrong)."""
    wrong: list[str] = []
    count = 0
    for what, file, expected in _named():
        count += 1
        if _sha256(file) != expected:
            wrong.append(f"{what} 的文件缺失或与登记的散列值不符。")
    wrong += [finding.text for finding in verify_audit().findings]
    return count, wrong


def _tables() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()")
        return int(cursor.fetchone()[0])


def _unpack(path: Path, key: Any) -> Iterator[str]:
    with encrypted.reading(path, key) as clear:
        with tarfile.open(fileobj=clear, mode="r|") as archive:
            for entry in archive:
                content = archive.extractfile(entry)
                if content is None:
                    continue
                yield default_storage.save(entry.name, File(content))
        while clear.read(encrypted.CHUNK):
            pass


def _load(path: Path, key: Any) -> None:
    command, environment = backup.postgres_command(
        "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
        "--dbname", str(connection.settings_dict["NAME"]),
    )  # fmt: skip
    with encrypted.reading(path, key) as clear:
        done = subprocess.run(command, env=environment, stdin=clear, stderr=subprocess.PIPE, check=False)
        if done.returncode:
            raise BackupFailed(f"pg_restore 没有成功：{done.stderr.decode(errors='replace').strip()[-300:]}")


def _named() -> Iterator[tuple[str, FieldFile, str]]:
    for upload in Upload.objects.order_by("pk").iterator():
        yield f"附件 {upload.pk}", upload.file, upload.sha256
    for paper in OfficialDocument.objects.filter(state=DocumentState.ISSUED).order_by("pk").iterator():
        yield f"文书 {paper.number}", paper.file, paper.pdf_sha256


def _sha256(file: FieldFile) -> str:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
