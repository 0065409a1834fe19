"""What is published of a filing: its allow-listed public record (declared in filings/matters.py), and its receipts."""

import datetime
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from core.documents.models import OfficialDocument
from core.publications import register as publications
from core.workflow.transitions import Step
from filings import contents
from filings.enums import ApplicationKind, FilingState
from filings.models import Filing, Receipt, unchanging
from filings.terms import Term, terms
from filings.workflow import steps
from regulation.codes import level_range_text


def issue_receipts(
    step: Step,
    filing: Filing,
    on: datetime.date,
    *,
    partial: bool = False,
    ruling: Mapping[str, Any] | None = None,
) -> list[OfficialDocument]:
    """Issue a receipt (M12) for the term that runs and the one to come, and publish the record with each; a renewal
    granted ahead leaves the receipt of the old term as it is.

    A receipt given before is superseded from the first day of the new one. ruling: what it is issued upon, where no
    application was granted (filings.undoing.ruling). Returns the papers, the newest last.
    """
    centre = steps.centre()
    assert centre is not None
    issued: dict[datetime.date, OfficialDocument] = {}
    found = terms(filing, on)
    with unchanging([filing]):
        for number, term in enumerate(found[-1:] if step.matter.kind == ApplicationKind.RENEWAL else found):
            paper = steps.issue(
                step,
                "receipt",
                issuer=centre,
                variant=str(number or ""),
                **contents.receipt(filing, term),
                partial=partial,
                **({"ruling": dict(ruling)} if ruling else {}),
            )
            _supersede(filing, term, on)
            Receipt.objects.create(
                filing=filing, document=paper, valid_from=term.valid_from, valid_until=term.valid_until
            )
            issued[term.valid_from] = paper
        publish(filing, on, ruling=ruling, issued=issued)
    return list(issued.values())


def _supersede(filing: Filing, term: Term, on: datetime.date) -> None:
    """Let the receipts given before for this term, and for those before it, be superseded from its first day on."""
    for earlier in filing.receipts.filter(valid_from__lte=term.valid_from):
        since = on if earlier.valid_from == term.valid_from else max(term.valid_from, on)
        if earlier.superseded_on is None or earlier.superseded_on > since:
            earlier.superseded_on = since
            earlier.save(update_fields=["superseded_on"])


def publish(
    filing: Filing,
    on: datetime.date,
    *,
    event: str = "",
    ruling: Mapping[str, Any] | None = None,
    corrects: str = "",
    issued: Mapping[datetime.date, OfficialDocument] = MappingProxyType({}),
) -> None:
    """Publish the whole record anew, for each term with the newest receipt of it. The registry reads the newest: what
    takes effect in hindsight (a refusal served some days ago) is not published under an earlier day than the last.

    event: what happened, where the record's own differences do not say it: "suspended", "lifted".
    ruling, corrects: what brought the record about, where it was a ruling, or the correction of a receipt.
    issued: receipts issued just now, by the first day of their term.
    """
    day = max(on, publications.last_day("filing", filing) or on) if filing.published else on
    filing.published += 1
    filing.save(update_fields=["published"])
    why: dict[str, Any] = {"ruling": dict(ruling)} if ruling else {"corrects": corrects} if corrects else {}
    found = []
    for term in terms(filing, on):
        paper = issued.get(term.valid_from) or _newest_receipt(filing, term).document
        content = record(filing, paper, term) | {"event": event} | why
        found.append(publications.New(_key(filing, term), filing.name, content, filing))
    publications.publish_all("filing", found, on=day)


def _newest_receipt(filing: Filing, term: Term) -> Receipt:
    return filing.receipts.filter(valid_from=term.valid_from).select_related("document").latest("id")


def publish_first(issued: Iterable[tuple[Filing, OfficialDocument, Term]], on: datetime.date) -> None:
    """Publish the first record of filings that were made just now, each with its receipt and its only term."""
    publications.publish_all(
        "filing",
        [
            publications.New(_key(filing, term), filing.name, record(filing, paper, term) | {"event": ""}, filing)
            for filing, paper, term in issued
        ],
        on=on,
    )


def _key(filing: Filing, term: Term) -> str:
    return f"filing:{filing.pk}:{filing.published}:{term.valid_from}"


def record(filing: Filing, paper: OfficialDocument, term: Term) -> dict[str, Any]:
    """Return the public record of a filing in a term."""
    rows, sites = filing.entries_on(term.since)
    return {
        "name": filing.name,
        "code": filing.code,
        "credit_code": filing.credit_code,
        "area": filing.area.name,
        "area_code": filing.area_id,
        "address": filing.address,
        "valid_from": term.valid_from.isoformat(),
        "valid_until": term.valid_until.isoformat(),
        "state": filing.state,
        "held_open": filing.held_open,
        "ended_on": filing.ended_on.isoformat() if filing.ended_on else None,
        "ended_by": _ended_by(filing),
        "suspensions": [
            {
                "since": one.since.isoformat(),
                "until": one.until.isoformat() if one.until else None,
                "source": one.source,
            }
            for one in filing.suspensions.all()
        ],
        "receipt": paper.number,
        "verification": paper.code,
        "scope": [
            {
                "code": row.occupation_id,
                "occupation": row.occupation.name,
                "levels": row.levels,
                "levels_text": level_range_text(row.levels),
                "sites": [site.name for site in row.sites.all()],
            }
            for row in rows
        ],
        "sites": [
            {"name": site.name, "area": site.area.name, "area_code": site.area_id, "address": site.address}
            for site in sites
        ],
    }


def _ended_by(filing: Filing) -> dict[str, str] | None:
    """The decision that deregistered it: its ground, number and verification code."""
    if filing.state != FilingState.DEREGISTERED:
        return None
    row = filing.deregistrations.filter(effective_on__isnull=False).select_related("document").first()
    if row is None or row.document is None:
        return None
    return {"ground": row.ground, "number": row.document.number, "verification": row.document.code}
