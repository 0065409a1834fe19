"""What the demo banner shows; nothing outside demo mode."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from core.clock.clock import offset_days
from desks.demo.people import ACCOUNTS


def demo(request: HttpRequest) -> dict[str, Any]:
    """Return `demo` {offset_days, accounts: [{label, url}]}: one click signs in as each role."""
    if not settings.DEMO_MODE:
        return {}
    accounts = [
        {"label": account.label, "url": reverse("accounts:demo-sign-in", args=[account.username])}
        for account in ACCOUNTS
    ]
    return {"demo": {"offset_days": offset_days(), "accounts": accounts}}
