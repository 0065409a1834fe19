"""`python manage.py sweep [--on DATE]`: carry out what has lapsed; in demo mode also on a day still to come."""

import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from core.calendars.calculator import parse_day
from core.calendars.commands import SentenceCommand
from core.clock import clock
from core.deadlines import lapses, reminders
from core.refusals import Invalid


class Command(SentenceCommand):
    """What beat does every minute, by hand. Safe twice."""

    help = "办理已届满的期限并发出到期提醒。演示模式下 --on 可以是将来的日期，门户日期随之前进。"
    usage_sentence = "写法：sweep [--on 日期]，如 sweep --on 2026-10-09。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the day as text: what is wrong with it gets a sentence of ours."""
        parser.add_argument("--on", default="", metavar="日期", help="如 2026-10-09；不写就是今天")

    def handle(self, *args: Any, **options: Any) -> None:
        """Advance the demo's day where asked to, sweep, send reminders, print the counts."""
        on = self._day(str(options["on"]))
        swept = lapses.sweep(on)
        reminded = reminders.send_due(on)
        self.stdout.write(
            f"{on}：查看 {swept.matters} 件，期限届满 {swept.lapses} 项，提醒 {reminded} 条，失败 {swept.failed} 件。"
        )
        if swept.failed:
            raise CommandError(f"有 {swept.failed} 件没有办成，原因见日志，下次还会再办。")

    def _day(self, text: str) -> datetime.date:
        today = clock.today()
        if not text:
            return today
        try:
            on = parse_day(text)
        except Invalid as refused:
            self.refuse(str(refused))
        if on < today:
            self.refuse(f"门户日期已经是 {today}，不能按更早的 {on} 办理。")
        if on > today and not settings.CLOCK_MOVABLE:
            self.refuse(f"{on} 还没有到。只有演示模式可以按将来的日期办理，正式环境只能办理到今天（{today}）。")
        if on > today:
            clock.advance_to(on)
        return on
