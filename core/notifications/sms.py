"""Text messages: a class named by settings.SMS_BACKEND sends them; without one none are made."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class SmsBackend(Protocol):
    """What a gateway's class offers. It raises OSError for a failure that may pass."""

    def send(self, number: str, text: str, *, reference: str) -> None:
        """Send `text`; the same `reference` again is the same message."""


def backend() -> SmsBackend:
    """Return the configured gateway. Raises ImportError for a wrong path."""
    made: SmsBackend = import_string(settings.SMS_BACKEND)()
    return made
