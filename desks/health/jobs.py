"""The periodic jobs in words: what each does, when it last ran and what came of it, what to do where it failed."""

import datetime
from dataclasses import dataclass
from typing import Any

from celery.schedules import crontab

from core import jobs
from core.jobs import Ran
from core.ops.figures import LATE

MINUTE, HOUR, DAY = 60, 3600, 86400
EVERY = {MINUTE: "每分钟", HOUR: "每小时", DAY: "每天"}


@dataclass(frozen=True)
class Job:
    """A job in words. counts: what of its result is told, as (key, words with the number); faults: those of the keys
    that should be nought."""

    name: str
    does: str
    counts: tuple[tuple[str, str], ...]
    todo: str
    faults: tuple[str, ...] = ()


# By the entry's name in CELERY_BEAT_SCHEDULE; tests hold the two together.
JOBS: dict[str, Job] = {
    "sweep-deadlines": Job(
        "期限处理和提醒",
        "把到期的事项自动办理（如视为受理），发出到期提醒。",
        (("lapses", "自动办理 {} 件"), ("failed", "没有办成 {} 件"), ("reminders", "提醒 {} 条")),
        "没有办成的每分钟自动再试，法定日期不受影响；一直不成的，把作业日志交给运维人员。",
        ("failed",),
    ),
    "issue-documents": Job(
        "文书签发",
        "给已经编号的文书排版、加盖电子签章、存档。",
        (("issued", "签发 {} 份"), ("postponed", "推迟 {} 份")),
        "看“未签发的文书”里的原因；检查签名证书和文件存储。",
        ("postponed",),
    ),
    "complete-announcements": Job(
        "公告送达期满",
        "公告送达满期的，从期满日起发生送达的效力。",
        (("served", "送达 {} 件"),),
        "每分钟自动再试；一直不成的，把作业日志交给运维人员。",
    ),
    "deliver-messages": Job(
        "邮件和短信",
        "把收件箱里的新消息用邮件、短信提醒一次。",
        (("sent", "发出 {} 条"), ("postponed", "推迟 {} 条"), ("failed", "停发 {} 条")),
        "看“未送达的消息”里的原因；检查邮件服务器和收件地址。收件箱不受影响。",
        ("postponed", "failed"),
    ),
    "mail-announcements": Job(
        "公告邮件",
        "把新公告寄给订阅的人，发出订阅的确认邮件，删去没有确认的邮箱。",
        (
            ("announced", "新公告 {} 条"),
            ("sent", "寄出 {} 封"),
            ("postponed", "推迟 {} 封"),
            ("failed", "停发 {} 封"),
            ("forgotten", "删去 {} 个未确认的邮箱"),
        ),
        "看“未寄出的公告邮件”里的原因；检查邮件服务器，推迟的自动再寄。对方邮箱不存在的会停发，公告页面不受影响。",
        ("postponed", "failed"),
    ),
    "checkpoint-audit": Job(
        "审计记录封存",
        "给新的审计记录编号，连到审计链上。",
        (("last_number", "封存到 {} 号"),),
        "记录没有丢，下一次一并封存；一直不成的，把作业日志交给运维人员。",
    ),
    "remove-orphan-files": Job(
        "清理多余文件",
        "删去没有提交成功、任何记录都没有用到的上传文件。",
        (("removed", "删去 {} 个"),),
        "只占存储空间，不影响办理；检查文件存储。",
    ),
    "publish-open-data": Job(
        "开放数据",
        "每天零时后生成当天的一版；有信息撤下的立即重新生成。",
        (("made", "生成 {} 版"), ("removed", "删去旧版 {} 个")),
        "每分钟自动再试；含有已撤下信息的一版不会提供下载。一直不成的，检查文件存储。",
    ),
    "clear-sessions": Job(
        "过期登录",
        "删去已经过期的登录记录，不影响还在登录的人。",
        (("removed", "删去 {} 条"),),
        "只占存储空间，不影响登录；检查数据库。",
    ),
    "back-up": Job(
        "备份",
        "备份数据库和文件，加密，读回核对；只留最近的几份。",
        (("files", "备份文件 {} 个"), ("megabytes", "共 {} MB"), ("removed", "删去旧备份 {} 份")),
        "检查备份文件夹的空间和权限；修好后运行 manage.py backup 补一份。",
    ),
}
NOT_RUNNING = "确认定时进程和作业进程在运行，错过的会补上。"


@dataclass(frozen=True)
class Row:
    """A job as it stands: its state as a badge, its last run in words, what to do (empty where nothing is)."""

    job: Job
    every: str
    ran: Ran | None
    word: str
    tone: str
    said: str
    todo: str


def seconds(entry: dict[str, Any]) -> int:
    """Return how often an entry of the schedule runs; what runs at an hour runs daily."""
    return DAY if isinstance(entry["schedule"], crontab) else int(entry["schedule"])


def rows(moment: datetime.datetime) -> list[Row]:
    """Return every job as it stands at a moment (aware)."""
    runs = jobs.last_runs()
    return [
        _row(JOBS[name], seconds(entry), runs.get(entry["task"]), moment) for name, entry in jobs.periodic().items()
    ]


def _row(job: Job, seconds: int, ran: Ran | None, moment: datetime.datetime) -> Row:
    every = EVERY[seconds]
    if ran is None:
        return Row(job, every, None, "没有记录", "mute", "系统启动或缓存清空后还没有运行过", "")
    said = "，".join(words.format(ran.counts[key]) for key, words in job.counts if ran.counts.get(key)) or "没有要办的"
    if ran.error:
        return Row(job, every, ran, "失败", "bad", ran.error, job.todo)
    if moment - ran.at > datetime.timedelta(seconds=seconds) + LATE:
        return Row(job, every, ran, "没有按时运行", "bad", said, NOT_RUNNING)
    if any(ran.counts.get(key) for key in job.faults):
        return Row(job, every, ran, "留意", "warn", said, job.todo)
    return Row(job, every, ran, "正常", "good", said, "")
