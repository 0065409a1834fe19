"""Single sign-on by OIDC, where the settings name a provider: it stands for the password, and for nothing else.

A user links the identity from the own account, after proving itself; by its `sub` the user then signs in. It makes no
account and is matched by no name or address, which a provider may let people choose; the second factor is asked all
the same.
"""

from typing import Any

from allauth.socialaccount import signals
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse

from core.accounts.browser_sessions import changed
from core.accounts.models import User
from core.accounts.sessions import day_of
from core.audit import trail
from core.audit.models import Outcome


def offered() -> dict[str, str] | None:
    """Return name and addresses of the provider, None where there is none."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", ())
    for app in apps:
        login = reverse("openid_connect_login", args=[app["provider_id"]])
        return {"name": app["name"], "login": login, "link": f"{login}?process=connect"}
    return None


class SocialAdapter(DefaultSocialAccountAdapter):
    """No new accounts; Chinese sentences; refused attempts in the trail."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "invalid_token": "统一身份认证的答复无效，请重新登录。",
        "no_password": "请先设置密码，再解除绑定。",
        "connected_other": "这个统一身份认证账号已绑定别的用户。",
    }

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Accounts come from an agency's registration or an invitation only."""
        return False

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        """Back to where it was linked."""
        return reverse("socialaccount_connections")

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Record who comes with an identity that nobody here has linked."""
        if not sociallogin.is_existing and sociallogin.state.get("process") != AuthProcess.CONNECT:
            _refused(request, "unknown")

    def on_authentication_error(self, request: HttpRequest, provider: Any, *args: Any, **kwargs: Any) -> None:
        """Record an answer that does not hold: forged, late, or not asked for from this browser."""
        _refused(request, "invalid")


def _refused(request: HttpRequest, why: str) -> None:
    trail.record(
        "sign_in", actor=None, on=day_of(request), outcome=Outcome.REFUSED, label="统一身份认证", payload={"why": why}
    )


@receiver(signals.social_account_added)
def _linked(sender: type, request: HttpRequest, sociallogin: SocialLogin, **kwargs: Any) -> None:
    changed("single_sign_on.linked", request, sociallogin.user)


@receiver(signals.social_account_removed)
def _unlinked(sender: type, request: HttpRequest, socialaccount: SocialAccount, **kwargs: Any) -> None:
    user: User = socialaccount.user
    changed("single_sign_on.unlinked", request, user)
