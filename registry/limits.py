"""How often one address may verify: against copying out whole series of codes."""

import hashlib
import ipaddress

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from core.accounts.sessions import day_of
from core.clock.clock import real_now
from core.reference import settings

WINDOW = 60


class TooMany(Exception):
    """The address has asked too often. wait: seconds until it may ask again; limit: how often a minute allows."""

    def __init__(self, wait: int, limit: int) -> None:
        super().__init__(f"{limit} per minute")
        self.wait, self.limit = wait, limit


def count(request: HttpRequest) -> None:
    """Count one verification of the request's address in the current minute (setting verify_per_minute).

    Raises TooMany beyond it. The address itself is not stored: only its hash, for two minutes.
    """
    limit = settings.value("verify_per_minute", day_of(request))
    minute, second = divmod(int(real_now().timestamp()), WINDOW)
    key = f"verify:{minute}:{_who(request)}"
    if cache.add(key, 1, timeout=2 * WINDOW):
        return
    try:
        asked = cache.incr(key)
    except ValueError:  # the entry went between the two calls
        cache.set(key, 1, timeout=2 * WINDOW)
        return
    if asked > limit:
        raise TooMany(WINDOW - second, limit)


def _who(request: HttpRequest) -> str:
    """A hash of the client's address; an IPv6 network counts as one, since its user may choose among 2**64."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if address.version == 6:
        address = ipaddress.ip_network((address, 64), strict=False).network_address
    return hashlib.sha256(str(address).encode()).hexdigest()[:32]
