"""Who may go where: every address, method by method, asked as everybody, and the table that says what is answered."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from core.accounts.models import ApiToken, Deputy, Invitation, Recusal
from core.clock.clock import now, today
from core.documents.models import OfficialDocument, Upload
from core.notifications.models import Delivery, Message
from core.publications.models import Publication
from core.reference.models import Area
from core.web.models import SavedFilter
from core.workflow import proposals
from filings.models import Claim, ClericalCorrection, Criterion, ExpertTask, FilingImport, UrgentOccupation
from filings.samples import SAMPLES
from regulation.materials import MATERIALS
from tests.filings.workflow.test_assignments import offer
from tests.world import DAY, World, assessing, filed, make_world

TABLE = Path(__file__).with_name("access_table.txt")
# The columns of the table, in its order. An application is the agency's, received by the county; the filing, with what
# belongs to it, is the rival's.
WHO = (
    "agency admin", "agency staff", "rival admin", "county handler", "county chief", "other county handler",
    "other county chief", "centre handler", "centre chief", "centre inspector", "bureau handler", "bureau chief",
    "experts expert", "operator administrator", "nobody",
)  # fmt: skip
METHODS = ("get", "post", "put", "patch", "delete")
# Open without standing in the list: they lead to the sign-in, or to where one is signed in.
LEADS_ON = {
    "account_email", "account_confirm_email", "admin:logout",
    *(f"accounts/social/{name}/" for name in ("connections", "login/cancelled", "login/error", "signup")),
}  # fmt: skip
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>[^)]*\)+")


# What counts, logs, or adds to an answer that is there; whom it goes to is decided by the others.
_ADDING = {
    "core.ops.middleware.MetricsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.web.fresh.FreshMiddleware",
    "core.web.middleware.HeadersMiddleware",
    "core.web.middleware.DirectionMiddleware",
    "core.web.received.ReceivedMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "core.web.middleware.LogMiddleware",
}


def deciding(middleware: list[str]) -> list[str]:
    """Return the middleware that has a part in who may go where."""
    assert set(middleware) >= _ADDING
    return [one for one in middleware if one not in _ADDING]


@dataclass(frozen=True)
class Way:
    """One method of one address pattern, at one address of it."""

    method: str
    route: str
    address: str

    @property
    def key(self) -> tuple[str, str]:
        """How the table names it."""
        return self.method.upper(), self.route or "/"

    @property
    def part(self) -> str:
        """Of pages or of the API."""
        return part_of(self.route)


def part_of(route: str) -> str:
    """Pages and the API are asked apart, so that two processes share them."""
    return "api" if route.startswith("api/") else "pages"


def names(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """Yield (name, route) of every address pattern."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from names(entry, route, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name}" if entry.name else route, route or "/"


def ways(resolver: URLResolver, samples: "Samples", prefix: str = "") -> Iterator[Way]:
    """Yield every method of every address below the resolver; what is never taken (405) shows in the answers."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from ways(entry, samples, route)
        elif isinstance(entry, URLPattern):
            view: Any = getattr(entry.callback, "cls", None) or getattr(entry.callback, "view_class", None)
            # A page takes forms; what it makes of a PUT is what it makes of a POST.
            for method in METHODS if part_of(route) == "api" else METHODS[:2]:
                if view is None or hasattr(view, method):
                    yield Way(method, route, samples.address(route))


@dataclass
class Samples:
    """What stands in an address for each parameter, by how the route begins: the longest that fits."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)

    def address(self, route: str) -> str:
        found: dict[str, Any] = {}
        for start in sorted((one for one in self.values if route.removeprefix("api/v1/").startswith(one)), key=len):
            found |= self.values[start]
        plain = _PARAMETER.sub(lambda part: str(found.get(part[2] or part[3], "x" if part[1] != "int" else 0)), route)
        return "/" + re.sub(r"[\^$]|\\Z", "", plain).replace("\\", "")


def sign(answer: HttpResponseBase) -> str:
    """What an answer says: + let in (be it that the act then lacks something), x not for this position, - not there for
    this one, s sign in first, m no such method."""
    if answer.status_code in (401, 403, 404, 405):
        return {401: "s", 403: "x", 404: "-", 405: "m"}[answer.status_code]
    assert answer.status_code < 500, answer.status_code
    to_sign_in = (resolve_url(settings.LOGIN_URL), reverse("admin:login"))
    return "s" if answer.headers.get("Location", "").startswith(to_sign_in) else "+"


def asked(clients: dict[str, Client], way: Way) -> str:
    """Ask as everybody; nothing that it does stays."""
    signs = ""
    for client in clients.values():
        cookies = client.cookies.copy()
        cache.clear()  # no limit is reached
        with transaction.atomic():
            json = way.part == "api" and way.method != "get"
            more = {"content_type": "application/json", "data": "{}"} if json else {}
            signs += sign(getattr(client, way.method)(way.address, **more))
            transaction.set_rollback(True)
        client.cookies = cookies
    return signs


