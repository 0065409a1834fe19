"""Who is about to decide, sign or publish shows once more who it is, where the last proof is some while ago.

What it is asked for stands in one table (settings.STEP_UP_ACTS). A page asks by a form (core/web/step_up.py). The API
refuses: a session is led to prove itself; a token does what its holder, having proved it, made it for
(ApiToken.decides), since a program has no second factor, and one made to read must not decide once it is stolen.
"""

import datetime
from functools import cache
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils.module_loading import import_string

from core.accounts.actors import Actor
from core.accounts.auth_forms import MfaReauthenticateForm, ReauthenticateForm
from core.accounts.models import ApiToken, User
from core.accounts.session_store import PROVED_KEY
from core.accounts.sessions import day_of
from core.audit import trail
from core.audit.models import Outcome
from core.clock.clock import real_now
from core.reference.settings import value
from core.refusals import NotAllowed, Reason

# Marks the fields of the answer among those of the form that is carried through.
PREFIX = "proof"


@cache
def _acts() -> dict[str, str | dict[str, str]]:
    found: dict[str, str | dict[str, str]] = import_string(settings.STEP_UP_ACTS)
    return found


def act_of(request: HttpRequest) -> str:
    """Return in words what this request would do that asks for a fresh proof, else an empty string."""
    match = request.resolver_match
    if match is None or request.method in ("GET", "HEAD", "OPTIONS"):
        return ""
    act = _acts().get(match.route, "")
    return act if isinstance(act, str) else act.get(str(match.kwargs.get("name", "")).replace("-", "_"), "")


def minutes(on: datetime.date) -> int:
    """Return how long a proof holds that day (setting step_up_minutes)."""
    return value("step_up_minutes", on)


def is_fresh(request: HttpRequest) -> bool:
    """Whether the session's user signed in, or proved itself again, within the time that holds today.

    In the demo one click is as good as another.
    """
    if settings.DEMO_MODE:
        return True
    # allauth's own question, before password and second factor are changed, is as good as ours.
    again = [one["at"] for one in get_authentication_records(request, request.user) if one.get("reauthenticated")]
    last = max([request.session.get(PROVED_KEY, 0), *again])
    return bool(last > real_now().timestamp() - 60 * minutes(day_of(request)))


def question(user: User, data: Any = None) -> forms.Form | None:
    """Return the form that asks for a code of the second factor, else for the password; None: there is neither."""
    if is_mfa_enabled(user):
        return MfaReauthenticateForm(data, user=user, prefix=PREFIX)
    return ReauthenticateForm(data, user=user, prefix=PREFIX) if user.has_usable_password() else None


def prove(request: HttpRequest, form: forms.Form) -> bool:
    """Take the answer; whether it is right. Kept in the session and in the trail; wrong ones count towards lock-out."""
    if not form.is_valid():
        return False
    if isinstance(form, MfaReauthenticateForm):
        form.save()
    request.session[PROVED_KEY] = real_now().timestamp()
    trail.record("proof", actor=_someone(request, form.user), on=day_of(request))  # type: ignore[attr-defined]
    return True


def require(request: HttpRequest, credential: Any, actor: Actor) -> None:
    """Let an API request through that needs no fresh proof or has one. credential: what it came with.

    Raises NotAllowed, after the attempt is in the trail.
    """
    act = act_of(request)
    if not act or (credential.decides if isinstance(credential, ApiToken) else is_fresh(request)):
        return
    if isinstance(credential, ApiToken):
        text = f"这个接口令牌不能用于{act}。请在“接口令牌”页另建一个允许办理决定事项的令牌。"
        reason = Reason("token_does_not_decide", text)
    else:
        text = f"{act}前须再次确认身份：请在 {reverse('account_reauthenticate')} 确认后重试。"
        reason = Reason("step_up_required", text)
    trail.record(
        "proof", actor=actor, on=actor.on, outcome=Outcome.REFUSED, payload={"act": act, "reason": reason.code}
    )
    raise NotAllowed(reason)


def _someone(request: HttpRequest, user: User) -> Actor:
    return Actor(user=user, position=None, on=day_of(request), name=str(user))


@receiver(mfa.authentication_failed)
def _wrong_code(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A wrong code of the second factor, at sign-in or later (a wrong password: adapter.authentication_failed)."""
    trail.record(
        "second_factor",
        actor=None,
        on=day_of(request),
        outcome=Outcome.REFUSED,
        label=f"登录名 {user.username}",
        payload={"user": user.pk},
    )
