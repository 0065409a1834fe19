"""Verification: a paper by its code, or a PDF somebody holds: its hash, its signature, whose certificate."""

import datetime
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO

import pikepdf
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core.documents import codes
from core.documents.formats import unbounded
from core.documents.models import DocumentState, OfficialDocument
from core.documents.rendering import ATTACHMENT
from core.documents.signing import fingerprint

# (a paper, a day) -> why what it decided does not hold on that day, in one sentence; "" where nothing has undone it.
Undone = Callable[[OfficialDocument, datetime.date], str]

_undone: dict[str, Undone] = {}


def register_undone(matter_type: str, function: Undone) -> None:
    """Say what undoes papers of matters of this type (their rows never change), from an app's ready()."""
    _undone[matter_type] = function


def undone(document: OfficialDocument, on: datetime.date) -> str:
    """Return why what a paper decided holds no longer on that day; "" where it was not undone."""
    asked = _undone.get(document.matter_type)
    return asked(document, on) if asked else ""


MAX_BYTES = 20 * 1024 * 1024


class Verdict(StrEnum):
    """What came of checking a PDF."""

    GENUINE = "genuine"
    SUPERSEDED = "superseded"
    ALTERED = "altered"
    NOT_OURS = "not_ours"

    @property
    def label(self) -> str:
        """In words."""
        return {
            "genuine": "文件真实：与签发的文书一字不差",
            "superseded": "文件真实，但已被新的文书取代",
            "altered": "文件已被改动：与签发的文书不一致，不能作为凭据",
            "not_ours": "不是本门户签发的文书",
        }[self.value]


FINGERPRINT, SIGNATURE, CERTIFICATE = "文件指纹", "电子签名", "证书"
# What each check is for, in the words of someone who never heard of it.
MEANINGS = {
    FINGERPRINT: "由文件全部内容算出的一串字符（SHA-256），改一处就变；用来核对您手里的文件与本门户发出的是否同一份。",
    SIGNATURE: "签发时写进文件，用来看出签发之后内容有没有被改动。",
    CERTIFICATE: "写明是谁签的，用来确认签名的是本门户，而不是别人。",
}


@dataclass(frozen=True)
class Check:
    """One thing that was checked: 文件指纹, 电子签名, 证书."""

    name: str
    ok: bool
    text: str

    @property
    def meaning(self) -> str:
        """What the check is for."""
        return MEANINGS[self.name]


@dataclass(frozen=True)
class Result:
    """The verdict on a PDF, everything that was checked, and the paper it is or claims to be."""

    verdict: Verdict
    checks: tuple[Check, ...]
    document: OfficialDocument | None = None
    successor: OfficialDocument | None = None


@dataclass
class _Signature:
    """What a PDF's signature says of itself."""

    found: bool = False
    intact: bool = False
    whole: bool = False
    fingerprint: str = ""
    signer: str = ""
    texts: list[str] = field(default_factory=list)


def by_code(code: str) -> OfficialDocument | None:
    """Return the paper with that verification code, typed in any manner; None where there is none."""
    normal = codes.normalise(code)
    return OfficialDocument.objects.select_related("supersedes").filter(code=normal).first() if normal else None


def successor_of(document: OfficialDocument) -> OfficialDocument | None:
    """The paper that supersedes this one in the end, None where it still stands."""
    latest = None
    while following := (latest or document).successors.order_by("-id").first():
        latest = following
    return latest


def by_pdf(data: bytes) -> Result:
    """Check a PDF: is it a paper of ours to the byte, is its signature whole, did we sign with its certificate.

    Never raises for what is in the file. Whether what the paper grants still holds is for the registry to say.
    """
    document = OfficialDocument.objects.filter(
        pdf_sha256=hashlib.sha256(data).hexdigest(), state=DocumentState.ISSUED
    ).first()
    signature = _signature(data)
    trusted = (
        bool(signature.fingerprint) and OfficialDocument.objects.filter(certificate=signature.fingerprint).exists()
    )
    checks = (
        _fingerprint_check(document),
        Check(SIGNATURE, signature.intact and signature.whole, _signature_text(signature)),
        Check(CERTIFICATE, trusted, _certificate_text(signature, trusted)),
    )
    if document is not None:
        successor = successor_of(document)
        return Result(Verdict.SUPERSEDED if successor else Verdict.GENUINE, checks, document, successor)
    claimed = _claimed(data)
    if claimed is None and not trusted:
        return Result(Verdict.NOT_OURS, checks)
    return Result(Verdict.ALTERED, checks, claimed)


def _fingerprint_check(document: OfficialDocument | None) -> Check:
    if document is None:
        return Check(FINGERPRINT, False, "与门户存档的任何一份文书都不相同。")
    return Check(FINGERPRINT, True, f"与存档的{document.number}完全相同，一个字节不差。")


def _signature_text(signature: _Signature) -> str:
    if not signature.found:
        return "文件里没有可以读取的电子签名。"
    if not signature.intact:
        return "签名与内容不符：签名之后内容被改动过。"
    if not signature.whole:
        return "签名之后文件又被添加或修改过内容。"
    return "签名完整，签名之后内容没有改动。"


def _certificate_text(signature: _Signature, trusted: bool) -> str:
    if not signature.fingerprint:
        return "没有可以核对的证书。"
    if trusted:
        return f"证书是签发单位所用的证书（{signature.signer}）。"
    return f"证书（{signature.signer}）不是签发单位所用的证书。"


def _signature(data: bytes) -> _Signature:
    """Read the PDF's last signature; whatever is malformed counts as no or a broken signature."""
    result = _Signature()
    try:
        embedded = PdfFileReader(BytesIO(data), strict=False).embedded_signatures
        if not embedded:
            return result
        result.found = True
        certificate = embedded[-1].signer_cert
        result.fingerprint = fingerprint(certificate)
        result.signer = certificate.subject.native.get("organization_name") or certificate.subject.human_friendly
        # The certificate itself is the anchor: whether it is ours is asked by its fingerprint.
        context = ValidationContext(trust_roots=[certificate], allow_fetching=False)
        status = validate_pdf_signature(embedded[-1], context)
        result.intact = status.intact and status.valid
        result.whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE and status.modification_level in {
            ModificationLevel.NONE,
            None,
        }
    except (PdfError, SignatureValidationError, SigningError, ValueError, KeyError, TypeError, IndexError, OSError):
        result.intact = False
    return result


def _claimed(data: bytes) -> OfficialDocument | None:
    """The paper whose record is embedded in the PDF, or whose code stands in its keywords."""
    if unbounded(data):  # no paper of ours
        return None
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            texts = [str(pdf.docinfo.get("/Keywords", ""))]
            if ATTACHMENT in pdf.attachments:
                record = json.loads(pdf.attachments[ATTACHMENT].get_file().read_bytes())
                texts.append(str(record.get("code", "")) if isinstance(record, dict) else "")
    except (pikepdf.PdfError, ValueError, RuntimeError, AttributeError):
        return None
    found = (by_code(text) for text in texts)
    return next((document for document in found if document), None)
