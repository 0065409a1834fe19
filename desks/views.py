"""The work area's home: one address, the page of whoever acts."""

import datetime
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind as K
from core.accounts.sessions import current_actor, day_of, signed_in
from desks import administrator
from filings.views import agency_home, officers_home

Context = Callable[[Actor, datetime.date], dict[str, Any]]

# Kind of organisation -> what its home shows, and the page.
HOMES: dict[str, tuple[Context, str]] = {
    K.AGENCY: (agency_home.home_context, "desks/agency.html"),
    K.COUNTY: (officers_home.home_context, "desks/county.html"),
    K.CENTRE: (officers_home.home_context, "desks/centre.html"),
    K.BUREAU: (officers_home.home_context, "desks/bureau.html"),
    K.EXPERTS: (officers_home.home_context, "desks/expert.html"),
    K.OPERATOR: (administrator.home_context, "desks/administrator.html"),
}


@require_safe
@signed_in()
def home(request: HttpRequest) -> HttpResponse:
    """Show the home of the position acted in."""
    actor = current_actor(request)
    if actor is None or actor.kind not in HOMES:
        raise Http404
    context, template = HOMES[actor.kind]
    return render(request, template, context(actor, day_of(request)))
