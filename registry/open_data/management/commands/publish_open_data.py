"""`manage.py publish_open_data`: make an edition of the open data now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.clock import clock
from registry.open_data import editions


class Command(BaseCommand):
    """Makes one whether or not the day's stands; clears away old ones."""

    help = "现在生成一版开放数据。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and list its files."""
        edition = editions.make(clock.today(), clock.now())
        if edition is None:
            raise CommandError("另一个进程正在生成，请稍后再试。")
        for file in edition.files.order_by("id"):
            self.stdout.write(f"{file.sha256}  {file.name}  {file.size}")
        removed = editions.clear_away(clock.now(), clock.real_now())
        self.stdout.write(f"已生成截至 {edition.as_of} 的一版，删去旧版 {removed} 个。")
