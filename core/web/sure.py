"""What cannot be taken back is asked once more: by static/js/forms.js in a dialog, and without it by a page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# The field of a form that holds its question, and the one by which whoever sends it has said yes.
ASKS, SURE = "asks", "sure"
# Such a form brings no file: a page cannot send one on.
FORM = "application/x-www-form-urlencoded"
_NOT_SENT_ON = ("csrfmiddlewaretoken", SURE)


class SureMiddleware:
    """Answers a form whose question nobody has been asked with a page that asks it, and sends on all that was written.

    The script asks before it sends; whoever has none, or on a slow line sent before it came, is asked here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Ask, after the token was checked and before the view acts. A script that saves a draft asks nothing."""
        if request.method != "POST" or request.content_type != FORM or request.headers.get("HX-Request"):
            return None
        if not request.POST.get(ASKS) or request.POST.get(SURE):
            return None
        sent = [(name, value) for name, values in request.POST.lists() for value in values if name not in _NOT_SENT_ON]
        return render(request, "sure.html", {"question": request.POST[ASKS], "sent": sent})
