"""`python manage.py backup`: one backup now, encrypted and read back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.accounts.actors import system
from core.clock.clock import today
from core.ops import backup


class Command(BaseCommand):
    """Exit status 1 with a sentence where none was made."""

    help = "备份数据库和文件：加密，读回核对。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("folder", nargs="?", type=Path, help="放在哪里（默认 PORTAL_BACKUP_FOLDER）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and say where it is."""
        on = today()
        try:
            made = backup.make(options["folder"] or settings.BACKUP_FOLDER, actor=system("命令行", on), on=on)
        except backup.BackupFailed as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"已备份到 {made.folder}：{made.files} 个文件，{made.size:,} 字节，已读回核对。")
