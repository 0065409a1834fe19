"""`python manage.py load_calendar`: the announced years 2004-2026."""

from typing import Any

from django.core.management.base import BaseCommand

from core.calendars import seed
from core.clock.clock import today


class Command(BaseCommand):
    """Safe to run at every start."""

    help = "载入 2004 年至 2026 年的节假日安排；已有的年份不动，可重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing and say what was added."""
        loaded = seed.load(today())
        if loaded:
            years = f"{min(loaded)}—{max(loaded)}" if len(loaded) > 1 else str(min(loaded))
            days = sum(loaded.values())
            self.stdout.write(f"工作日历：载入 {len(loaded)} 个年份（{years}），{days} 个节假日和补班日。")
        else:
            self.stdout.write("工作日历：各年份已经载入，没有变化。")
