"""From a request to an actor: whose session it is, and in which position it acts today."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import DisallowedHost, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from core.accounts.actors import Actor, actor_for, in_force
from core.accounts.models import Position, User
from core.clock.clock import today
from core.refusals import NotPossible, Reason

POSITION_KEY = "position_id"
ACTING_FIELD = "acting_as"
_CACHE = "_actor"


def day_of(request: HttpRequest) -> datetime.date:
    """Return the request's day, fixed at first asking: a page that runs over midnight keeps one date."""
    day = getattr(request, "portal_today", None)
    if day is None:
        day = request.portal_today = today()  # type: ignore[attr-defined]
    return day


def positions_of(user: User, on: datetime.date) -> QuerySet[Position]:
    """The positions in which the user may act on that day, in a steady order."""
    return (
        Position.objects.filter(in_force(on), user=user, organisation__active=True)
        .select_related("organisation__area", "organisation__parent")
        .order_by("id")
    )


def current_actor(request: HttpRequest) -> Actor | None:
    """Return who acts in this request, None where nobody is signed in or no position was chosen yet.

    A position in the session must still hold on the request's day; a user with a single one need not choose.
    """
    if not hasattr(request, _CACHE):
        setattr(request, _CACHE, _find(request))
    actor: Actor | None = getattr(request, _CACHE)
    return actor


def acting(request: HttpRequest) -> Actor:
    """Return who acts, inside a view that `signed_in` guards. Raises PermissionDenied where nobody does."""
    actor = current_actor(request)
    if actor is None:
        raise PermissionDenied("请先登录并选择岗位。")
    return actor


def _find(request: HttpRequest) -> Actor | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    on = day_of(request)
    held = list(positions_of(user, on))
    chosen = request.session.get(POSITION_KEY)
    position = next((one for one in held if one.pk == chosen), held[0] if len(held) == 1 else None)
    if position is None:
        return None
    position.user = user
    return actor_for(position, on)


def set_actor(request: HttpRequest, actor: Actor | None) -> None:
    """Fix the request's actor: an API token's position, or after signing in, out, or switching."""
    setattr(request, _CACHE, actor)
    request.actor = actor  # type: ignore[attr-defined]


def forget_actor(request: HttpRequest) -> None:
    """Look the actor up anew: the session's user or position has changed."""
    if hasattr(request, _CACHE):
        delattr(request, _CACHE)
    request.actor = current_actor(request)  # type: ignore[attr-defined]


def choose_position(request: HttpRequest, position_id: int) -> Actor:
    """Act in this position from now on. Raises PermissionDenied unless it is the user's own and holds today."""
    user, on = request.user, day_of(request)
    position = positions_of(user, on).filter(pk=position_id).first()  # type: ignore[arg-type]
    if position is None:
        raise PermissionDenied("这个岗位不是您的，或者今天不在任期内。")
    request.session[POSITION_KEY] = position_id
    actor = actor_for(position, on)
    set_actor(request, actor)
    return actor


def _lead(request: HttpRequest, address: str) -> HttpResponse:
    """Redirect; a part of a page that htmx asked for must not swallow the sign-in page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def fits(actor: Actor, kinds: tuple[str, ...], roles: tuple[str, ...]) -> bool:
    """Whether the actor's position is of these kinds and roles; none named: any."""
    return (not kinds or actor.kind in kinds) and (not roles or actor.role in roles)


def gate(request: HttpRequest, kinds: tuple[str, ...] = (), roles: tuple[str, ...] = ()) -> HttpResponse | None:
    """Return None where an actor of one of these kinds (and roles) is signed in, else where to go first.

    Raises PermissionDenied, with a sentence, for a signed-in actor of another kind or role; NotPossible where the page
    was opened in another position than the one that would act.
    """
    here = _way_back(request)
    if not request.user.is_authenticated:
        return _lead(request, redirect_to_login(here).url)
    actor = current_actor(request)
    if actor is None:
        return _lead(request, f"{reverse('accounts:choose-position')}?{urlencode({'next': here})}")
    require_same_position(request, actor)
    if not fits(actor, kinds, roles):
        raise PermissionDenied("您当前的岗位不能打开这一页。如有其他岗位，请先切换岗位。")
    return None


def page_before(request: HttpRequest) -> str:
    """Return the page that led here by a link or a form, if it is one of ours, else an empty string."""
    referer = request.headers.get("Referer", "")
    try:
        host = request.get_host()
    except DisallowedHost:  # the page that says so asks too
        return ""
    ours = url_has_allowed_host_and_scheme(referer, {host}, require_https=request.is_secure())
    return referer if ours else ""


def _way_back(request: HttpRequest) -> str:
    """Where to go on after signing in: this page, or the page whose form was sent."""
    if request.method == "GET":
        return request.get_full_path()
    # A script's page is still open, and is itself where one goes on.
    page = "" if request.headers.get("HX-Request") else page_before(request)
    return urlunsplit(("", "", *urlsplit(page)[2:4], "")) or settings.LOGIN_REDIRECT_URL


def require_same_position(request: HttpRequest, actor: Actor) -> None:
    """What was written in one position is not done in another that was chosen meanwhile in a second window.

    The scripts send the position of the page's form; without them a switch makes the forms of older pages void.
    """
    shown = request.POST.get(ACTING_FIELD, "") if request.method == "POST" else ""
    if shown and actor.position is not None and shown != str(actor.position.pk):
        raise NotPossible(
            Reason(
                "position_changed",
                f"这一页打开以后，您在别的窗口换了岗位或账号，现在是“{actor.name}”。这次操作没有办理。"
                "请换回原来的岗位后再提交，或刷新页面后以现在的岗位办理。",
            )
        )


View = Callable[..., HttpResponseBase]


def signed_in(*kinds: str, roles: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Open a view to signed-in actors, of these organisation kinds where any are named: `@signed_in("county")`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return gate(request, kinds, roles) or view(request, *args, **kwargs)

        guarded.opens_to = (kinds, roles)  # type: ignore[attr-defined]  # read by the strangers' walk (tests/security)
        return guarded

    return decorate


class SignedIn:
    """The same for class-based views: `kinds` and `roles` narrow whom the view lets in."""

    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let the request through, or lead it to the sign-in page or the choice of position."""
        return gate(request, self.kinds, self.roles) or super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class ActorMiddleware:
    """Puts `request.actor` and the request's day there. Stands after authentication; visitors cost no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the actor only where a session cookie came along."""
        request.today = day_of(request)  # type: ignore[attr-defined]
        signed = settings.SESSION_COOKIE_NAME in request.COOKIES
        request.actor = current_actor(request) if signed else None  # type: ignore[attr-defined]
        return self.get_response(request)
