"""Prepare the demo: database, reference data, calendar, offices, people, applications. Safe to run again."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.accounts.models import Organisation
from core.audit.checkpoint import checkpoint
from core.clock import clock
from core.documents.models import DocumentState, OfficialDocument
from core.documents.tasks import issue
from desks.demo import people, stories
from registry.open_data import editions


class Command(BaseCommand):
    """`manage.py demo_prepare`: in demo mode only."""

    help = "准备演示：建库、载入区域职业日历、建立演示账号和申请。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and seed; a database that holds the demo already is only migrated."""
        if not settings.DEMO_MODE:
            raise CommandError("只有演示模式可以准备演示数据。")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        if not Organisation.objects.exists():
            call_command("load_reference", verbosity=0)
            call_command("load_calendar", verbosity=0)
            with transaction.atomic():
                made = self._seed()
            # After the commit: papers are rendered and signed by the same job the worker runs.
            for pk in OfficialDocument.objects.filter(state=DocumentState.PENDING).values_list("pk", flat=True):
                issue(pk)
            checkpoint(clock.now())
            editions.make(clock.today(), clock.now())
            self.stdout.write(f"已建立 {len(made)} 件演示申请：" + "、".join(f"{k}({v})" for k, v in made.items()))
        self.stdout.write(f"演示账号（口令都是 {people.PASSWORD}，也可在页面顶部一键登录）：")
        for account in people.ACCOUNTS:
            self.stdout.write(f"  {account.username:<14} {account.label}")

    def _seed(self) -> dict[str, str]:
        today = clock.today()
        organisations = people.make()
        stories.open_year(today, organisations)
        return stories.tell(today, organisations)
