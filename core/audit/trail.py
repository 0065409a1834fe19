"""The one way to write an audit event. It joins the caller's transaction: undone together, or kept together."""

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from core.audit import matters
from core.audit.models import Event, Outcome
from core.clock.clock import now

LABEL_LENGTH = 200
REQUEST_ID_LENGTH = 64


def _plain(content: Mapping[str, Any] | None) -> Any:
    """Dates, decimals and lazy words become the text that is stored, so that the row read back is the row written."""
    return json.loads(json.dumps(content or {}, cls=DjangoJSONEncoder))


def record(
    verb: str,
    *,
    actor: Any,
    on: datetime.date | None,
    matter: Any = None,
    outcome: str = Outcome.DONE,
    payload: Mapping[str, Any] | None = None,
    frozen: Mapping[str, Any] | None = None,
    label: str = "",
    request_id: str = "",
) -> Event:
    """Write one event and return it.

    actor: anything with `.user`, `.position`, `.label` (core.accounts.actors.Actor), or None where nobody is signed
    in; `label` then says who it was as far as is known. on: the legal date. matter: a saved row or (type, id).
    payload, frozen: JSON; never a personal number in clear. request_id: the web request's where none is given.
    """
    event = _event(verb, actor, on, matter, outcome, payload, frozen, label=label, request_id=request_id)
    event.save(force_insert=True)
    return event


def record_all(
    verb: str,
    done: Iterable[tuple[Any, Mapping[str, Any], Mapping[str, Any]]],
    *,
    actor: Any,
    on: datetime.date,
) -> None:
    """Write one event for each (matter, payload, frozen copy), as `record` writes one, all in one query."""
    moment = now()
    Event.objects.bulk_create(
        _event(verb, actor, on, matter, Outcome.DONE, payload, frozen, at=moment) for matter, payload, frozen in done
    )


def _event(
    verb: str,
    actor: Any,
    on: datetime.date | None,
    matter: Any,
    outcome: str,
    payload: Mapping[str, Any] | None,
    frozen: Mapping[str, Any] | None,
    *,
    label: str = "",
    request_id: str = "",
    **more: Any,
) -> Event:
    user = actor.user if actor is not None else None
    position = actor.position if actor is not None else None
    matter_type, matter_id = matters.key(matter) if matter is not None else ("", "")
    request_id = request_id or str(structlog.contextvars.get_contextvars().get("request_id", ""))
    return Event(
        verb=verb,
        on=on,
        outcome=outcome,
        actor_user_id=user.pk if user else None,
        actor_position_id=position.pk if position else None,
        actor_organisation_id=position.organisation_id if position else None,
        actor_label=(label or (actor.label if actor is not None else ""))[:LABEL_LENGTH],
        matter_type=matter_type,
        matter_id=matter_id,
        payload=_plain(payload),
        frozen=_plain(frozen),
        request_id=request_id[:REQUEST_ID_LENGTH],
        **more,
    )


def took_part(matter: Any, user_id: int, *, besides: int | None) -> bool:
    """Tell whether a user has done anything in a matter for another organisation than `besides`; looking is no part."""
    matter_type, matter_id = matters.key(matter)
    return parts(matter_type, matter_id, user_id, besides=besides).exists()


def parts(matter_type: str, matter_id: Any, user_id: int, *, besides: int | None) -> QuerySet[Event]:
    """Return what a user has done in a matter for another organisation than `besides`. matter_id: text, or an
    expression of it."""
    done = Event.objects.filter(matter_type=matter_type, matter_id=matter_id, actor_user_id=user_id)
    done = done.filter(outcome=Outcome.DONE, verb__startswith=f"{matter_type}.", actor_organisation_id__isnull=False)
    return done.exclude(actor_organisation_id=besides)
