"""A backup holds everything, gives nothing away, and comes back whole: into an empty database, and nowhere else."""

import hashlib
from contextlib import contextmanager
from pathlib import Path

import pyrage
import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from core.accounts.models import BrowserSession
from core.audit.checkpoint import checkpoint
from core.audit.models import Event
from core.audit.verify import verify
from core.clock.clock import now
from core.documents import issuing
from core.documents.models import DocumentState, OfficialDocument, Upload
from core.ops import backup, encrypted, figures, restore
from core.ops.tasks import back_up
from tests.world import accepted, make_world

NEW = "restored_into"


@pytest.fixture(autouse=True)
def _own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.BACKUP_FOLDER = tmp_path / "backups"
    settings.BACKUP_KEY = str(pyrage.x25519.Identity.generate())
    settings.CLOCK_MOVABLE = False


@contextmanager
def elsewhere(settings, files: Path):
    """An empty database on the same server, and an empty store, as the portal's own."""
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NEW}")
        cursor.execute(f"CREATE DATABASE {NEW} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    before = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = files
    connection.close()
    connection.settings_dict["NAME"] = NEW
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        settings.MEDIA_ROOT = before
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {NEW}")


def everything() -> dict[str, str]:
    """A hash of every row of every table, by table; what restoring itself changes is left out."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        rows = model._default_manager.order_by("pk")
        if model is Event:
            rows = rows.exclude(verb__startswith="ops.")
        if model is not BrowserSession and model._meta.managed:
            found[model._meta.label] = hashlib.sha256(repr(list(rows.values_list())).encode()).hexdigest()
    return found


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_a_backup_comes_back_whole_into_an_empty_database_and_nowhere_else(settings, tmp_path, capsys):
    world = make_world()
    accepted(world)
    issuing.run(now())
    assert OfficialDocument.objects.filter(state=DocumentState.ISSUED).exists()
    assert Upload.objects.exists()
    checkpoint(now())
    head = verify().head
    world.browser("operator administrator").get("/desk/")
    assert BrowserSession.objects.exists()

    assert back_up()["files"] == len(list(backup.stored())) > 0
    (folder,) = backup.kept(settings.BACKUP_FOLDER)
    assert sorted(path.name for path in folder.iterdir()) == [backup.DATABASE, backup.FILES, backup.MANIFEST]
    assert all(path.read_bytes().startswith(b"age-encryption.org/v1") for path in folder.iterdir())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert figures.last_backup().payload["name"] == folder.name
    was, names = everything(), sorted(backup.stored())

    with pytest.raises(CommandError, match="数据库不是空的"):
        call_command("restore", str(folder))
    assert everything() == was

    with elsewhere(settings, tmp_path / "elsewhere"):
        right, settings.BACKUP_KEY = settings.BACKUP_KEY, str(pyrage.x25519.Identity.generate())
        with pytest.raises(CommandError, match="解不开"):
            call_command("restore", str(folder))
        settings.BACKUP_KEY = right
        default_storage.save("uploads/x", ContentFile(b"x"))
        with pytest.raises(CommandError, match="文件存储不是空的"):
            call_command("restore", str(folder))
        default_storage.delete("uploads/x")
        assert restore._tables() == 0

        call_command("restore", str(folder))
        assert "都没有问题" in capsys.readouterr().out
        assert everything() == was
        assert sorted(backup.stored()) == names
        assert not BrowserSession.objects.exists()
        assert verify([head]).ok
        assert Event.objects.latest("id").verb == restore.RESTORED
        # What guards the tables came along.
        with pytest.raises(IntegrityError):
            Event.objects.update(verb="something else")
        # Papers, uploads: each compared with what its row says.
        count, wrong = restore.prove()
        named = Upload.objects.count() + OfficialDocument.objects.filter(state=DocumentState.ISSUED).count()
        assert (count, wrong) == (named, [])
        paper = OfficialDocument.objects.filter(state=DocumentState.ISSUED).first()
        Path(paper.file.path).write_bytes(b"something else")
        assert restore.prove()[1] == [f"文书 {paper.number} 的文件缺失或与登记的散列值不符。"]

    settings.BACKUP_KEEP = 1
    assert back_up()["removed"] == 1


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_written_or_was_changed_is_no_backup(settings, tmp_path, monkeypatch):
    (tmp_path / "in the way").write_text("")
    with pytest.raises(CommandError, match="备份写不进"):
        call_command("backup", str(tmp_path / "in the way" / "backups"))
    with monkeypatch.context() as full:
        full.setattr(encrypted.os, "fsync", _no_space)
        with pytest.raises(CommandError, match="No space left"):
            call_command("backup")
    with monkeypatch.context() as refusing:
        refusing.setitem(connection.settings_dict, "USER", "nobody")
        refusing.setenv("PGCONNECT_TIMEOUT", "5")
        with pytest.raises(CommandError, match="pg_dump 没有成功"):
            call_command("backup")
    assert list(settings.BACKUP_FOLDER.iterdir()) == []
    assert figures.last_backup() is None

    call_command("backup", verbosity=0)
    (folder,) = backup.kept(settings.BACKUP_FOLDER)
    key = backup.identity()
    assert backup.verify(folder, key).files == 0
    # Another dump, encrypted for the same key, in place of the right one.
    changed = folder / backup.DATABASE
    changed.unlink()
    with encrypted.writing(changed, key) as (pipe, _):
        pipe.write(b"PGDMP something else")
    with pytest.raises(backup.BackupFailed, match="与清单不符"):
        backup.verify(folder, key)
    changed.unlink()
    with pytest.raises(backup.BackupFailed, match="不完整"):
        backup.verify(folder, key)


def _no_space(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_only_the_newest_are_kept_and_never_none(tmp_path):
    names = [f"portal-2026090{day}T023000Z" for day in range(1, 6)]
    for name in (*names, "portal-20260906T023000Z.part", "something else"):
        (tmp_path / name).mkdir()
    assert backup.remove_old(tmp_path, 3) == 2
    assert [path.name for path in backup.kept(tmp_path)] == names[2:]
    assert backup.remove_old(tmp_path, 0) == 2
    assert [path.name for path in backup.kept(tmp_path)] == names[4:]
    assert (tmp_path / "something else").exists()


@pytest.mark.django_db
def test_without_a_key_the_job_does_nothing_and_the_command_says_what_to_set(settings):
    settings.BACKUP_KEY = ""
    assert back_up() == {"files": 0, "megabytes": 0, "removed": 0}
    for key in ("", "AGE-SECRET-KEY-1NOT"):
        settings.BACKUP_KEY = key
        with pytest.raises(backup.BackupFailed, match="PORTAL_BACKUP_KEY"):
            backup.identity()
    settings.BACKUP_KEY = str(pyrage.x25519.Identity.generate())
    if connection.vendor == "sqlite":
        for command in (("backup",), ("restore", "somewhere")):
            with pytest.raises(CommandError, match="只备份和恢复 PostgreSQL"):
                call_command(*command)
