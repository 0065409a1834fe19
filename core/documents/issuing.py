"""Issuing papers: a pending row is rendered, signed and stored, once."""

import datetime
import hashlib

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.db import transaction
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from pyhanko.sign.general import SigningError

from core.audit import checkpoint
from core.clock.clock import now as clock_now
from core.documents import rendering
from core.documents.models import DocumentState, OfficialDocument
from core.documents.signing import signer_for
from core.documents.storage import STORE_FAILURES, put

log = structlog.get_logger(__name__)

BATCH = 50
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=1)
# What one paper can run into; it is put off and named, and the next one is issued.
FAILURES = (
    ImproperlyConfigured,
    SigningError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
    *STORE_FAILURES,
    ValueError,
    KeyError,
)


def run(now: datetime.datetime, *, document_id: int | None = None, limit: int = BATCH) -> dict[str, int]:
    """Issue what waits at `now` (aware), oldest first, one transaction a row; return counts.

    The row stays locked while its paper is made, so no two workers make the same one; one that dies leaves it
    pending, and its file, if it was stored already, is replaced under the same name.
    """
    waiting = OfficialDocument.objects.filter(state=DocumentState.PENDING, next_try_at__lte=now).order_by("id")
    if document_id is not None:
        waiting = waiting.filter(pk=document_id)
    counts = {"issued": 0, "postponed": 0}
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
        try:
            with transaction.atomic():
                document = (
                    waiting.select_for_update(skip_locked=True, of=("self",))
                    .select_related("issuer", "supersedes")
                    .filter(pk=pk)
                    .first()
                )
                if document is None:
                    continue
                make(document)
                counts["issued"] += 1
        except FAILURES as problem:
            _postpone(pk, now, problem)
            counts["postponed"] += 1
    return counts


def make(document: OfficialDocument) -> None:
    """Render, sign and store a locked pending paper. Raises one of FAILURES."""
    head = checkpoint.head()
    signer = signer_for(document.issuer)
    signed = signer.sign(rendering.render(document, audit_head=head), reason=f"{document.title} {document.number}")
    document.audit_head = head
    document.certificate = signer.fingerprint
    document.pdf_sha256 = hashlib.sha256(signed).hexdigest()
    document.state = DocumentState.ISSUED
    document.attempts += 1
    document.error = ""
    document.issued_at = clock_now()
    storage, name = document.file.storage, document.file.field.generate_filename(document, "")
    storage.delete(name)  # left by a job that was killed before it committed
    document.file = put(storage, name, ContentFile(signed))
    document.save(
        update_fields=[
            "audit_head", "certificate", "pdf_sha256", "state", "attempts", "error", "issued_at", "file",
        ]
    )  # fmt: skip


def _postpone(pk: int, now: datetime.datetime, problem: Exception) -> None:
    text = f"{type(problem).__name__}: {problem}"[:200]
    with transaction.atomic():
        document = OfficialDocument.objects.select_for_update(of=("self",)).filter(pk=pk, state=DocumentState.PENDING)
        for row in document:
            row.attempts += 1
            row.error = text
            row.next_try_at = now + min(FIRST_WAIT * 2 ** (row.attempts - 1), LONGEST_WAIT)
            row.save(update_fields=["attempts", "error", "next_try_at"])
            log.error("paper_not_issued", number=row.number, attempts=row.attempts, problem=text)
