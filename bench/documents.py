"""A signed receipt against bare WeasyPrint and pyHanko on the same page; memory over a thousand."""

import datetime
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import weasyprint
from django.conf import settings
from django.db import transaction
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from weasyprint.text.fonts import FontConfiguration

from core.accounts.models import Organisation
from core.clock.clock import now
from core.documents import issuing, papers, rendering, series, signing
from core.documents.models import OfficialDocument
from filings.documents import RECEIPT
from scripts.bench import Row
from tests.core.documents.samples import CONTENTS

DAY = datetime.date(2026, 10, 19)
ROUNDS = 40
FIRST, LAST = 100, 1000
_folder = tempfile.TemporaryDirectory(prefix="portal-bench-")  # gone when the process ends


def bench_receipt() -> Iterator[Row]:
    """Time one receipt after another, ours and bare in turn, so that the machine's moods fall on both."""
    _prepare()
    bare = _bare()
    for _ in range(5):
        _issue()
        bare()
    ours_ms, bare_ms = [], []
    for _ in range(ROUNDS):
        paper = _create()
        ours_ms.append(_timed(lambda: issuing.run(now(), document_id=paper.pk)))  # noqa: B023 - called at once
        bare_ms.append(_timed(bare))
    ours, plain = statistics.median(ours_ms), statistics.median(bare_ms)
    yield Row(
        "a signed receipt / bare WeasyPrint and pyHanko",
        ours / plain,
        1.15,
        details={"ours_ms": round(ours), "bare_ms": round(plain), "pages": ROUNDS},
    )


def bench_memory() -> Iterator[Row]:
    """Resident memory after 1,000 receipts against after 100."""
    _prepare()
    resident = {}
    for number in range(1, LAST + 1):
        _issue()
        if number in {FIRST, LAST}:
            resident[number] = _resident_mb()
    yield Row(
        f"memory after {LAST} receipts / after {FIRST}",
        resident[LAST] / resident[FIRST],
        1.1,
        details={f"after_{number}_mb": round(mb) for number, mb in resident.items()},
    )


def _prepare() -> None:
    settings.MEDIA_ROOT = Path(_folder.name)
    series.register(RECEIPT)
    Organisation.objects.get_or_create(kind="bureau", name="安阳市人力资源和社会保障局")
    Organisation.objects.get_or_create(kind="agency", name="安阳市甲职业培训学校", credit_code="52410500MJ0000001A")


def _create() -> OfficialDocument:
    bureau, agency = Organisation.objects.get(kind="bureau"), Organisation.objects.get(kind="agency")
    with transaction.atomic():
        return papers.create(
            RECEIPT,
            matter=agency,
            key=f"bench:{OfficialDocument.objects.count()}",
            issuer=bureau,
            addressee=agency,
            content=CONTENTS["receipt"],
            on=DAY,
        )


def _issue() -> None:
    paper = _create()
    if issuing.run(now(), document_id=paper.pk)["issued"] != 1:
        paper.refresh_from_db()
        raise RuntimeError(paper.error)


def _bare() -> Callable[[], object]:
    """WeasyPrint and pyHanko alone, on the page and the style sheet that a receipt of ours becomes."""
    paper = _create()
    issuing.run(now(), document_id=paper.pk)
    page = rendering.html(
        rendering.Paper(
            RECEIPT,
            RECEIPT.title,
            paper.issuer_name,
            paper.addressee_name,
            DAY,
            paper.content,
            paper.number,
            paper.code,
        )
    )
    fonts = FontConfiguration()
    styles = weasyprint.CSS(filename=rendering.STYLESHEET, font_config=fonts)
    key = signing.signer_for(paper.issuer)._signer  # the same key, without our class
    metadata = signers.PdfSignatureMetadata(field_name="Signature1", md_algorithm="sha256")

    def make() -> object:
        written = weasyprint.HTML(string=page).write_pdf(
            stylesheets=[styles], font_config=fonts, pdf_variant=rendering.VARIANT
        )
        return signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(written)), metadata, signer=key)

    return make


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _resident_mb() -> float:
    """The memory this process holds now (not its peak), in MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS in /proc/self/status")
