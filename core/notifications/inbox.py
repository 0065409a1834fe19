"""The inbox of an actor: its organisation's messages that are meant for its role, or for it alone."""

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.accounts.actors import Actor
from core.counting import bounded_count
from core.notifications.models import Message, Reading

NEWEST, SHOWN = 200, 99


def inbox(actor: Actor) -> "QuerySet[Message]":
    """The actor's messages, newest first, each with `.unread` (by this user). Empty for the system actor."""
    if actor.user is None or actor.organisation_id is None:
        return Message.objects.none()
    readings = Reading.objects.filter(message=OuterRef("pk"), user=actor.user)
    return _mine(actor).annotate(unread=~Exists(readings)).order_by("-id")


def _mine(actor: Actor) -> "QuerySet[Message]":
    mine = Q(position__isnull=True) | Q(position=actor.position)
    return Message.objects.filter(mine, Q(roles=[]) | _for_role(actor.role), organisation_id=actor.organisation_id or 0)


def _for_role(role: str) -> Q:
    # SQLite's JSON has no containment; a role stands in quotes there, so no other role's name can match.
    if connection.vendor == "postgresql":
        return Q(roles__contains=role)
    return Q(roles__icontains=f'"{role}"')


def unread(actor: Actor) -> "QuerySet[Message]":
    """Those of the actor's messages that this user has not opened."""
    return inbox(actor).exclude(readings__user=actor.user)


def unread_count(actor: Actor | None) -> int:
    """How many of the actor's newest messages this user has not opened: SHOWN + 1 where they are more. It stands on
    every page of the desk, so it reads no more than the newest two hundred."""
    if actor is None or actor.user is None:
        return 0
    newest = _mine(actor).order_by("-id").values("pk")[:NEWEST]
    read = Reading.objects.filter(message=OuterRef("pk"), user=actor.user)
    return bounded_count(Message.objects.filter(~Exists(read), pk__in=newest), SHOWN)


def open_message(message: Message, actor: Actor) -> None:
    """Record that the actor's user has opened the message; recorded only, it starts nothing."""
    if actor.user is not None:
        Reading.objects.get_or_create(message=message, user=actor.user)


def open_all(actor: Actor) -> int:
    """Record every unread message of the actor as opened; return how many."""
    keys = list(unread(actor).values_list("pk", flat=True))
    Reading.objects.bulk_create(
        [Reading(message_id=pk, user=actor.user) for pk in keys], ignore_conflicts=True, batch_size=500
    )
    return len(keys)
