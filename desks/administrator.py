"""The administrator's home: is everything running that should, and what of the reference data runs out."""

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.urls import reverse

from core.accounts.actors import Actor
from core.audit.models import Checkpoint
from core.calendars.models import CalendarYear, YearStatus
from core.clock.clock import local_date, now
from core.clock.words import in_words, moment_in_words
from core.documents import scanning
from core.ops import figures
from desks.health import jobs
from filings.models import SerialBlock
from registry.subscriptions import mailing
from registry.subscriptions.models import Letter

CHECKPOINT_LATE = datetime.timedelta(hours=2)
BACKUP_LATE = datetime.timedelta(hours=26)
SIGNATURES_OLD = datetime.timedelta(days=7)
HELD = "载入或确认该年的放假安排后才会届满。"
NO_BACKUP = "设置 PORTAL_BACKUP_KEY 和 PORTAL_BACKUP_FOLDER（见 docs/running.md）。"
NO_SCANNER = "上传的文件不经检查。设置 PORTAL_VIRUS_SCANNER（见 docs/running.md）。"
# Serials left at which the next block should be asked for.
FEW_SERIALS = 5
# From this month on next year's arrangement may be announced, and is waited for.
NEXT_YEAR_FROM = 11

# Where each thing is looked at in full: url name and query.
WHERE = {
    "定时作业": ("desks:health", "?part=jobs"),
    "备份": ("desks:health", "?part=jobs"),
    "文书签发": ("desks:health", "?part=papers"),
    "邮件和短信": ("desks:health", "?part=messages"),
    "公告邮件": ("desks:health", "?part=letters"),
    "审计链": ("desks:health", "?part=checkpoints"),
    "暂定期限": ("calendars:overview", ""),
    "工作日历": ("calendars:overview", ""),
    "编码号段": ("filings:serials", ""),
}


@dataclass(frozen=True)
class Check:
    """One line of the home: what is looked at, how it stands in words, whether somebody should act, and how."""

    label: str
    said: str
    tone: str = "good"
    todo: str = ""

    @property
    def url(self) -> str:
        """Where it is looked at in full; empty where there is no page of it."""
        name, query = WHERE.get(self.label, ("", ""))
        return reverse(name) + query if name else ""

    @property
    def word(self) -> str:
        """The badge's word."""
        return {"good": "正常", "warn": "留意", "bad": "要处理"}[self.tone]


def home_context(actor: Actor, on: datetime.date) -> dict[str, Any]:
    """Return the checks of jobs and of reference data; `troubles` counts what somebody should act on."""
    moment = now()
    counted = figures.clocks(on)
    running = [
        _jobs(moment), _papers(moment), _messages(moment), _letters(moment), _clocks(counted), _held_clocks(counted),
        _audit(moment), _backup(moment), _scanner(moment),
    ]  # fmt: skip
    data = [_calendar(on), _serials()]
    return {
        "groups": [("运行", running), ("基础数据", data)],
        "troubles": sum(check.tone != "good" for check in (*running, *data)),
    }


def _since(moment: datetime.datetime | None) -> str:
    return f"，最早的来自 {in_words(local_date(moment))}" if moment else ""


def _jobs(moment: datetime.datetime) -> Check:
    bad = [row.job.name for row in jobs.rows(moment) if row.tone == "bad"]
    said = f"{'、'.join(bad)}失败或没有按时运行" if bad else f"{len(jobs.JOBS)} 项都没有失败"
    return Check("定时作业", said, "bad" if bad else "good", jobs.NOT_RUNNING if bad else "")


def _papers(moment: datetime.datetime) -> Check:
    waiting = figures.papers()
    said = f"待签发 {waiting.count} 份{_since(waiting.oldest)}"
    if waiting.failed:
        return Check(
            "文书签发",
            f"{said}；{waiting.failed} 份曾经失败，会自动重试",
            "bad",
            "原因和办法见“未签发的文书”。",
        )
    late = waiting.oldest is not None and waiting.oldest < moment - figures.LATE
    return Check("文书签发", said, "warn" if late else "good", "确认作业进程在运行。" if late else "")


def _messages(moment: datetime.datetime) -> Check:
    found = figures.deliveries(moment)
    return _outgoing("邮件和短信", "条", found, "收件箱里的消息不受影响；原因和办法见“未送达的消息”。")


