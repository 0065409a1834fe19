"""Recording how a paper of an application was served where the agency has not consented to the portal (送达)."""

import datetime

from django.core.files import File
from django.db import transaction as database

from core.accounts.actors import Actor
from core.audit.matters import key as matter_key
from core.deadlines import lapses
from core.documents import service, uploads
from core.documents.models import OfficialDocument, Service
from core.refusals import Reason, Refused
from filings import permissions
from filings.models import Application
from filings.workflow import steps


def may_record_service(actor: Actor, application: Application, paper: OfficialDocument) -> bool:
    """Whether the actor is handler of the office that issued the paper: who issues sees to the service."""
    if paper.issuer_id == application.receiving_id:
        return bool(permissions.is_receiving_handler.test(actor, application))
    return bool(permissions.is_centre_handler.test(actor, application))


def record_service(
    application: Application,
    paper: OfficialDocument,
    *,
    method: str,
    served_on: datetime.date,
    proof: File,
    actor: Actor,
    on: datetime.date,
    note: str = "",
) -> Service:
    """Record service of a paper to the agency, by the handler of the office that issued it, with its proof.

    Effects in order: lapses; the proof as an upload; the service and what starts with it. Raises NotAllowed, Refused
    with every reason, Invalid for a file that cannot be taken.
    """
    steps.require(may_record_service(actor, application, paper), "登记这份文书的送达")
    if paper.addressee_id != application.agency_id:
        raise Refused(Reason("not_to_agency", "这份文书不是发给申请机构的，不用登记送达。", "document"))
    lapses.settle(*matter_key(application), on)
    with database.atomic():
        upload = uploads.receive(proof, matter=application, slot="proof", actor=actor, on=on)
        return service.record_service(
            paper, method=method, served_on=served_on, proof=upload, actor=actor, on=on, note=note
        )
