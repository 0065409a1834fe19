"""The blank pledge as a PDF, with the agency's name and code in it: to print, sign, seal and scan (M8(6))."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.template.loader import render_to_string

from core.documents import rendering
from filings import contents
from filings.models import Application
from regulation import pledge

FILE_NAME = f"{pledge.TITLE}（空白）.pdf"


def pdf(application: Application) -> bytes:
    """Return the form, filled with the agency's name and credit code; date, signature and seal stay blank."""
    return _pdf(contents.who(application))


@cache
def sample() -> bytes:
    """Return the form with nothing filled in, for the guide; made once in a process."""
    return _pdf({"agency": "", "credit_code": ""})


def _pdf(who: Mapping[str, Any]) -> bytes:
    context = {"title": pledge.TITLE, "sentences": pledge.SENTENCES, **who}
    return rendering.pdf(render_to_string("papers/pledge_form.html", context))
