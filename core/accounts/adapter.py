"""How django-allauth signs people in here: no open sign-up, lock-out by dated settings, every attempt in the trail."""

import datetime
from typing import Any

from allauth.account import app_settings, signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit
from django.contrib.auth.signals import user_logged_out
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.encoding import force_str

from core.accounts.actors import Actor
from core.accounts.models import User
from core.accounts.sessions import POSITION_KEY, day_of, forget_actor
from core.audit import trail
from core.audit.models import Outcome
from core.clock.clock import real_now
from core.crypto import mask
from core.reference.settings import value
from core.refusals import Reason, TooOften

# Failed sign-ins a minute from one address, whoever is tried: above what an office behind one address mistypes.
FAILURES_PER_ADDRESS = "30/m/ip"

# The only messages allauth shows here; the rest would repeat what the page says.
MESSAGES = {
    "account/messages/password_changed.txt": "密码已修改。",
    "account/messages/password_set.txt": "密码已设置。",
    "socialaccount/messages/account_connected.txt": "已绑定统一身份认证，以后可以用它登录。",
    "socialaccount/messages/account_connected_other.txt": "这个统一身份认证账号已绑定别的用户，没有绑定。",
    "socialaccount/messages/account_disconnected.txt": "已解除绑定，以后用密码登录。",
    "mfa/messages/totp_activated.txt": "两步验证已开启。请保存好恢复码，手机不在身边时用它登录。",
    "mfa/messages/totp_deactivated.txt": "两步验证已关闭。",
    "mfa/messages/recovery_codes_generated.txt": "已生成新的恢复码，旧的不能再用。",
}


class AccountAdapter(DefaultAccountAdapter):
    """Chinese sentences, dated limits, the audit trail."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "这个账号已停用，请联系本单位管理员。",
        "email_password_mismatch": "登录名或密码不对，请重新输入。",
        "username_password_mismatch": "登录名或密码不对，请重新输入。",
        "enter_current_password": "请输入当前密码。",
        "incorrect_password": "密码不对，请重新输入。",
        "incorrect_code": "验证码不对，请输入验证器上当前的6位数字，或一个未用过的恢复码。",
        "invalid_login": "登录名或密码不对，请重新输入。",
        "invalid_password_reset": "重设密码的链接已失效，请重新申请。",
        "rate_limited": "操作过于频繁，请稍等一分钟再试。",
        "same_as_current": "新密码不能与当前密码相同。",
        "unknown_email": "没有账号登记过这个邮箱。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from an agency's registration or an invitation only."""
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Show the messages of the table above, and none else."""
        if text := MESSAGES.get(message_template or ""):
            from django.contrib import messages

            messages.add_message(request, level, text)

    def _limits(self, on: datetime.date) -> tuple[dict[str, str], int]:
        minutes = value("lockout_minutes", on)
        return {"login_failed": f"{FAILURES_PER_ADDRESS},{value('lockout_attempts', on)}/{minutes}m/key"}, minutes

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; raise ValidationError where the name is locked for now. The right password cannot help."""
        on = day_of(request)
        config, minutes = self._limits(on)
        key = self._get_login_attempts_cache_key(request, **credentials)
        self._login_failed_rl_usage = ratelimit.consume(
            request, app="allauth.account", action="login_failed", key=key, config=config
        )
        if not self._login_failed_rl_usage:
            self._record_failure(request, credentials, locked=True)
            raise ValidationError(
                f"登录失败次数过多，已暂时锁定。请{minutes}分钟后再试；忘记密码的，可以通过邮箱重设。",
                code="too_many_login_attempts",
            )

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        config, _ = self._limits(day_of(request))
        key = self._get_login_attempts_cache_key(request, **credentials)
        ratelimit.clear(request, app="allauth.account", action="login_failed", key=key, config=config)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record a wrong password or an unknown name."""
        self._record_failure(request, credentials, locked=False)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a few minutes ago is not asked for the password again: set-up follows on the first sign-in."""
        request = context.request
        records = get_authentication_records(request, request.user)
        fresh = real_now().timestamp() - app_settings.REAUTHENTICATION_TIMEOUT
        if records and records[-1]["at"] > fresh:
            return False
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return required

    def _record_failure(self, request: HttpRequest, credentials: dict[str, Any], *, locked: bool) -> None:
        """The name typed may be a password typed in the wrong place: only a known account is named in clear."""
        name = str(credentials.get("username") or credentials.get("email") or "")
        user = User.objects.filter(username__iexact=name).first()
        trail.record(
            "sign_in",
            actor=None,
            on=day_of(request),
            outcome=Outcome.REFUSED,
            label=f"登录名 {user.username if user else mask(name, 2, 1)}",
            payload={"locked": locked, "user": user.pk if user else None},
        )


def may_register(request: HttpRequest) -> bool:
    """Count a registration; raise TooOften where one address sends too many."""
    if ratelimit.consume(request, app="allauth.account", action="signup") is None:
        raise TooOften(Reason("too_often", "注册过于频繁，请过几分钟再试。"), wait=60)
    return True


def _someone(user: User, on: datetime.date) -> Actor:
    return Actor(user=user, position=None, on=on, name=str(user))


def record_sign_in(request: HttpRequest, user: User, *, method: str) -> None:
    """Record a completed sign-in, forget a position chosen before, and set the idle time-out of that day."""
    on = day_of(request)
    request.session.pop(POSITION_KEY, None)
    request.session.set_expiry(value("session_idle_minutes", on) * 60)
    forget_actor(request)
    trail.record("sign_in", actor=_someone(user, on), on=on, payload={"method": method})


@receiver(signals.user_logged_in)
def _signed_in(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    methods = [force_str(one["method"]) for one in get_authentication_records(request, user)]
    record_sign_in(request, user, method="+".join(methods) or "password")


@receiver(user_logged_out)
def _signed_out(sender: type, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        on = day_of(request)
        trail.record("sign_out", actor=_someone(user, on), on=on)
