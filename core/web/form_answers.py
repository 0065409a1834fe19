"""allauth's pages answer a form that did not fit with 200; here, as everywhere, with 422, or 429 if too often."""

from collections.abc import Callable
from http import HTTPStatus

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from core.accounts.sessions import day_of
from core.reference.settings import value

_TOO_OFTEN = {"too_many_login_attempts", "rate_limited"}


class FormAnswerMiddleware:
    """Gives a form shown again the status of its fault. Only allauth leaves its context to be looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """Look before the page is rendered."""
        form = (response.context_data or {}).get("form")
        if request.method != "POST" or response.status_code != HTTPStatus.OK or not isinstance(form, BaseForm):
            return response
        codes = {fault.code for faults in form.errors.as_data().values() for fault in faults}
        if codes & _TOO_OFTEN:
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response["Retry-After"] = str(60 * value("lockout_minutes", day_of(request)))
        elif codes:
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response
