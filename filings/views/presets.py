"""The filters that an office's officers are offered over their queue, beside those that they keep themselves."""

import datetime

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind
from core.web.saved_filters import Offer
from filings import queries
from filings.enums import ApplicationState, Due, Lateness, Turn
from filings.models import Application
from filings.views import queue

# They are counted for everyone who opens the queue: among so many that lapse first, however long it is.
WITHIN = 1_000

# Name and address of each, by the office; an address as `saved_filters.canonical` writes it.
_SOON = (Due.SOON.label, f"due={Due.SOON}")
_OVERDUE = ("已逾期", f"late={Lateness.OVERDUE}")
_COUNTER = ("窗口代录", "counter=yes")
_URGENT = ("急需紧缺", "urgent=yes")

PRESETS: dict[str, tuple[tuple[str, str], ...]] = {
    OrganisationKind.COUNTY: (
        ("等我办理", f"turn={Turn.COUNTY}"),
        _SOON,
        _OVERDUE,
        ("补正中", f"state={ApplicationState.CORRECTING}"),
        _COUNTER,
    ),
    OrganisationKind.CENTRE: (("等我办理", f"turn={Turn.CENTRE}"), _SOON, _OVERDUE, _URGENT, _COUNTER),
    OrganisationKind.BUREAU: (("等我办理", f"turn={Turn.BUREAU}"), _SOON, _OVERDUE, _URGENT),
}


def offered(actor: Actor, on: datetime.date) -> list[Offer]:
    """Return what this actor is offered, each with what it shows of the queue."""
    waiting = queries.urgent(queries.visible_to(actor), actor).order_by(*queue.URGENT_ORDER)
    first = [int(pk) for pk in waiting.values_list("matter_id", flat=True)[: WITHIN + 1]]
    rows, more = Application.objects.filter(pk__in=first[:WITHIN]), len(first) > WITHIN
    return [
        Offer(label, query, queue.filtered(rows, dict([query.split("=")]), actor, on).count(), more)
        for label, query in PRESETS.get(actor.kind, ())
    ]
