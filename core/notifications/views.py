"""The inbox page: list, one message (opening it is recorded), all read."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.accounts.actors import Actor
from core.accounts.sessions import current_actor, signed_in
from core.counting import BoundedPaginator
from core.notifications import inbox

PAGE = 30


def _actor(request: HttpRequest) -> Actor:
    """Who reads: signed_in lets nobody else in."""
    return cast("Actor", current_actor(request))


@require_safe
@signed_in()
def messages(request: HttpRequest) -> HttpResponse:
    """The actor's messages, newest first; `?unread=1` those not opened yet."""
    actor = _actor(request)
    only_unread = request.GET.get("unread") == "1"
    rows = inbox.unread(actor) if only_unread else inbox.inbox(actor)
    page = BoundedPaginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "only_unread": only_unread, "unread_count": inbox.unread_count(actor)}
    return render(request, "notifications/inbox.html", context)


@require_safe
@signed_in()
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message; opening it is recorded."""
    actor = _actor(request)
    found = get_object_or_404(inbox.inbox(actor), pk=pk)
    inbox.open_message(found, actor)
    return render(request, "notifications/message.html", {"message": found, "unread_count": inbox.unread_count(actor)})


@require_POST
@signed_in()
def open_all(request: HttpRequest) -> HttpResponse:
    """Record every message as opened."""
    inbox.open_all(_actor(request))
    return redirect("notifications:inbox")
