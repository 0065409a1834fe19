"""`python manage.py rebuild_registry`: make what the public is answered from anew, from the publications."""

from typing import Any

from django.core.management.base import BaseCommand

from registry import entries


class Command(BaseCommand):
    """Each filing's entries are made anew in one transaction: readers see the old ones or the new ones, never none."""

    help = "按公示信息重新生成机构目录。可以在门户运行时执行，也可以重复执行。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild and print how many filings there are."""
        self.stdout.write(f"已重新生成 {entries.rebuild()} 个备案的目录。")
