"""What every template may use."""

from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core.accounts import single_sign_on
from core.accounts.sessions import current_actor, day_of, page_before, positions_of
from core.notifications.inbox import unread_count
from core.web import navigation

# Cookies set by static/js/prefs.js; anything else in them is ignored.
THEMES = ("light", "dark")
SIZES = ("normal", "large")


def _choice(value: str | None, choices: tuple[str, ...]) -> str:
    return value if value in choices else choices[0]


def portal(request: HttpRequest) -> dict[str, Any]:
    """`owner` (names; not `site`, which allauth's pages have of their own), `menu` (public), `prefs` (theme, size),
    `today` (the request's day), `demo_mode`, `page_before` (a function: the way back from an error page),
    `single_sign_on` (a function: the provider's name and addresses, where there is one)."""
    return {
        "owner": {
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
        "page_before": partial(page_before, request),
        "single_sign_on": single_sign_on.offered,
    }


def desk(request: HttpRequest) -> dict[str, Any]:
    """`positions` and `unread_count` for base_desk.html, `acting_position` and `idle_seconds` for the scripts of every
    page: asked for only where a template prints them, and once."""

    @cache
    def positions() -> list[dict[str, Any]]:
        actor = current_actor(request)
        if actor is None or actor.user is None or actor.position is None:
            return []
        return [
            {
                "id": position.pk,
                "label": f"{position.organisation} · {position.get_role_display()}",
                "current": position.pk == actor.position.pk,
            }
            for position in positions_of(actor.user, day_of(request))
        ]

    @cache
    def unread() -> int:
        return unread_count(current_actor(request))

    def acting_position() -> int | str:
        actor = current_actor(request)
        return actor.position.pk if actor and actor.position else ""

    def idle_seconds() -> int:
        return int(request.session.get_expiry_age())

    return {
        "positions": positions,
        "unread_count": unread,
        "acting_position": acting_position,
        "idle_seconds": idle_seconds,
    }
