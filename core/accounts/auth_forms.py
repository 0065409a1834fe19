"""allauth's forms in our words: a label over each field, no placeholder in it."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponse

from core.accounts.sessions import day_of
from core.reference.settings import value


def relabel(form: forms.Form, labels: dict[str, str], hints: dict[str, str] | None = None) -> None:
    """Set labels and hints, and take placeholders away."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.label = labels.get(name, field.label)
        field.help_text = (hints or {}).get(name, "")


def password_hint() -> str:
    """What a password must satisfy, in one sentence."""
    return "".join(str(text) for text in password_validators_help_texts())


class LoginForm(account.LoginForm):
    """Sign in by user name or e-mail; the session ends after the idle time that holds that day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, {"login": "登录名或邮箱", "password": "密码"})
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in, then set the idle time-out in place of allauth's."""
        response: HttpResponse = super().login(request, redirect_url)
        request.session.set_expiry(value("session_idle_minutes", day_of(request)) * 60)
        return response


class ChangePasswordForm(account.ChangePasswordForm):
    """Change one's password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": "当前密码", "password1": "新密码", "password2": "再输一次新密码"}
        relabel(self, labels, {"password1": password_hint()})


class ResetPasswordForm(account.ResetPasswordForm):
    """Ask for a link by e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, {"email": "登记的邮箱"})


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):
    """Set a new password by that link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, {"password1": "新密码", "password2": "再输一次新密码"}, {"password1": password_hint()})


class ReauthenticateForm(account.ReauthenticateForm):
    """Show that it is still you."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, {"password": "当前密码"})


class AuthenticateForm(mfa.AuthenticateForm):
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, {"code": "验证码或恢复码"}, {"code": "验证器上当前的6位数字；手机不在身边时，输入一个恢复码。"})


class MfaReauthenticateForm(mfa.ReauthenticateForm):
    """Show by a code that it is still you."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, {"code": "验证码或恢复码"})


class ActivateTOTPForm(totp.ActivateTOTPForm):
    """Set up the authenticator."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, {"code": "验证码"}, {"code": "扫码后验证器上显示的6位数字。"})
