"""A clerical error in an issued paper is mended by a new numbered one (更正), by two people."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction as database

from core.accounts.actors import Actor
from core.documents import papers, service
from core.documents.models import OfficialDocument
from core.notifications import outbox
from core.workflow import proposals
from core.workflow.models import Proposal
from core.workflow.transitions import transition
from filings import clerical, permissions
from filings.models import Application, ClericalCorrection, Filing, Receipt
from filings.workflow import life, records, steps


@database.atomic
def propose_correction(
    application: Application,
    document: OfficialDocument,
    *,
    actor: Actor,
    on: datetime.date,
    values: Mapping[str, str],
    reason: str,
    proposal_reason: str = "",
) -> Proposal:
    """Propose to correct words of a paper, by a handler of the office that issued it; its chief is told, and decides.

    values: {path: what it is to say}; what says that already is left out. Raises NotAllowed, Refused with every reason.
    """
    correction = ClericalCorrection.objects.create(
        application=application,
        document=document,
        changes=clerical.differences(document, values),
        reason=reason.strip(),
        drafted_on=on,
    )
    steps.require(permissions.is_correcting_handler.test(actor, correction), "更正这份文书")
    return proposals.propose(correction, "correct_paper", actor=actor, on=on, payload={}, reason=proposal_reason)


def correct_paper(
    correction: ClericalCorrection, *, actor: Actor, on: datetime.date, proposal: Proposal
) -> ClericalCorrection:
    """Issue the corrected paper, decided by the chief of the office that issued the first.

    Effects in order: the new paper, which supersedes the old one and names what was corrected; of a receipt the
    filing's own words, its receipt and its public record; service as of any paper; a message; a line in the
    application's course. No period starts anew.
    """
    with transition(correction, "correct_paper", actor=actor, on=on, proposal=proposal) as step:
        matter: ClericalCorrection = step.matter
        old, application = matter.document, matter.application
        new = papers.create(
            old.series,
            matter=application,
            key=step.key(old.series),
            issuer=old.issuer,
            addressee=old.addressee,
            content=clerical.content(old, matter.changes, matter.reason),
            on=on,
            supersedes=old,
        )
        matter.issued, matter.decided_on = new, on
        if receipt := Receipt.objects.filter(document=old).first():
            _correct_filing(matter, receipt, new, on)
        lines = "；".join(f"{one['label']}更正为“{one['after']}”" for one in matter.changes)
        if old.addressee_id == application.agency_id:
            service.serve_in_portal(new, on)
            outbox.send(
                f"{step.key('corrected')}:{application.agency_id}",
                "corrected",
                organisation=application.agency,
                roles=steps.AGENCY,
                title=f"《{old.title}》已更正",
                body=f"{old.number}由{new.number}更正并取代：{lines}。",
                on=on,
                link=f"/applications/{application.pk}/",
                matter=application,
            )
        step.payload.update(number=old.number, corrected=matter.changes, documents=[new.number])
        steps.note(
            application, "correct_paper", actor=actor, on=on, corrects=old.number, lines=lines, documents=[new.number]
        )
    return correction


def _correct_filing(correction: ClericalCorrection, receipt: Receipt, new: OfficialDocument, on: datetime.date) -> None:
    """The filing says what its receipt says: its own words, its receipt, its public record."""
    filing = life.lock(str(receipt.filing_id))
    for target, _, after in clerical.targets(correction, filing, on):
        assert target is not None  # the conditions saw to it
        setattr(target.row, target.field, after)
        target.row.save(update_fields=[target.field])
        if isinstance(target.row, Filing):
            setattr(filing, target.field, after)
    Receipt.objects.create(
        filing=filing,
        document=new,
        valid_from=receipt.valid_from,
        valid_until=receipt.valid_until,
        superseded_on=receipt.superseded_on,
    )
    receipt.superseded_on = on
    receipt.save(update_fields=["superseded_on"])
    records.publish(filing, on, corrects=correction.document.number)


def freeze_correction(correction: ClericalCorrection) -> dict[str, Any]:
    """Return the content of a proposed correction."""
    return {
        "paper": correction.document.number,
        "content": correction.document.content_hash,
        "changes": correction.changes,
        "reason": correction.reason,
        "state": correction.state,
    }
