"""Whoever has no part in a matter reads and changes nothing of it: at any address, page or API, whatever is sent."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from core.accounts.actors import Actor
from core.accounts.sessions import fits
from core.clock.clock import today
from core.documents.models import OfficialDocument, Upload
from core.workflow import proposals
from filings import workflow
from filings.freezing import freeze
from filings.models import Application, ExpertTask
from regulation.materials import MATERIALS
from tests.access import deciding
from tests.world import World, assessing, file, make_world

MARK = "MARK-7f3a"
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
_ELSEWHERE = ("admin/", "accounts/", "static/", "api/schema", "api/docs", "demo/", "^")
_OWN = ("positions/switch/",)


@dataclass(frozen=True)
class Route:
    """An address pattern with the view behind it."""

    pattern: str
    view: Any

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/")

    @property
    def behind(self) -> Any:
        """The class of an API's view, or the page's function."""
        return getattr(self.view, "view_class", self.view)

    def opens_to(self, actor: Actor) -> bool:
        """Whether its door lets this position in at all, whatever the address."""
        kinds, roles = getattr(self.behind, "opens_to", ((), ()))
        kinds, roles = getattr(self.behind, "kinds", kinds), getattr(self.behind, "roles", roles)
        return fits(actor, kinds, roles)


def _routes(resolver: URLResolver, prefix: str = "") -> list[Route]:
    found: dict[str, Route] = {}
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found |= {one.pattern: one for one in _routes(entry, route)}
        elif isinstance(entry, URLPattern) and not route.startswith((*_ELSEWHERE, *_OWN)):
            found.setdefault(route, Route(route, entry.callback))
    return [found[route] for route in sorted(found)]


def _addresses(route: str, known: dict[str, list[str]]) -> list[str]:
    """Every address that the route has for what there is to find."""
    parts = _PARAMETER.findall(route)
    choices = [known.get(name) or known.get(kind or "str") or ["x"] for kind, name in parts]
    choices = [known["uuid"] if kind == "uuid" else choice for (kind, _), choice in zip(parts, choices, strict=True)]
    plain = _PARAMETER.sub("{}", route)
    return ["/" + plain.format(*one) for one in itertools.product(*choices)]


def _asked(client: Client, route: Route, addresses: list[str]) -> Iterator[tuple[str, Any]]:
    """Everything that can be asked of a route at these addresses: a page's forms and parts, an API's methods. What the
    route does not take at all (405, whatever the address) is asked of it once."""
    sent = {"reason": "x", "answer": "x", "days": 5}
    if route.is_api:
        json = {"content_type": "application/json"}
        ways = {
            name: partial(getattr(client, name), data=sent, **json) for name in ("post", "put", "patch", "delete")
        } | {"get": partial(client.get, data={"export": "csv"})}
        ways = {name: ask for name, ask in ways.items() if hasattr(route.behind, name)}
    else:
        ways = {
            "get": partial(client.get, data={"export": "csv"}),
            "part": partial(client.get, headers={"HX-Request": "true"}),
            "post": partial(client.post, data=sent),
        }
    for address in addresses:
        for name, ask in list(ways.items()):
            response = ask(address)
            yield address, response
            if response.status_code == 405:
                del ways[name]


def _said(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "ignore")


@pytest.fixture
def world(db, settings) -> World:
    settings.MIDDLEWARE = deciding(settings.MIDDLEWARE)
    return make_world()


@pytest.fixture
def secret(world) -> Application:
    """An application being assessed, with a done sheet, papers, uploads, and a proposal that waits; a marked name."""
    on = today()
    found = assessing(world, on)
    proposals.propose(
        found, "refuse", actor=world.actor("centre handler", on), on=on,
        payload={"grounds": [{"basis": "M7(2)", "reason": MARK}]}, reason=MARK,
    )  # fmt: skip
    Application.objects.filter(pk=found.pk).update(name=MARK, address=MARK, contact=MARK)
    found.sites.update(name=MARK)
    found.refresh_from_db()
    return found


@pytest.mark.any_engine  # who may see what is decided in Python
@pytest.mark.parametrize("who", ["rival admin", "other county chief", "experts expert"])
def test_a_stranger_finds_nothing_and_changes_nothing(world, secret, who):
    proposal = proposals.open_for(secret)
    papers = list(OfficialDocument.objects.all())
    pks = {secret.pk, proposal.pk, ExpertTask.objects.get().pk, papers[-1].pk}
    ints = [str(pk) for pk in sorted(pks)]
    known = {
        "int": ints,
        "uuid": [str(Upload.objects.latest("pk").pk)],
        "row": [str(secret.sites.get().pk)],
        "reference": [papers[-1].code, str(papers[-1].pk)],
        "material": [next(iter(MATERIALS))],
        "item": [next(iter(MATERIALS)), "sites"],
        "part": ["sites"],
        "key": [next(iter(MATERIALS)), "sites"],
        "name": ["accept", "refuse", "withdraw"],
        "year": [str(today().year)],
    }
    before = freeze(secret)
    client, actor = world.browser(who), world.actor(who, today())
    seen: Counter[int] = Counter()
    for route in _routes(get_resolver()):
        if route.pattern.startswith(("desk/staff/positions", "admin-desk/")):  # the administrator's own work
            continue
        addresses = _addresses(route.pattern, known)
        opens = route.opens_to(actor)
        # A closed door is closed at every address: it is tried at one.
        for address, response in _asked(client, route, addresses if opens else addresses[:1]):
            assert response.status_code < 500, (address, response.status_code)
            assert opens or response.status_code in (403, 404, 405), (address, response.status_code)
            assert MARK not in _said(response), address
            seen[response.status_code] += 1
    assert seen[404] > 100
    assert seen[403] > 50
    secret.refresh_from_db()
    assert freeze(secret) == before
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_the_mark_is_there_to_be_found(world, secret):
    client = Client()
    client.force_login(world.people["centre chief"].user)
    for address in (
        f"/applications/{secret.pk}/",
        "/applications/?export=csv&view=all",
        f"/api/v1/applications/{secret.pk}/",
    ):
        assert MARK in _said(client.get(address)), address


def test_a_stranger_reads_no_file_and_no_paper(world, secret):
    for who in ("rival admin", "rival staff", "other county handler", "experts expert", "operator administrator"):
        client = Client()
        client.force_login(world.people[who].user)
        for upload in Upload.objects.all():
            for address in (f"/files/{upload.pk}/", f"/api/v1/files/{upload.pk}/"):
                assert client.get(address).status_code == 404, (who, address)
        for paper in OfficialDocument.objects.all():
            for address in (f"/papers/{paper.code}/pdf", f"/papers/{paper.pk}/pdf", f"/api/v1/papers/{paper.code}/"):
                assert client.get(address).status_code == 404, (who, address)


def test_a_rivals_identity_papers_stay_its_own(world):
    rival = world.organisation("rival admin")
    rival.confirmed_on = None
    rival.save()
    actor = world.actor("rival admin", today())
    upload = workflow.hand_in_paper(rival, "licence", file("证照.pdf"), actor=actor, on=today())
    for who, status in (("agency admin", 404), ("other county handler", 404), ("county handler", 200)):
        client = Client()
        client.force_login(world.people[who].user)
        assert client.get(f"/files/{upload.pk}/").status_code == status, who
