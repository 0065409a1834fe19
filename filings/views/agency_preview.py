"""An application as the reviewing officers see it: the same parts and the same checks, without their marks."""

import datetime
from typing import Any

from filings import asked, lateness
from filings.models import Application
from filings.views import evidence, particulars
from filings.views.common import file_link


def preview(application: Application, on: datetime.date) -> dict[str, Any]:
    """Return what templates/filings/agency/preview.html shows, from the functions of the officers' page."""
    scope = list(application.scope.select_related("occupation").prefetch_related("sites", "left_out__site"))
    names = {item.occupation_id: item.occupation.name for item in scope}
    checks = asked.checks(application, on)
    return {
        "asked_lines": asked.lines(application, on),
        "report": lateness.of(application),
        "found_by": (scan := lateness.found_by(application)) and file_link(scan),
        **particulars.context(application, scope, checks, folded=False),
        "materials": evidence.materials(application, checks, names, with_marks=False),
        **evidence.conditions(checks, names),
    }