def _letters(moment: datetime.datetime) -> Check:
    # Of what was given up only what can go out again: anybody may subscribe an address that there is not.
    found = replace(figures.deliveries(moment, Letter), failed=mailing.given_up().count())
    return _outgoing("公告邮件", "封", found, "公告都在门户上；到“未寄出的公告邮件”里看原因，全部重新发送。")


def _outgoing(label: str, unit: str, found: figures.Waiting, where: str) -> Check:
    said = f"待发 {found.count} {unit}，发送失败 {found.failed} {unit}"
    if found.late:
        return Check(label, said, "bad", f"{found.late} {unit}已过发送时间：确认作业进程和邮件服务器。")
    return Check(label, said, "warn", where) if found.failed else Check(label, said)


def _clocks(counted: figures.Clocks) -> Check:
    red = counted.overdue - counted.unswept
    said = f"逾期未办 {red} 件，期满待处理 {counted.unswept} 件"
    if counted.unswept:
        return Check("法定期限", said, "bad", "期满的事项应在一分钟内自动处理：确认定时进程在运行。")
    return Check("法定期限", said, "warn" if red else "good", "逾期事项由各单位负责人督办。" if red else "")


def _held_clocks(counted: figures.Clocks) -> Check:
    if counted.held:
        return Check("暂定期限", f"{counted.held} 个期限落在未公布的年份", "warn", HELD)
    return Check("暂定期限", "没有期限落在未公布的年份")


def _backup(moment: datetime.datetime) -> Check:
    if not settings.BACKUP_KEY:
        # The demo holds nothing that would be missed.
        wanted = not settings.DEMO_MODE
        return Check("备份", "没有设置备份", "bad" if wanted else "good", NO_BACKUP if wanted else "")
    made = figures.last_backup()
    if made is None:
        return Check("备份", "还没有备份过", "warn", "每天凌晨自动备份；也可以运行 manage.py backup。")
    said = f"最近一次 {moment_in_words(made.at)}，已读回核对"
    if made.at < moment - BACKUP_LATE:
        return Check("备份", said, "bad", "看“定时作业”里的原因；确认备份文件夹有空间。")
    return Check("备份", said)


def _scanner(moment: datetime.datetime) -> Check:
    said = figures.scanner()
    if said is None:
        wanted = not settings.DEMO_MODE
        return Check("病毒检查", "没有接病毒检查", "warn" if wanted else "good", NO_SCANNER if wanted else "")
    if not said:
        return Check("病毒检查", "没有应答，上传的文件一律不收", "bad", "启动 clamd；恢复后不用做别的。")
    known = scanning.signatures_of(said)
    if known and moment - known > SIGNATURES_OLD:
        todo = "确认 freshclam 在运行，能连上更新的地址。"
        return Check("病毒检查", f"病毒库是 {in_words(local_date(known))}的，太旧了", "warn", todo)
    return Check("病毒检查", f"上传的文件先经 {said} 检查")


def _audit(moment: datetime.datetime) -> Check:
    last = Checkpoint.objects.order_by("-id").values("at", "last_number").first()
    waiting = figures.uncovered()
    covered = f"已封存 {last['last_number']:,} 条，最近一次 {moment_in_words(last['at'])}" if last else "还没有封存过"
    said = f"{covered}；尚未封存 {waiting.count:,} 条"
    late = waiting.oldest is not None and waiting.oldest < moment - CHECKPOINT_LATE
    return Check("审计链", said, "warn" if late else "good", "每小时封存一次：确认定时进程在运行。" if late else "")


def _calendar(on: datetime.date) -> Check:
    years = {year.year: year.status for year in CalendarYear.objects.all()}
    last = max((year for year, status in years.items() if status == YearStatus.ANNOUNCED), default=None)
    said = f"已载入到 {last} 年" if last else "还没有载入任何年份"
    if on.year not in years:
        return Check("工作日历", said, "bad", f"{on.year} 年没有载入，所有期限都是暂定的。")
    if on.month >= NEXT_YEAR_FROM and on.year + 1 not in years:
        return Check("工作日历", said, "warn", f"{on.year + 1} 年放假安排公布后请载入。")
    return Check("工作日历", said)


def _serials() -> Check:
    left = sum(block.left for block in SerialBlock.objects.all())
    said = f"备案编码还剩 {left} 个"
    if left <= FEW_SERIALS:
        return Check(
            "编码号段",
            said,
            "warn" if left else "bad",
            "请向省级机构申请新的号段并登记；用完之后不能提出同意备案。",
        )
    return Check("编码号段", said)
