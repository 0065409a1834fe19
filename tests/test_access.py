"""Every address asks for sign-in, except those that anyang_sep/public.py lists."""

import re
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from anyang_sep.public import PUBLIC

# Something that fits each kind of parameter; what it names need not exist.
SAMPLES = {
    "int": "1",
    "str": "x",
    "slug": "x",
    "uuid": str(uuid.UUID(int=1)),
    "path": "x",
}
_PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")


def endpoints(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """Yield (name or route, a concrete address) of every pattern below the resolver."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from endpoints(entry, route, inner)
        elif isinstance(entry, URLPattern):
            yield (f"{namespace}{entry.name}" if entry.name else route), address(route)


def address(route: str) -> str:
    """A concrete address for a route, be it of path() or re_path()."""
    plain = _PARAMETER.sub(lambda found: SAMPLES[found[1] or "str"], route)
    plain = re.sub(r"\(\?P<\w+>[^)]*\)", "1-x", plain)
    return "/" + plain.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\", "").lstrip("/")


EVERY = sorted(set(endpoints(get_resolver())))
CLOSED = [(name, where) for name, where in EVERY if name not in PUBLIC]


def test_the_list_names_only_what_exists():
    missing = set(PUBLIC) - {name for name, _ in EVERY}
    assert not missing, f"no longer there: {missing}"


def test_the_list_is_short_and_says_why():
    assert all(PUBLIC.values())
    assert len(CLOSED) > len(PUBLIC)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "where"), CLOSED, ids=[name for name, _ in CLOSED])
def test_everything_else_asks_for_sign_in(client, name, where):
    for method in ("get", "post"):
        response = getattr(client, method)(where)
        assert response.status_code in {301, 302, 401, 403, 404, 405}, f"{method} answered {response.status_code}"
        if "Location" in response:
            final = client.get(response["Location"], follow=True)
            ends = final.redirect_chain[-1][0] if final.redirect_chain else response["Location"]
            led_to = resolve(urlsplit(ends).path).view_name
            assert final.status_code in {401, 403, 404} or led_to in PUBLIC, f"{method} leads to {ends}"


@pytest.mark.django_db
def test_the_work_area_leads_to_sign_in(client):
    response = client.get(reverse("desks:home"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
