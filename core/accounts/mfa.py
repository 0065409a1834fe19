"""The second factor: its secrets encrypted at rest, and required of those who decide."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.accounts.actors import Actor
from core.accounts.models import Role
from core.crypto import cipher

# Where someone without the second factor may still go: to set it up, to show who they are, to leave, to switch.
OPEN_VIEWS = frozenset(
    {
        "mfa_activate_totp",
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_reauthenticate",
        "account_reauthenticate",
        "account_logout",
        "accounts:choose-position",
        "accounts:switch-position",
        "accounts:demo-sign-in",
        "web:session",
    }
)


class MfaAdapter(DefaultMFAAdapter):
    """TOTP secrets and recovery seeds are encrypted under the field keys."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "验证码不对，请输入验证器上当前的6位数字，或一个未用过的恢复码。",
        "rate_limited": "验证码错误次数过多，请稍等几分钟再试。",
    }

    def encrypt(self, text: str) -> str:
        """Return the text as it is stored."""
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text in clear."""
        return cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """How the authenticator names the portal."""
        return "安阳社评机构门户"


def required_of(actor: Actor) -> bool:
    """Whether the actor must have a second factor: roles of settings.MFA_REQUIRED_ROLES, and who deputises for one."""
    roles = settings.MFA_REQUIRED_ROLES
    return actor.role in roles or (Role.CHIEF in roles and bool(actor.chief_of))


def is_set_up(actor: Actor) -> bool:
    """Whether the actor has the second factor, where it must have one."""
    return actor.user is None or not required_of(actor) or is_mfa_enabled(actor.user)


class SecondFactorMiddleware:
    """Leads who must have a second factor, and has none, to its set-up before anything else. Stands after the actor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Ask once the address is resolved."""
        actor: Actor | None = getattr(request, "actor", None)
        if request.resolver_match and request.resolver_match.view_name in OPEN_VIEWS:
            return None
        if actor is None or is_set_up(actor):
            return None
        return redirect("mfa_activate_totp")
