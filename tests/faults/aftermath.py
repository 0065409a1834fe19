"""What must be there once all is over, and exactly once, whatever died on the way; and letting work end first."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from core.audit import checkpoint, verify
from core.clock.clock import now, today
from core.deadlines import lapses
from core.documents.models import DocumentState, OfficialDocument
from core.notifications import delivery
from core.notifications.models import Delivery
from core.reference.models import Counter as Numbers
from tests.mailing import MailServer

PATIENCE = 120  # seconds in which something must get done


def paper_files() -> set[str]:
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.glob("papers/**/*") if path.is_file()}


def work_left() -> dict[str, int]:
    return {
        "lapses": lapses.due(today()).count(),
        "papers": OfficialDocument.objects.filter(state=DocumentState.PENDING).count(),
        "deliveries": Delivery.objects.filter(state=Delivery.State.PENDING).count(),
    }


def until(true: Callable[[], object], say: Callable[[], str] = str) -> None:
    """Wait until something is so; `say`: what to show where it does not come."""
    give_up = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up, say()
        time.sleep(0.2)


def until_nothing_is_left(say: Callable[[], str], meanwhile: Callable[[], object] = lambda: None) -> None:
    """Wait until workers have done all there is; `say`: what to show where nothing moves any more."""
    left, moved = work_left(), time.monotonic()
    while any(left.values()):
        if (now_left := work_left()) != left:
            left, moved = now_left, time.monotonic()
        assert time.monotonic() < moved + PATIENCE, (left, say())
        meanwhile()
        time.sleep(0.5)


def assert_everything_once(mail: MailServer, files_before: set[str]) -> None:
    """Every paper issued once, stored once and numbered without a gap; every mail there; the audit chain whole."""
    stored = paper_files() - files_before
    papers = list(OfficialDocument.objects.all())
    assert {paper.file.name for paper in papers} == stored, "a paper without its file, or a file without its paper"
    for paper in papers:
        assert paper.state == DocumentState.ISSUED
        assert hashlib.sha256(Path(paper.file.path).read_bytes()).hexdigest() == paper.pdf_sha256
    assert sum(Numbers.objects.exclude(series="application").values_list("last", flat=True)) == len(papers)
    assert set(Delivery.objects.values_list("state", flat=True)) <= {Delivery.State.SENT}
    assert set(mail.arrived) == {delivery.reference(row) for row in Delivery.objects.all()}
    checkpoint.checkpoint(now())
    report = verify.verify({paper.audit_head for paper in papers} - {""})
    assert (report.findings, report.uncovered) == ([], 0)
