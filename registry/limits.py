"""How often one address may ask: against copying out whole series of codes, and against flooding others with mail."""

import hashlib
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps

import structlog
from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from redis.exceptions import RedisError

from core.accounts.sessions import day_of
from core.clock.clock import real_now
from core.reference import settings

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Policy:
    """So many requests in each window of so many seconds; the figure is a setting. what: in people's words."""

    name: str
    setting: str
    what: str
    window: int = 60

    @property
    def per(self) -> str:
        """每分钟."""
        return {60: "每分钟", 3600: "每小时"}[self.window]


VERIFY = Policy("verify", "verify_per_minute", "核验")
LOOK_UP = Policy("look_up", "look_up_per_minute", "查询")
API = Policy("api", "api_per_minute", "调用接口")
SUBSCRIBE = Policy("subscribe", "subscribe_per_hour", "订阅", 3600)


@dataclass(frozen=True)
class Allowance:
    """What an address has left of a policy. reset: seconds until the window ends and all is there again."""

    policy: Policy
    limit: int
    left: int
    reset: int


class TooMany(Exception):
    """The address has asked too often. wait: seconds until it may ask again; limit: how often the policy allows."""

    def __init__(self, wait: int, limit: int, policy: Policy) -> None:
        super().__init__(f"{policy.name}: {limit}, again in {wait} s")
        self.wait, self.limit, self.policy = wait, limit, policy


def count(request: HttpRequest, policy: Policy = VERIFY) -> Allowance:
    """Count one request of the request's address in the policy's current window, and note on the request what is left.

    A window keeps the figure it began with. Raises TooMany beyond it. The address itself is not stored: only its hash,
    for two windows. Where the cache is gone nobody is held up.
    """
    window, second = divmod(int(real_now().timestamp()), policy.window)
    key, kept, on = f"{policy.name}:{window}", 2 * policy.window, day_of(request)
    try:
        limit = cache.get_or_set(f"{key}:limit", lambda: settings.value(policy.setting, on), timeout=kept)
        asked = _counted(f"{key}:{_who(request)}", kept)
    except (RedisError, OSError) as problem:
        log.warning("not_counted", policy=policy.name, problem=type(problem).__name__)
        limit, asked = settings.value(policy.setting, on), 1
    found = Allowance(policy, limit, max(limit - asked, 0), policy.window - second)
    request.allowances = (*allowances(request), found)  # type: ignore[attr-defined]
    if asked > limit:
        raise TooMany(found.reset, limit, policy)
    return found


def limited(policy: Policy) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Count every request of a page: `@limited(LOOK_UP)`."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            try:
                count(request, policy)
            except TooMany as refused:
                return too_many(request, refused)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def too_many(request: HttpRequest, refused: TooMany) -> HttpResponse:
    """Say kindly when to come back."""
    policy = refused.policy
    context = {"wait": refused.wait, "limit": refused.limit, "what": policy.what, "per": policy.per}
    response = render(request, "registry/too_many.html", context, status=429)
    response["Retry-After"] = str(refused.wait)
    return response


def allowances(request: HttpRequest) -> tuple[Allowance, ...]:
    """Return what was counted of this request."""
    return getattr(request, "allowances", ())


def headers(request: HttpRequest) -> dict[str, str]:
    """Return the header fields that tell what was counted (draft-ietf-httpapi-ratelimit-headers): the policies, and
    what is left of each."""
    found = allowances(request)
    if not found:
        return {}
    return {
        "RateLimit-Policy": ", ".join(f'"{one.policy.name}";q={one.limit};w={one.policy.window}' for one in found),
        "RateLimit": ", ".join(f'"{one.policy.name}";r={one.left};t={one.reset}' for one in found),
    }


def _counted(key: str, kept: int) -> int:
    try:
        return cache.incr(key)
    except ValueError:  # the first of its window
        return 1 if cache.add(key, 1, timeout=kept) else cache.incr(key)


def _who(request: HttpRequest) -> str:
    """A hash of the client's address."""
    return _hashed(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))


@lru_cache(maxsize=4096)
def _hashed(remote: str, forwarded: str) -> str:
    """By what tells the address; an IPv6 network counts as one, since its user may choose among 2**64."""
    request = HttpRequest()
    request.META |= {"REMOTE_ADDR": remote} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if address.version == 6:
        address = ipaddress.ip_network((address, 64), strict=False).network_address
    return hashlib.sha256(str(address).encode()).hexdigest()[:32]
