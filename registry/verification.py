"""What the public learns of a paper by its code or its PDF: which state it is in as of a day, and what was checked."""

import datetime
from dataclasses import dataclass

from django.core.files import File

from core.clock.words import in_words
from core.documents import verification as papers
from core.documents.models import DocumentState, OfficialDocument
from core.refusals import Invalid, Reason
from registry.directory import Agency, find_by_receipt
from registry.records import Record
from registry.standing import ENDED, Finding, Standing

RECEIPT = "receipt"


@dataclass(frozen=True)
class Successor:
    """The receipt that replaces, or will replace, the one asked about. code: its verification code."""

    number: str
    code: str
    valid_from: datetime.date


@dataclass(frozen=True)
class Verified:
    """The answer about one paper.

    document: None where there is none. agency, record: of a receipt, what is published of it; a paper that is not
    public answers with number, kind, date and issuer alone.
    """

    finding: Finding
    on: datetime.date
    document: OfficialDocument | None = None
    agency: Agency | None = None
    record: Record | None = None
    successor: Successor | None = None
    verdict: papers.Verdict | None = None
    checks: tuple[papers.Check, ...] = ()

    @property
    def trustworthy(self) -> bool:
        """Whether a PDF that was handed in is ours to the byte; true where only a code was asked about."""
        return self.verdict in {None, papers.Verdict.GENUINE, papers.Verdict.SUPERSEDED}

    @property
    def pending(self) -> bool:
        """Whether the signed PDF is still being made."""
        return self.document is not None and self.document.state == DocumentState.PENDING


def receipt(code: str, on: datetime.date) -> OfficialDocument | None:
    """Return the receipt with that code whose PDF everybody may have: as long as what is published of it stands (M12).

    None for every other paper, and while the PDF is still being made.
    """
    verified = by_code(code, on)
    return verified.document if verified.record is not None and not verified.pending else None


def by_code(code: str, on: datetime.date, known: datetime.date | None = None) -> Verified:
    """Return the state of the paper with that verification code, typed in any manner, as of a day. known: the day whose
    knowledge is asked, where that is another."""
    document = papers.by_code(code)
    if document is None:
        return Verified(Finding(Standing.UNKNOWN, "门户没有签发过带有这个核验码的文书。请核对后重新输入。"), on)
    return of_document(document, on, known)


def read_pdf(file: File) -> bytes:
    """Return the bytes of a file handed in for checking. Raises Invalid for what is too large or no PDF."""
    if file.size > papers.MAX_BYTES:
        limit = papers.MAX_BYTES // 1024 // 1024
        raise Invalid(Reason("too_large", f"文件超过 {limit} MB，不会是门户签发的文书。请核对后重新选择。", "file"))
    data: bytes = file.read()
    if b"%PDF-" not in data[:1024]:
        text = "这不是 PDF 文件。门户签发的文书都是 PDF，照片和截图不能核验，请改用核验码。"
        raise Invalid(Reason("not_a_pdf", text, "file"))
    return data


def by_pdf(data: bytes, on: datetime.date) -> Verified:
    """Return what came of checking a PDF; the state of the paper where the file is it, to the byte. Never raises."""
    result = papers.by_pdf(data)
    if result.verdict is papers.Verdict.NOT_OURS:
        return Verified(
            Finding(Standing.UNKNOWN, "这份文件不是本门户签发的文书。"),
            on,
            verdict=result.verdict,
            checks=result.checks,
        )
    if result.verdict is papers.Verdict.ALTERED or result.document is None:
        # What an altered file claims to be is no answer about the paper: it is named only so that it can be asked for.
        why = "文件内容与签发的文书不一致，不能作为凭据。请向出示文件的一方索取原件，或用核验码查询。"
        return Verified(Finding(Standing.UNKNOWN, why), on, verdict=papers.Verdict.ALTERED, checks=result.checks)
    known = of_document(result.document, on)
    return Verified(
        known.finding, on, known.document, known.agency, known.record, known.successor, result.verdict, result.checks
    )


def of_document(document: OfficialDocument, on: datetime.date, known: datetime.date | None = None) -> Verified:
    """Return the state of a paper as of a day: a receipt's from what is published, another paper's from its series."""
    if document.on > on:
        why = f"这份文书于{in_words(document.on)}签发，在此之前没有效力。"
        return Verified(Finding(Standing.COMING, why), on, document)
    why = papers.undone(document, on)
    undone = Finding(Standing.REVOKED, why) if why else None
    if document.series != RECEIPT or not document.public:
        return Verified(undone or _plain(document), on, document)
    agency = find_by_receipt(document.code, on, known)
    records = reversed(agency.records) if agency else ()
    record = next((one for one in records if one.verification == document.code), None)
    if agency is None or record is None:
        why = "这份回执是真实的，但它的公开信息已经撤下。请向市职业技能鉴定指导中心核实现在的效力。"
        return Verified(undone or Finding(Standing.UNPUBLISHED, why), on, document)
    successor = _successor(agency, record)
    return Verified(undone or _receipt(agency, record, successor, on), on, document, agency, record, successor)


def _plain(document: OfficialDocument) -> Finding:
    successor = papers.successor_of(document)
    if successor is None:
        hidden = "" if document.public else "依规定不公开内容，"
        return Finding(Standing.AUTHENTIC, f"门户签发过这份文书。{hidden}请与手中文书核对文号、日期和签发单位。")
    return Finding(
        Standing.SUPERSEDED, f"门户签发过这份文书，后来被{in_words(successor.on)}签发的{successor.number}替换。"
    )


def _successor(agency: Agency, record: Record) -> Successor | None:
    """The later record that carries another receipt of this term or one to come: the newest of this term or in effect
    on the agency's day, else the newest of the term to come."""
    place = agency.records.index(record)
    following = [
        one
        for one in agency.records[place + 1 :]
        if one.verification != record.verification and one.valid_from >= record.valid_from
    ]
    if not following:
        return None
    begun = max(agency.on, record.valid_from)
    found = next((one for one in reversed(following) if one.valid_from <= begun), None) or following[-1]
    return Successor(found.receipt, found.verification, found.valid_from)


def _receipt(agency: Agency, record: Record, successor: Successor | None, on: datetime.date) -> Finding:
    if agency.finding.standing in ENDED:
        return agency.finding
    if successor is None and record.valid_from > on:
        why = f"这份回执自{in_words(record.valid_from)}起生效，在此之前以现行回执为准。"
        return Finding(Standing.COMING, why)
    own = agency.finding_of(record)
    if successor is None:
        return own
    if successor.valid_from > max(on, record.valid_from):
        return Finding(
            own.standing, f"{own.why}延续后的回执{successor.number}自{in_words(successor.valid_from)}起生效。"
        )
    return Finding(
        Standing.SUPERSEDED,
        f"这份回执已被{successor.number}替换，不再使用。机构的备案现在{agency.finding.label}，以新回执为准。",
    )
