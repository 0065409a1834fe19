"""A file taken beside the form of a transition, which it has to be there for: sent at once, by script or without."""

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.documents.models import Upload
from core.refusals import Refused
from filings.models import Application
from filings.views.agency_common import by_script, said
from filings.views.common import asking, tried

# (application, day, error) -> the upload as components/upload.html takes it.
Part = Callable[[Application, datetime.date, str], dict[str, Any]]


def take(
    request: HttpRequest,
    application: Application,
    act: Callable[..., Upload],
    part: Part,
    *,
    transition: str,
    done: str,
) -> HttpResponse:
    """Take the file by the workflow function `act`. Answers the script with the part anew, others with the form of the
    transition."""
    actor, on = asking(request)
    file, error = request.FILES.get("file"), "请先选择文件。"
    if file is not None:
        try:
            tried(act.__name__, actor, application, act, application, file, actor=actor, on=on)
            error = ""
        except Refused as refused:
            error = said(refused)
    if by_script(request):
        context = {"upload": part(application, on, error)}
        return render(request, "components/upload.html", context, status=422 if error else 200)
    if error:
        messages.error(request, error)
    else:
        messages.success(request, done)
    return redirect("filings:transition", application.pk, transition)
