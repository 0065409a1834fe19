"""`python manage.py restore FOLDER`: a backup into an empty database and an empty store."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from core.accounts.actors import system
from core.clock.clock import today
from core.ops import restore
from core.ops.backup import BackupFailed, applied


class Command(BaseCommand):
    """Exit status 1 with sentences where nothing was restored, or what was restored is not whole."""

    help = "把备份恢复到空的数据库和空的文件存储，逐个核对文件和审计链。"
    # The database is empty: nothing can be checked against it.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which one."""
        parser.add_argument("folder", type=Path, help="备份所在的文件夹（portal-…）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, migrate to this version where the backup is older, prove it."""
        folder = options["folder"]
        try:
            manifest = restore.restore(folder)
        except BackupFailed as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"已恢复 {folder.name}（{manifest.made_at}）：{manifest.files} 个文件。")
        call_command("migrate", interactive=False, verbosity=0)
        if newer := len(set(applied()) - set(manifest.migrations)):
            self.stdout.write(f"备份来自较早的版本，又迁移了 {newer} 步。")
        count, wrong = restore.prove()
        restore.record(folder, actor=system("命令行", today()))
        if wrong:
            raise CommandError("\n".join(["恢复了，但是有不符之处：", *wrong]))
        self.stdout.write(f"逐个核对了 {count} 个文件和审计链，都没有问题。")
