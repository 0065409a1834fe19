"""The signed links in letters: whoever holds one reads the mailbox."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from registry.subscriptions.models import Letter

CONFIRM, CANCEL = "subscription-confirm", "subscription-cancel"


def confirm(letter: Letter) -> str:
    """Return the link by which what a letter asks about is confirmed."""
    token = signing.dumps({"subscription": letter.subscription_id, **letter.wish}, salt=CONFIRM)
    return settings.PORTAL_ADDRESS + reverse("registry:confirm-subscription", args=[token])


def cancel_path(subscription_id: int) -> str:
    """Return the path by which a subscription is ended; good for as long as it stands."""
    return reverse("registry:unsubscribe", args=[signing.dumps(subscription_id, salt=CANCEL)])


def cancel(subscription_id: int) -> str:
    """Return the same as a link in a letter."""
    return settings.PORTAL_ADDRESS + cancel_path(subscription_id)


def read(token: str, salt: str, max_age: int | None = None) -> Any:
    """Return what a link bears; None where it is not ours, or older than max_age (seconds)."""
    try:
        return signing.loads(token, salt=salt, max_age=max_age)
    except signing.BadSignature:
        return None
