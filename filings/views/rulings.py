"""The scan of a ruling that sets a decision aside: taken beside the form that proposes it."""

import datetime
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.accounts.actors import AUTHORITIES
from core.accounts.sessions import signed_in
from core.deadlines.models import Clock
from core.reference import settings
from core.web import clock_rows
from core.web.clock_view import ShownClock
from filings import conditions, workflow
from filings.models import Application
from filings.views import agency_common as common
from filings.views import beside
from filings.views.common import application_or_404, file_link


def ruling_part(application: Application, on: datetime.date, error: str = "") -> dict[str, Any]:
    """The upload of a ruling's scan as components/upload.html takes it."""
    newest = conditions.ruling(application)
    return {
        "id": "id_ruling",
        "url": reverse("filings:ruling", args=[application.pk]),
        "label": "裁决文书的扫描件",
        "accept": ".pdf,.jpg,.jpeg,.png",
        "camera": True,
        "limit_mb": settings.value("upload_max_mb", on),
        "hint": "行政复议决定书、判决书或裁定书，全部页。提交负责人决定之前先上传；申请机构是当事人，可以查看。",
        "current": common.shown(newest) if newest else None,
        "versions": [],
        "error": error,
    }


def listed(application: Application) -> list[dict[str, Any]]:
    """Return what rulings have set aside, each with its scan, the newest first."""
    rows = application.settings_aside.select_related("ruling").order_by("-id")
    return [{"row": row, "file": file_link(row.ruling)} for row in rows]


def strip(clock: Clock, application: Application) -> ShownClock:
    """A clock as its strip shows it: one that a ruling started afresh begins with the taking up."""
    shown = clock_rows.shown(clock)
    afresh = application.settings_aside.filter(on=clock.starts_on).exists()
    return replace(shown, start_word="恢复") if afresh else shown


@require_POST
@signed_in(*AUTHORITIES)
def upload_ruling(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the scan."""
    return beside.take(
        request,
        application_or_404(request, pk),
        workflow.upload_ruling,
        ruling_part,
        transition="set_aside",
        done="裁决文书已上传。",
    )
