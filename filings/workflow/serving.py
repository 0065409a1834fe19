"""Recording how a paper was served where the agency has not consented to service in the portal (送达)."""

import datetime
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from django.core.files import File
from django.db import transaction as database

from core.accounts.actors import Actor
from core.accounts.models import Role
from core.audit.matters import key as matter_key
from core.clock.words import in_words
from core.deadlines import clocks, lapses
from core.deadlines.models import Clock, ClockState
from core.documents import formats, service, uploads
from core.documents.models import OfficialDocument, Service
from core.notifications import outbox
from core.notifications.models import Message
from core.refusals import Reason, Refused
from core.workflow.spec import spec_for
from core.workflow.transitions import lock_settled
from filings import permissions, queries
from filings.enums import Requester
from filings.models import Application, Filing
from filings.workflow import steps

# What is served into a running period, and ends it.
BEFORE_A_LAPSE = frozenset({"correction", "deregistration"})


def may_record_service(actor: Actor, matter: steps.Matter, paper: OfficialDocument) -> bool:
    """Whether the actor is handler of the office that issued the paper: who issues sees to the service."""
    if isinstance(matter, Application) and paper.issuer_id == matter.receiving_id:
        return bool(permissions.is_receiving_handler.test(actor, matter))
    return bool(permissions.is_centre_handler.test(actor, matter))


def is_to_agency(matter: steps.Matter, paper: OfficialDocument) -> bool:
    """Whether a paper of the matter is its agency's to be served with: addressed to it, or a receipt of the filing that
    was addressed, before the agency took its filing over, to the one that a register had made."""
    if paper.addressee_id == matter.agency_id:
        return True
    return isinstance(matter, Filing) and matter.receipts.filter(document=paper).exists()


def settles_until(
    paper: OfficialDocument, *, method: str, served_on: datetime.date, on: datetime.date
) -> datetime.date:
    """Return before which day lapses go first when this service is recorded: today; but of what is served into a
    running period the day of its service, so that a period which had not ended by then does not lapse before it."""
    return min(service.effective_on(method, served_on), on) if paper.series in BEFORE_A_LAPSE else on


@uploads.scanned_first
def record_service(
    matter: steps.Matter,
    paper: OfficialDocument,
    *,
    method: str,
    served_on: datetime.date,
    proof: File,
    actor: Actor,
    on: datetime.date,
    note: str = "",
    attempts: Sequence[Mapping[str, Any]] = (),
) -> Service:
    """Record service of a paper to the agency, by the handler of the office that issued it, with its proof.

    Effects in order: the lapses of `settles_until`; the proof as an upload; the service and what starts with it; the
    lapses due since. What a lapse has overtaken stays without effect, and the returned row's `no_effect` says why.
    Raises NotAllowed, Refused with every reason, Invalid for a file that cannot be taken.
    """
    steps.require(may_record_service(actor, matter, paper), "登记这份文书的送达")
    if not is_to_agency(matter, paper):
        raise Refused(Reason("not_to_agency", "这份文书不是发给申请机构的，不用登记送达。", "document"))
    matter_type, matter_id = matter_key(matter)
    until = settles_until(paper, method=method, served_on=served_on, on=on)
    with ExitStack() as stack:
        lock_settled(stack, spec_for(matter_type), matter_id, actor=actor, on=until)
        upload = uploads.receive(proof, matter=matter, slot="proof", actor=actor, on=on, formats=formats.SCANS)
        recorded = service.record_service(
            paper,
            method=method,
            served_on=served_on,
            proof=upload,
            actor=actor,
            on=on,
            note=note,
            attempts=attempts,
        )
    lapses.settle(matter_type, matter_id, on)
    return recorded


def to_record(application: Application) -> str:
    """Say until when service of the application's correction notice must be recorded; "" where none waits."""
    waits = queries.unserved(Application.objects.filter(pk=application.pk)).filter(kind=Requester.CORRECTION)
    clock = clocks.running(application, "completeness")
    return by_when(clock) if clock is not None and waits.exists() else ""


def by_when(clock: Clock) -> str:
    """Say what the end of this completeness clock means for a correction notice without consent to the portal."""
    day = clock.due_on
    unsure = "（暂定）" if clock.provisional else ""
    return f"请在{in_words(day)}{unsure}24:00前登记送达，逾期系统视为受理。"


@database.atomic
def remind_to_record(on: datetime.date) -> int:
    """Remind the receiving handlers of correction notices whose last day it is and whose service is not recorded.

    Once per notice and last day; registered beside the clocks' own reminders. Returns how many went out.
    """
    last = Clock.objects.filter(
        matter_type=queries.MATTER, kind="completeness", state=ClockState.RUNNING, due_on=on
    ).values_list("matter_id", flat=True)
    ending = Application.objects.filter(pk__in=[int(pk) for pk in last])
    keys = {
        f"unserved:{notice.pk}:{on}": notice.application
        for notice in queries.unserved(ending).filter(kind=Requester.CORRECTION)
    }
    sent = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    for key, application in keys.items():
        if key not in sent:
            outbox.send(
                key,
                "service_unrecorded",
                organisation=steps.receiving(application),
                roles=(Role.HANDLER,),
                title=f"今天是登记送达的最后一天：{application.name}",
                body=f"补正通知已发出，还没有登记送达。请在{in_words(on)}24:00前登记，逾期系统视为受理。",
                on=on,
                link=f"/applications/{application.pk}/",
                matter=application,
            )
    return len(keys) - len(sent)
