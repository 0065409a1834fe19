"""What the agency's pages share: whose application it is, a page or part of one, a refusal, a file as it is shown."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from core.accounts.actors import AUTHORITIES, Actor
from core.accounts.models import OrganisationKind
from core.accounts.sessions import current_actor, day_of, signed_in
from core.documents import serving
from core.documents.models import Upload
from core.reference import settings
from core.refusals import Refused
from core.web.navigation import find_url
from filings import permissions
from filings.models import Application
from filings.views.common import file_facts, tried

# Opens a view to agencies alone.
for_agency = signed_in(OrganisationKind.AGENCY)
# Opens a view of one application to whoever may act for its agency in it: itself, or at the counter the office that
# takes it in. `own_application` finds it for nobody else.
for_acting = signed_in(OrganisationKind.AGENCY, *AUTHORITIES)

# Said where a form came for a part that is no longer open.
CLOSED = "这件申请已有变化，这一部分现在不能修改，刚才提交的没有保存。"


def actor_of(request: HttpRequest) -> Actor:
    """Who acts; `for_agency` and `for_acting` let nobody else in."""
    return cast("Actor", current_actor(request))


def own_application(request: HttpRequest, pk: int) -> Application:
    """The application in which the actor acts for its agency; to anybody else it does not exist."""
    rows = Application.objects.select_related("agency", "area", "receiving")
    found = get_object_or_404(rows, pk=pk)
    if not permissions.acts_for_agency.test(actor_of(request), found):
        raise Http404
    return found


def page(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """Render an agency's page in its frame; to a handler at the counter it says in whose name."""
    actor, application = actor_of(request), context.get("application")
    behalf = isinstance(application, Application) and permissions.on_behalf(actor, application)
    lists = "filings:applications" if behalf else "filings:agency-applications"
    whole = {"on": day_of(request), "on_behalf": behalf, "list_url": reverse(lists), **context}
    return render(request, f"filings/agency/{template}.html", whole, status=status)


def part(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """Render a part of a page for htmx, and let the rest of the page know that something was saved."""
    response = render(request, f"filings/agency/{template}.html", {"on": day_of(request), **context}, status=status)
    if status == 200:
        response.headers["HX-Trigger"] = '{"portal:saved": {}}'
    return response


def by_script(request: HttpRequest) -> bool:
    """Whether htmx or the upload script asks, and wants a part instead of a page."""
    return request.headers.get("HX-Request") == "true"


def act(verb: str, actor: Actor, matter: Any, function: Callable[..., Any], *args: Any, **more: Any) -> Any:
    """Call a workflow function on a matter as the outermost caller; a refusal is recorded and raised again."""
    return tried(verb, actor, matter, partial(function, matter, *args, actor=actor, on=actor.on, **more))


def home_address() -> str:
    """The desk, or the list of applications where there is no desk yet."""
    return find_url("desks:home", "filings:agency-applications")


def back_to_application(application: Application) -> HttpResponse:
    """Lead to the application's page: its state is no longer what this page is for."""
    return redirect("filings:application", application.pk)


def material_limit(request: HttpRequest) -> int:
    """The largest file taken today, in megabytes."""
    return int(settings.value("upload_max_mb", day_of(request)))


def shown(upload: Upload) -> dict[str, Any]:
    """An upload as components/upload.html shows what is there."""
    url, inline = serving.address(upload)
    return {
        "name": upload.name,
        "facts": " · ".join((file_facts(upload), filesizeformat(upload.size))),
        "url": url,
        "inline": inline,
        "version": upload.version,
        "on": upload.on,
    }


def one_of(value: str, known: Mapping[str, Any]) -> Any:
    """`known[value]`, or 404."""
    if value not in known:
        raise Http404
    return known[value]


def said(refused: Refused) -> str:
    """All reasons as one sentence, for a place where a list does not fit."""
    return " ".join(reason.text for reason in refused.reasons)
