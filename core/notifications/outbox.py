"""The outbox: a message is a row of the transition's transaction; its deliveries leave after the commit."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from core.accounts.actors import in_force
from core.accounts.models import Organisation, Position
from core.audit import matters
from core.jobs import tell
from core.notifications.models import Delivery, Message


def send(
    key: str,
    kind: str,
    *,
    organisation: Organisation,
    title: str,
    body: str,
    on: datetime.date,
    roles: Iterable[str] = (),
    position: Position | None = None,
    link: str = "",
    matter: Any = None,
) -> Message:
    """Put a message into an organisation's inbox, once per `key`, inside the caller's transaction.

    It is for the positions with one of `roles`, for all of them where none is named; for `position` alone where that is
    given. Effects in order: the message, a delivery for each such user with an e-mail address (and a telephone, where
    SMS is set up), the worker told after commit. A key that was used before returns its message, nothing is sent again.
    """
    matter_type, matter_id = matters.key(matter) if matter is not None else ("", "")
    message, created = Message.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "organisation": organisation,
            "roles": sorted(roles),
            "position": position,
            "title": title,
            "body": body,
            "link": link,
            "matter_type": matter_type,
            "matter_id": matter_id,
            "on": on,
        },
    )
    if created and Delivery.objects.bulk_create(_deliveries(message, on)):
        from core.notifications.tasks import deliver

        tell(deliver, message.pk)
    return message


def audience(message: Message, on: datetime.date) -> "QuerySet[Position]":
    """The positions a message is for, of those that hold on that day."""
    positions = Position.objects.filter(in_force(on), organisation=message.organisation, user__is_active=True)
    if message.roles:
        positions = positions.filter(role__in=message.roles)
    if message.position_id:
        positions = positions.filter(pk=message.position_id)
    return positions.select_related("user").order_by("user_id")


def _deliveries(message: Message, on: datetime.date) -> list[Delivery]:
    """A delivery per user and channel. Every message of a sweep comes through here, so no more is read than needed."""
    people = audience(message, on).select_related(None)
    mailed = people.exclude(user__email="").values_list("user_id", flat=True)
    found = [(user_id, Delivery.Channel.EMAIL) for user_id in dict.fromkeys(mailed)]
    if settings.SMS_BACKEND:
        called = people.exclude(user__phone="").values_list("user_id", flat=True)
        found += [(user_id, Delivery.Channel.SMS) for user_id in dict.fromkeys(called)]
    return [Delivery(message=message, user_id=user_id, channel=channel) for user_id, channel in found]
