"""In which form the API answers. By itself: rest_framework loads it while its views are being made."""

from typing import Any

from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request


class Negotiation(DefaultContentNegotiation):
    """Answers in JSON (or as the file it is) whatever Accept asks for: better than 406 without an answer."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Take what was asked for where we have it, else the view's first."""
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except exceptions.NotAcceptable:
            first = renderers[0] if renderers else JSONRenderer()
            return first, first.media_type
