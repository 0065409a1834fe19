"""The work area's home: one address, the page of whoever acts."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from core.accounts.models import OrganisationKind as K
from core.accounts.sessions import current_actor, day_of, signed_in

# Kind of organisation -> what its home shows (actor, on -> context), and the page.
HOMES: dict[str, tuple[str, str]] = {
    K.AGENCY: ("filings.views.agency.home_context", "desks/agency.html"),
    K.COUNTY: ("filings.views.officers_home.home_context", "desks/county.html"),
    K.CENTRE: ("filings.views.officers_home.home_context", "desks/centre.html"),
    K.BUREAU: ("filings.views.officers_home.home_context", "desks/bureau.html"),
    K.EXPERTS: ("filings.views.officers_home.home_context", "desks/expert.html"),
    K.OPERATOR: ("desks.administrator.home_context", "desks/administrator.html"),
}


@require_safe
@signed_in()
def home(request: HttpRequest) -> HttpResponse:
    """Show the home of the position acted in."""
    actor = current_actor(request)
    if actor is None or actor.kind not in HOMES:
        raise Http404
    path, template = HOMES[actor.kind]
    try:
        get_template(template)
        context = import_string(path)(actor, day_of(request))
    except (ImportError, TemplateDoesNotExist):
        return render(request, "desks/plain.html")
    return render(request, template, context)
