"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core.accounts.sessions import day_of
from core.web import navigation

# Cookies set by static/js/prefs.js; anything else in them is ignored.
THEMES = ("light", "dark")
SIZES = ("normal", "large")


def _choice(value: str | None, choices: tuple[str, ...]) -> str:
    return value if value in choices else choices[0]


def portal(request: HttpRequest) -> dict[str, Any]:
    """`site` (names), `menu` (public), `prefs` (theme, size), `today` (the request's day), `demo_mode`."""
    return {
        "site": {
            "name": navigation.SITE_NAME,
            "host": navigation.HOST,
            "operator": navigation.OPERATOR,
        },
        "menu": navigation.public_menu(request.path),
        "prefs": {
            "theme": _choice(request.COOKIES.get("theme"), THEMES),
            "size": _choice(request.COOKIES.get("size"), SIZES),
        },
        "today": day_of(request),
        "demo_mode": getattr(settings, "DEMO_MODE", False),
    }
