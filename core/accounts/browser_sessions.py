"""Where a user is signed in: the browsers' sessions, listed and ended, by the user or with what lets one in."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from core.accounts import secrets
from core.accounts.actors import Actor
from core.accounts.models import BrowserSession, User
from core.accounts.session_store import DEVICE_KEY, PROVED_KEY, SINCE_KEY, UNTIL_KEY
from core.accounts.sessions import day_of
from core.audit import trail
from core.clock.clock import now, real_now
from core.reference.settings import value
from core.refusals import NotPossible, Reason

# What a browser says of itself, in words: the first that fits. Many name others beside themselves.
_BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Edg", "Edge"), ("QQBrowser", "QQ浏览器"),
    ("360SE|QihooBrowser", "360浏览器"), ("OPR", "Opera"),
    ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS|OpenHarmony", "鸿蒙"), ("Android", "安卓手机"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows 电脑"), ("Mac OS", "Mac 电脑"), ("UOS|Kylin", "国产系统电脑"), ("Linux", "Linux 电脑"),
)  # fmt: skip
_SHORT = 16


@dataclass(frozen=True)
class Shown:
    """A session as its user sees it; reference: names it without being of any use to sign in."""

    reference: str
    device: str
    since: datetime.datetime | None
    seen_at: datetime.datetime
    current: bool


def device_of(agent: str) -> str:
    """Return a browser's own description in words: "Chrome，Windows 电脑"."""
    found = [next((word for sign, word in table if re.search(sign, agent)), "") for table in (_BROWSERS, _SYSTEMS)]
    return "，".join(filter(None, found)) or "其他设备"


def _reference(row: BrowserSession) -> str:
    return secrets.hashed(row.session_key)[:_SHORT]


def _of(user: User) -> list[BrowserSession]:
    return list(BrowserSession.objects.filter(user=user, expire_date__gt=real_now()).order_by("-seen_at"))


def listed(user: User, current_key: str | None) -> list[Shown]:
    """Return where the user is signed in, the present browser first, then the last seen; in the portal's time."""
    moved = now() - real_now()
    rows = [
        Shown(
            reference=_reference(row),
            device=row.device or "其他设备",
            since=row.since and row.since + moved,
            seen_at=row.seen_at + moved,
            current=row.session_key == current_key,
        )
        for row in _of(user)
    ]
    return sorted(rows, key=lambda row: not row.current)


@transaction.atomic
def end(reference: str, *, actor: Actor, on: datetime.date) -> None:
    """Sign one of the actor's browsers out. Raises NotPossible where it is signed out already."""
    found = next((row for row in _of(actor.person) if _reference(row) == reference), None)
    if found is None:
        raise NotPossible(Reason("gone", "这个设备已经退出登录。"))
    found.delete()
    _record(actor.person, 1, "one", actor=actor, on=on)


@transaction.atomic
def end_all(user: User, why: str, *, actor: Actor, on: datetime.date, but: str | None = None) -> int:
    """Sign the user out everywhere but in the session of that key; return in how many browsers. why: for the trail."""
    ended, _ = BrowserSession.objects.filter(user=user).exclude(session_key=but or "").delete()
    if ended:
        _record(user, ended, why, actor=actor, on=on)
    return ended


def _record(user: User, ended: int, why: str, *, actor: Actor, on: datetime.date) -> None:
    trail.record("session.ended", actor=actor, on=on, payload={"user": user.pk, "ended": ended, "why": why})


@receiver(user_logged_in)
def _begun(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """However somebody signs in, it is a proof of who it is."""
    at = real_now().timestamp()
    request.session.update(
        {
            SINCE_KEY: at,
            PROVED_KEY: at,
            UNTIL_KEY: at + 3600 * value("session_max_hours", day_of(request)),
            DEVICE_KEY: device_of(request.META.get("HTTP_USER_AGENT", "")),
        }
    )


def changed(verb: str, request: HttpRequest, user: User) -> None:
    """Record that what lets the user in was changed; whoever came in by the former, in another browser, is out."""
    on = day_of(request)
    actor = Actor(user=user, position=None, on=on, name=str(user))
    trail.record(verb, actor=actor, on=on, matter=user)
    end_all(user, verb, actor=actor, on=on, but=request.session.session_key)


@receiver([account.password_changed, account.password_set, account.password_reset])
def _password_changed(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    changed("password.changed", request, user)


@receiver([mfa.authenticator_added, mfa.authenticator_removed])
def _second_factor_changed(
    sender: type, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    # Recovery codes come and go with it, and are made anew without letting anybody else in.
    if authenticator.type == Authenticator.Type.TOTP:
        changed("second_factor.changed", request, user)