def written() -> dict[tuple[str, str], str]:
    """Return the committed table: (METHOD, route) -> the signs, in the order of WHO."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {(method, route): signs for signs, method, route in lines}


def line(key: tuple[str, str], signs: str) -> str:
    """A line of the table."""
    return f"{signs} {key[0]:<6} {key[1]}"


def everybody(world: World) -> dict[str, Client]:
    """A browser for each column."""
    return {who: world.browser(who) if who in world.people else Client() for who in WHO}


def build() -> tuple[World, Samples]:
    """Make a world in which there is one of everything that has an address."""
    world = make_world()
    application, filing = assessing(world), filed(world, who="rival admin")
    task = application.assessment.tasks.get() if hasattr(application, "assessment") else ExpertTask.objects.first()
    agency, county = application.agency, world.organisation("county handler")
    payload = {"grounds": [{"basis": "M7(2)", "reason": "人员不足"}]}
    proposal = proposals.propose(application, "refuse", actor=world.actor("centre handler"), on=DAY, payload=payload)
    paper = OfficialDocument.objects.filter(matter_type="filings.application", matter_id=str(application.pk)).first()
    receipt = OfficialDocument.objects.get(series="receipt")
    handler, chief = world.people["county handler"], world.people["county chief"]
    upload = Upload.objects.filter(matter_id=str(application.pk)).latest("pk")
    claim = Claim.objects.create(organisation=filing.agency, county=county, made_on=DAY)
    register = FilingImport.objects.create(
        source="纸质备案", upload=upload, made_by=world.people["centre handler"], made_on=DAY
    )
    correction = ClericalCorrection.objects.create(
        application=application, document=paper, changes={}, reason="笔误", drafted_on=DAY
    )
    published = Publication.objects.filter(kind="filing").earliest("id")
    urgent = UrgentOccupation.objects.create(occupation_id="6-31-01-03", since=DAY, source="公告")
    later = DAY + datetime.timedelta(days=9)  # until then nobody stands in for the chief
    deputy = Deputy.objects.create(chief=chief, deputy=handler, since=later, until=later, reason="出差")
    inspector = world.people["centre inspector"]
    recusal = Recusal.objects.create(user=inspector.user, agency=filing.agency, ground="kinship", since=DAY)
    invitation = Invitation.objects.create(organisation=agency, role="staff", token_hash="x", expires_at=now())
    token = ApiToken.objects.create(
        position=handler, name="x", token_hash="x", created_at=now(), expires_at=now() + datetime.timedelta(days=9)
    )
    kept = SavedFilter.objects.create(position=handler, list="filings:applications", label="x", query="")
    message = Message.objects.filter(organisation=agency).first()
    delivery = Delivery.objects.create(message=message, user=world.people["agency admin"].user, channel="email")
    material, site = next(iter(MATERIALS)), application.sites.get()
    assert today() == DAY
    own = {
        "pk": application.pk, "row": site.pk, "rows": "sites", "material": material, "part": "sites",
        "key": material, "document": paper.pk, "paper": paper.pk, "task": task.pk,
        "name": "refuse", "act": "submit", "request_id": 0, "item": material,
    }  # fmt: skip
    return world, Samples(
        {
            "applications/": own,
            "applications/<int:pk>/parts/": {"key": "sites"},
            "applications/<int:pk>/draft/": {"key": "agency"},
            "applications/<int:pk>/scope/": {"row": application.scope.first().pk},
            "applications/<int:pk>/records/": {"row": application.records.first().pk},
            "applications/<int:pk>/staff/": {"row": application.staff.first().pk},
            "filings/": {"pk": filing.pk, "paper": receipt.pk, "document": receipt.pk, "row": 0},
            "agencies/": {"code": filing.code},
            "public/agencies/": {"code": filing.code},
            "verify/": {"code": receipt.code},
            "public/verify/": {"code": receipt.code},
            "proposals/": {"pk": proposal.pk},
            "imports/": {"pk": register.pk},
            "imports/proposals/": {"pk": proposal.pk, "name": "decide"},
            "bureau/quota/": {"pk": proposal.pk, "name": "decide"},
            "assignments/": {"pk": offer(world, filing).pk, "name": "consent", "paper": paper.pk, "document": paper.pk},
            "corrections/": {"pk": correction.pk, "name": "decide"},
            "claims/": {"pk": claim.pk, "name": "confirm", "slot": "licence"},
            "desk/identity/": {"slot": "licence"},
            "criteria/": {"pk": Criterion.objects.first().pk},
            "urgent/": {"pk": urgent.pk},
            "bureau/urgent/": {"pk": urgent.pk},
            "expert/": {"pk": task.pk},
            "expert-tasks/": {"pk": task.pk},
            "quota/": {"key": "市区:6-18-02-04"},
            "places/": {"key": "市区:6-18-02-04"},
            "deputies/": {"pk": deputy.pk},
            "desk/deputies/": {"pk": deputy.pk},
            "recusals/": {"pk": recusal.pk},
            "desk/recusals/": {"pk": recusal.pk},
            "invitations/": {"pk": invitation.pk},
            "desk/staff/invitations/": {"pk": invitation.pk},
            "desk/staff/positions/": {"pk": world.people["agency staff"].pk},
            "positions/": {"pk": world.people["agency staff"].pk},
            "desk/account/tokens/": {"pk": token.pk},
            "desk/filters/": {"pk": kept.pk},
            "organisations/": {"pk": county.pk},
            "admin-desk/organisations/": {"pk": county.pk},
            "users/": {"pk": handler.user_id},
            "admin-desk/users/": {"pk": handler.user_id},
            "admin-desk/health/": {"pk": delivery.pk},
            "calendar/": {"year": 2027},
            "desk/calendar/": {"year": 2027},
            "settings/": {"key": "cap_urban"},
            "files/": {"pk": upload.pk},
            "papers/": {"code": paper.code, "reference": paper.code},
            "inbox/": {"pk": message.pk},
            "notifications/": {"pk": message.pk},
            "announcements/": {"pk": published.pk},
            "public/announcements/": {"pk": published.pk},
            "demo/": {"username": handler.user.username},
            "guide/samples/": {"key": next(iter(SAMPLES))},
            "explain/": {"key": "M10"},
            "admin/reference/area/": {"object_id": Area.objects.first().pk},
            "admin/reference/occupation/": {"object_id": "6-18-02-04"},
            "admin/": {"app_label": "reference", "url": "x", "content_type_id": 0, "object_id": 0},
        }
    )
