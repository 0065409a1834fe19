"""A disk that takes no more, while files are uploaded and papers made: a sentence, nothing half-done, and once there
is room it goes on. The disk is full for one process: it may write no file beyond a size."""

import resource
import signal

import pytest
from django.conf import settings

from core.clock.clock import now, today
from core.documents.models import DocumentState, OfficialDocument, Upload
from core.notifications.models import Message
from tests.faults.aftermath import assert_everything_once, paper_files, until, until_nothing_is_left
from tests.faults.asking import Person, ask
from tests.filings.factories import another_agency, asked_for, left_behind, quick_draft, quick_submitted
from tests.processes import Running
from tests.world import pdf

pytestmark = [pytest.mark.jobs, pytest.mark.faults, pytest.mark.timeout(0)]

FULL, ROOM = 20_000, resource.RLIM_INFINITY  # bytes a file may have


def disk(running: Running, size: int) -> None:
    """Let a process, and those it has started, write files up to that size."""
    for pid in running.pids():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def uploads() -> set[str]:
    folder = settings.MEDIA_ROOT / "uploads"
    return {str(path) for path in folder.glob("**/*") if path.is_file()}


def test_an_upload_finds_the_disk_full(now_world, portal):
    who = another_agency(now_world, 1)
    application = quick_draft(now_world, who, today())
    person, web = Person.signed_in(now_world, who), portal.start_web()
    path, key = f"/api/v1/applications/{application.pk}/materials/pledge/", "pledge-1"
    # One goes through memory to the store; the other is already too large for where uploads are put down meanwhile.
    small, large = pdf() + b"%" * 100_000 + b"\n%%EOF\n", pdf() + b"%" * 4_000_000 + b"\n%%EOF\n"
    ask(web, path)  # what a process opens first is open
    before, rows = uploads(), Upload.objects.count()
    disk(web, FULL)
    for content in (small, large):
        answer = ask(web, path, who=person, method="PUT", key=key, form={"file": content})
        assert answer.says_when_to_try_again(), (answer, web.log.read_text()[-2000:])
    page = f"/applications/{application.pk}/draft/uploads/pledge/"
    answer = ask(web, page, who=person, method="POST", form={"file": small}, by_script=True)
    assert (answer.status, "存不进去" in answer.text) == (422, True), answer
    assert ask(web, page, who=person, method="POST", form={"file": large}).says_when_to_try_again()
    assert (uploads(), Upload.objects.count()) == (before, rows), "nothing is left of it"
    disk(web, ROOM)
    assert ask(web, path, who=person, method="PUT", key=key, form={"file": small}).status == 200
    assert ask(web, page, who=person, method="POST", form={"file": large}).status == 302
    versions = Upload.objects.filter(matter_id=str(application.pk), slot="pledge").order_by("-version")
    assert [one.size for one in versions[:2]] == [len(large), len(small)]


def test_papers_wait_until_there_is_room(now_world, portal, mail):
    files = paper_files()
    application = quick_submitted(now_world, another_agency(now_world, 1, email="agency@example.org"), today())
    worker = portal.start_worker()
    disk(worker, FULL)
    portal.start_beat()
    waiting = OfficialDocument.objects.filter(matter_id=str(application.pk))
    until(lambda: waiting.exclude(error="").exists(), lambda: worker.log.read_text()[-3000:])
    assert set(waiting.values_list("state", flat=True)) == {DocumentState.PENDING}
    assert paper_files() == files, "no half of a paper is left"
    assert Message.objects.filter(matter_id=str(application.pk)).exists(), "whom it concerns knows of it all the same"
    disk(worker, ROOM)
    waiting.update(next_try_at=now())  # the first wait is a minute
    until_nothing_is_left(lambda: worker.log.read_text()[-3000:])
    worker.signal(signal.SIGTERM)
    assert_everything_once(mail, files)
    assert left_behind(application) == asked_for("submit")
