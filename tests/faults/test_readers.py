"""Readers who hold what they read and ask whether it still holds, while a filing is approved, ended and withdrawn: real
threads on PostgreSQL. From the commit on nobody is given, or told to keep, what was before it."""

import datetime
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import time_machine
from django.db import connections, transaction
from django.test import Client

from core.publications import register
from core.publications.models import Publication
from core.reference.models import Setting
from filings import workflow
from filings.models import Filing
from regulation.codes import build_filing_code
from tests.faults.test_races import GRANTED
from tests.filings.factories import another_agency, quick_assessing
from tests.world import DAY, SINCE, World, decide

pytestmark = [pytest.mark.postgres_only, pytest.mark.faults, pytest.mark.timeout(0)]

WORD = re.compile(r'standing-word">(?:<svg.*?</svg>)?([^<]+)<', re.DOTALL)


@dataclass
class Watched:
    """What has been committed: its number, and after which number each reader has read."""

    committed: int = 0
    read: dict[str, list[int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    over: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    def commit(self, act: Callable[[], object]) -> None:
        """Let the act be done and committed; wait until everybody has read twice since."""
        act()
        with self.changed:
            self.committed += 1
            for begun in self.read.values():
                begun.clear()
            assert self.changed.wait_for(lambda: self.faults or all(map(self._twice, self.read.values())), 60)
        assert not self.faults, self.faults

    def _twice(self, begun: list[int]) -> bool:
        return begun.count(self.committed) >= 2

    def reader(self, address: str, seen_in: Callable[[int, str], str], stages: list[str]) -> None:
        """Read until all is over; keep the answer and its ETag as a browser does."""
        client, held, tag = Client(), "", None
        while not self.over:
            begun = self.committed
            answer = client.get(address, headers={"If-None-Match": tag} if tag else {})
            if answer.status_code != 304:
                held, tag = seen_in(answer.status_code, answer.content.decode()), answer.get("ETag")
            with self.changed:
                possible = stages[begun : self.committed + 2]
                if held not in possible:
                    self.faults.append(f"{address}: {held} where {possible} ({answer.status_code})")
                self.read[address].append(begun)
                self.changed.notify_all()
        connections.close_all()


def of_page(status: int, text: str) -> str:
    found = WORD.search(text)
    return found[1].strip() if found and status == 200 else str(status)


def of_api(status: int, text: str) -> str:
    found = re.search(r'"status": ?"(\w+)"', text)
    return found[1] if found and status == 200 else str(status)


def of_list(name: str) -> Callable[[int, str], str]:
    def seen(status: int, text: str) -> str:
        ended = f"关于注销{name}备案的公告" in text
        return "ended" if ended else "filed" if f"关于{name}备案的公示" in text else "nothing"

    return seen


def told(crowd: World, number: int) -> None:
    """Let an agency be filed, deregistered and withdrawn under its readers' eyes."""
    who = another_agency(crowd, number)
    application, code = quick_assessing(crowd, who), build_filing_code(number + 1)
    listed = (of_list(crowd.organisation(who).name), ["nothing", "filed", "ended", "nothing"])
    places = {
        f"/agencies/{code}/": (of_page, ["404", "有效", "已注销", "404"]),
        f"/api/v1/public/agencies/{code}/": (of_api, ["404", "valid", "deregistered", "404"]),
        "/announcements/": listed,
        "/announcements/feed/": listed,
        "/api/v1/public/announcements/": listed,
    }

    def approve() -> None:
        decide(crowd, application, "approve", "centre", DAY, **GRANTED)

    def end() -> None:
        filing = Filing.objects.get(code=code)
        row = workflow.ask_deregistration(filing, actor=crowd.actor(who), on=DAY, reason="学校转型，不再评价。")
        decide(crowd, filing, "deregister", "centre", DAY, deregistration=row.pk)

    @transaction.atomic
    def withdraw() -> None:
        for key in Publication.objects.filter(content__code=code).values_list("key", flat=True):
            register.withdraw(key, on=DAY, reason="更正")

    watched = Watched(read={address: [] for address in places})
    readers = [threading.Thread(target=watched.reader, args=(at, *how), daemon=True) for at, how in places.items()]
    for reader in readers:
        reader.start()
    try:
        for act in (approve, end, withdraw):
            watched.commit(act)
    finally:
        watched.over = True
        for reader in readers:
            reader.join(30)


@time_machine.travel(datetime.datetime.combine(DAY, datetime.time(4), datetime.UTC), tick=True)
def test_nobody_reads_the_old_state_after_the_commit(crowd, fault_rounds):
    Setting.objects.create(key="api_per_minute", value=1_000_000, effective_from=SINCE, note="测试")
    for number in range(max(1, fault_rounds // 5)):
        told(crowd, number)
