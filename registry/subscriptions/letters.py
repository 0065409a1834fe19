"""What the letters say, and sending them."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from core.clock.clock import today
from core.clock.words import in_words
from core.direction import plain
from core.notifications import delivery
from core.publications.models import Publication
from core.reference.settings import value
from core.web.navigation import HOST, OPERATOR, SITE_NAME
from registry import announcements
from registry.subscriptions import links
from registry.subscriptions.models import Letter, Often

FOOT = f"{HOST} · {OPERATOR}\n本邮件由系统发出，请勿回复。"


def run(now: datetime.datetime, letter_id: int | None = None) -> dict[str, int]:
    """Send the letters that are due, one of them or all (core.notifications.delivery.send_due)."""
    rows = Letter.objects.select_related("subscription")
    return delivery.send_due(rows if letter_id is None else rows.filter(pk=letter_id), send, now)


def send(letter: Letter) -> bool:
    """Write a letter as of this moment and send it; False where nothing of it is public any more."""
    mail = _confirmation(letter) if letter.kind == Letter.Kind.CONFIRMATION else _news(letter)
    if mail is None:
        return False
    mail.to = [letter.subscription.address]
    mail.extra_headers |= {"Message-ID": reference(letter), "Auto-Submitted": "auto-generated"}
    mail.send()
    return True


def reference(letter: Letter) -> str:
    """What names this letter at every attempt."""
    return f"<announcements-{letter.pk}@{_host()}>"


def _host() -> str | None:
    return urlsplit(settings.PORTAL_ADDRESS).hostname


def _confirmation(letter: Letter) -> EmailMessage:
    days = value("subscription_days", today())
    known = letter.subscription.confirmed_at is not None
    unanswered = "原来的订阅不变" if known else f"不确认就不会寄公告，{days}日后邮箱即从本门户删除"
    return EmailMessage(
        subject="请确认订阅通知公告",
        body=f"有人用这个邮箱在{SITE_NAME}门户订阅通知公告：{said(letter.wish)}。\n\n"
        f"是您本人的，请在{days}日内打开下面的链接，点“确认订阅”：\n{links.confirm(letter)}\n\n"
        f"不是您本人的，不必理会：{unanswered}。\n\n{FOOT}",
    )


def said(wish: dict[str, object]) -> str:
    """Return in words what is wished: kinds and frequency."""
    labels = dict(announcements.kinds())
    kinds = "、".join(labels[key] for key in wish["kinds"] if key in labels) or "全部类别"  # type: ignore[attr-defined]
    return f"{kinds}，{Often(wish['often']).label}"


def _news(letter: Letter) -> EmailMessage | None:
    rows = list(announcements.announced(today()).filter(pk__in=letter.items.values("publication")))
    if not rows:
        return None
    headline = plain(announcements.title(rows[0]))
    digest = f"{in_words(letter.day)}的公告（{len(rows)}条）" if letter.day else headline
    cancel = links.cancel(letter.subscription_id)
    foot = f"您在{SITE_NAME}门户订阅了通知公告，所以收到这封邮件。退订请打开：\n{cancel}\n\n{FOOT}"
    return EmailMessage(
        subject=digest,
        body="\n\n".join([*(_lines(row) for row in rows), "—" * 10, foot]),
        headers={
            "List-Id": f"{SITE_NAME} <announcements.{_host()}>",
            "List-Unsubscribe": f"<{cancel}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _lines(row: Publication) -> str:
    address = settings.PORTAL_ADDRESS + reverse("registry:announcement", args=[row.pk])
    return f"{plain(announcements.title(row))}\n{plain(announcements.summary(row))}\n{address}"
