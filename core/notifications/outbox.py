"""The outbox: a message is a row of the transition's transaction; its deliveries leave after the commit."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from core.accounts.actors import in_force
from core.accounts.models import Organisation, Position
from core.audit import matters
from core.jobs import tell
from core.notifications.models import Delivery, Message


@dataclass(frozen=True)
class New:
    """A message to be sent: to the organisation's positions with one of `roles`, to all of them where none is named; to
    `position` alone where that is given. key: by which it is sent once."""

    key: str
    kind: str
    organisation: Organisation
    title: str
    body: str
    roles: tuple[str, ...] = ()
    position: Position | None = None
    link: str = ""
    matter: Any = None


# Where each channel reaches a user.
_ADDRESSES = {Delivery.Channel.EMAIL: "user__email", Delivery.Channel.SMS: "user__phone"}


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

    The words as `New` has them. Effects in order: the message, a delivery for each such user with an e-mail address
    (and a telephone, where SMS is set up), the worker told after commit. A key that was used before returns its
    message, nothing is sent again.
    """
    new = _message(New(key, kind, organisation, title, body, tuple(roles), position, link, matter), on)
    values = {field.name: getattr(new, field.name) for field in Message._meta.concrete_fields if field.name != "id"}
    message, created = Message.objects.get_or_create(key=values.pop("key"), defaults=values)
    if created:
        _deliver([message], on)
    return message


def send_all(messages: Iterable[New], *, on: datetime.date) -> None:
    """Send messages whose keys have not been used before, as `send` sends one, with the same few queries for any number
    of them; of several with one key the first."""
    fresh = {one.key: _message(one, on) for one in reversed(list(messages))}
    if fresh:
        _deliver(Message.objects.bulk_create(reversed(fresh.values())), on)


def _message(new: New, on: datetime.date) -> Message:
    matter_type, matter_id = matters.key(new.matter) if new.matter is not None else ("", "")
    return Message(
        key=new.key,
        kind=new.kind,
        organisation=new.organisation,
        roles=sorted(new.roles),
        position=new.position,
        title=new.title,
        body=new.body,
        link=new.link,
        matter_type=matter_type,
        matter_id=matter_id,
        on=on,
    )


def _deliver(messages: list[Message], on: datetime.date) -> None:
    """Add a delivery per message, user and channel; tell the worker. Those of a whole sweep come through here, so no
    more is read than needed."""
    people = list(
        Position.objects.filter(
            in_force(on), organisation__in={one.organisation_id for one in messages}, user__is_active=True
        )
        .order_by("user")
        .values_list("organisation", "role", "pk", "user", *_ADDRESSES.values())
    )
    channels = [Delivery.Channel.EMAIL, Delivery.Channel.SMS] if settings.SMS_BACKEND else [Delivery.Channel.EMAIL]
    reached = {
        one: dict.fromkeys(
            (user, channel)
            for channel in channels
            for organisation, role, position, user, *addresses in people
            if organisation == one.organisation_id
            and (not one.roles or role in one.roles)
            and one.position_id in (None, position)
            and dict(zip(_ADDRESSES, addresses, strict=True))[channel]
        )
        for one in messages
    }
    Delivery.objects.bulk_create(
        Delivery(message=one, user_id=user, channel=channel)
        for one, found in reached.items()
        for user, channel in found
    )
    from core.notifications.tasks import deliver

    for one, found in reached.items():
        if found:
            tell(deliver, one.pk)
