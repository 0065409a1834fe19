"""Before an act that asks for a fresh proof: a page asks who it is, and sends on all that was written."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.accounts import step_up
from core.accounts.sessions import fits, require_same_position
from core.refusals import NotAllowed, Reason, Refused
from core.web.problems import refused_page
from core.web.sure import ASKS

# A form's further row is no act yet.
_NOT_YET = "more"
_NOT_SENT_ON = ("csrfmiddlewaretoken", ASKS)


class StepUpMiddleware:
    """Answers a form whose sender has not proved itself lately with a page that asks, at the form's own address: the
    answer comes with all that was written, and the act follows at once. Stands inside the question of core.web.sure."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponse | None:
        """Ask, after the token was checked and before the view acts. The API asks by itself (core.workflow.api)."""
        actor = getattr(request, "actor", None)
        if actor is None or request.path.startswith("/api/") or _NOT_YET in request.POST:
            return None
        act = step_up.act_of(request)
        # Whom the door does not let in is told that, not asked.
        if not act or step_up.is_fresh(request) or not fits(actor, *getattr(view, "opens_to", ((), ()))):
            return None
        try:
            require_same_position(request, actor)
            return self._ask(request, act)
        except Refused as refused:
            return refused_page(request, refused)

    def _ask(self, request: HttpRequest, act: str) -> HttpResponse | None:
        answered = any(name.startswith(f"{step_up.PREFIX}-") for name in request.POST)
        if answered and (limited := ratelimit.consume_or_429(request, action="reauthenticate")):
            return limited
        form = step_up.question(request.user, request.POST if answered else None)  # type: ignore[arg-type]
        if form is None:
            raise NotAllowed(Reason("sign_in_again", f"登录已久，{act}前请退出，重新登录后再办理。"))
        if request.FILES or request.headers.get("HX-Request"):  # neither can be sent on by a page
            raise NotAllowed(Reason("step_up_required", f"{act}前须再次确认身份：请重新打开这一页，再提交一次。"))
        if answered and step_up.prove(request, form):
            return None
        sent = [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in _NOT_SENT_ON and not name.startswith(f"{step_up.PREFIX}-")
        ]
        context = {"form": form, "act": act, "sent": sent, "minutes": step_up.minutes(request.today)}  # type: ignore[attr-defined]
        return render(request, "step_up.html", context, status=HTTPStatus.FORBIDDEN)
