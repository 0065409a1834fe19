"""How often one address may look up and verify: against copying out whole series of codes and the register itself."""

import hashlib
import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Final

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from core.accounts.sessions import day_of
from core.clock.clock import real_now
from core.reference import settings

WINDOW = 60
# What is counted -> the setting that says how often a minute allows, and what people call it.
LIMITS: Final = {
    "verify": ("verify_per_minute", "核验"),
    "look_up": ("look_up_per_minute", "查询"),
}


class TooMany(Exception):
    """The address has asked too often. wait: seconds until it may ask again; limit: how often a minute allows."""

    def __init__(self, wait: int, limit: int, name: str = "verify") -> None:
        super().__init__(f"{limit} per minute")
        self.wait, self.limit, self.name = wait, limit, name


def count(request: HttpRequest, name: str = "verify") -> None:
    """Count one request of its address in the current minute, for the limit of that name.

    Raises TooMany beyond it. The address itself is not stored: only its hash, for two minutes.
    """
    limit = settings.value(LIMITS[name][0], day_of(request))
    minute, second = divmod(int(real_now().timestamp()), WINDOW)
    key = f"{name}:{minute}:{_who(request)}"
    if cache.add(key, 1, timeout=2 * WINDOW):
        return
    try:
        asked = cache.incr(key)
    except ValueError:  # the entry went between the two calls
        cache.set(key, 1, timeout=2 * WINDOW)
        return
    if asked > limit:
        raise TooMany(WINDOW - second, limit, name)


def limited(name: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Count every request of a page: `@limited("look_up")`."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            try:
                count(request, name)
            except TooMany as refused:
                return too_many(request, refused)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def too_many(request: HttpRequest, refused: TooMany) -> HttpResponse:
    """Say kindly when to come back."""
    context = {"wait": refused.wait, "limit": refused.limit, "what": LIMITS[refused.name][1]}
    response = render(request, "registry/too_many.html", context, status=429)
    response["Retry-After"] = str(refused.wait)
    return response


def _who(request: HttpRequest) -> str:
    """A hash of the client's address; an IPv6 network counts as one, since its user may choose among 2**64."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if address.version == 6:
        address = ipaddress.ip_network((address, 64), strict=False).network_address
    return hashlib.sha256(str(address).encode()).hexdigest()[:32]
