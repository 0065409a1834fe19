"""Workers and web processes killed with -9 at random moments, with a real Redis, PostgreSQL and mail server.

Afterwards everything is let finish, and every lapse, paper, message and event is there exactly once. A few kills here,
two hundred in `make faults`.
"""

import datetime
import hashlib
import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from django.conf import settings

from core.accounts import tokens
from core.audit import checkpoint, verify
from core.audit.models import Event, Outcome
from core.audit.tasks import checkpoint as checkpoint_task
from core.calendars.models import CalendarYear, YearStatus
from core.clock.clock import now, today
from core.deadlines import lapses
from core.deadlines.models import Clock, ClockState
from core.deadlines.tasks import sweep
from core.documents.models import DocumentState, OfficialDocument
from core.documents.tasks import issue_pending
from core.notifications import delivery
from core.notifications.models import Delivery
from core.notifications.tasks import deliver_pending
from core.reference.models import Counter as Numbers
from core.workflow.models import IdempotencyKey
from filings.models import Application
from tests.filings.factories import another_agency, asked_for, left_behind, quick_draft, quick_submitted
from tests.mailing import MailServer, mail_server
from tests.processes import Processes, Running
from tests.world import World

pytestmark = [pytest.mark.jobs, pytest.mark.faults, pytest.mark.timeout(0)]

BATCH = 4
ONE_DAY = datetime.timedelta(days=1)
PATIENCE = 120  # seconds in which something must get done
# Within what time after its start a process is killed: about as long as it needs for a batch.
WORKER_LIVES, WEB_LIVES = 3.0, 1.2


@pytest.fixture
def chance() -> random.Random:
    return random.Random(int(os.environ.get("FAULTS_SEED", "2026")))


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def portal(processes: Processes, mail: MailServer) -> Iterator[Processes]:
    """Processes that send their mail to the test's server."""
    environment = {
        **processes.environment,
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "PORTAL_TEST_SMTP_PORT": str(mail.port),
        "PORTAL_LOG_LEVEL": "WARNING",
    }
    running = Processes(environment, processes.folder)
    yield running
    running.close()


@pytest.fixture
def now_world(crowd: World) -> World:
    """The small world with this year's plain weeks, so that clocks of these days may lapse; officers have mail."""
    for year in (today().year - 1, today().year, today().year + 1):
        CalendarYear.objects.get_or_create(year=year, defaults={"status": YearStatus.ANNOUNCED, "source": "样例"})
    for name in ("county handler", "county chief", "centre handler"):
        user = crowd.people[name].user
        user.email = f"{name.replace(' ', '-')}@example.org"
        user.save()
    return crowd


def paper_files() -> set[str]:
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.glob("papers/**/*") if path.is_file()}


def tell_everyone() -> None:
    """What beat tells the workers every minute, and every hour."""
    for task in (sweep, issue_pending, deliver_pending, checkpoint_task):
        task.delay()


def work_left() -> dict[str, int]:
    return {
        "lapses": lapses.due(today()).count(),
        "papers": OfficialDocument.objects.filter(state=DocumentState.PENDING).count(),
        "deliveries": Delivery.objects.filter(state=Delivery.State.PENDING).count(),
    }


def finish(portal: Processes) -> None:
    """Start a worker, tell it what beat tells until nothing is left, and stop it."""
    worker = portal.start_worker()
    left, moved = work_left(), time.monotonic()
    while any(left.values()):
        if (now_left := work_left()) != left:
            left, moved = now_left, time.monotonic()
        assert time.monotonic() < moved + PATIENCE, (left, worker.log.read_text()[-3000:])
        tell_everyone()
        time.sleep(1)
    worker.stop()


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


def test_a_worker_killed_again_and_again(now_world, portal, mail, chance, fault_rounds):
    """Lapses, papers, messages and checkpoints, while the worker dies at any moment."""
    files, applications, received = paper_files(), [], today() - 8 * ONE_DAY
    for number in range(fault_rounds):
        for one in range(BATCH):
            who = another_agency(now_world, BATCH * number + one, email=f"agency-{number}-{one}@example.org")
            applications.append(quick_submitted(now_world, who, received))
        tell_everyone()
        worker = portal.start_worker()
        time.sleep(chance.uniform(0, WORKER_LIVES))
        worker.kill()
    finish(portal)
    assert_everything_once(mail, files)
    for application in applications:
        application.refresh_from_db()
        assert left_behind(application) == asked_for("submit", "deem_accepted")
        clock = Clock.objects.get(matter_id=str(application.pk), state=ClockState.LAPSED)
        assert application.accepted_on == clock.due_on == clock.ended_on < today()
        lapsed = Event.objects.filter(matter_id=str(application.pk), outcome=Outcome.LAPSED)
        assert list(lapsed.values_list("verb", "on")) == [("filings.application.deem_accepted", clock.due_on)]


def post(web: Running, path: str, token: str, key: str) -> int | None:
    """POST with an idempotency key; return the status, None where the server died before it answered."""
    request = Request(
        web.address + path,
        data=b"{}",
        headers={"Authorization": f"Token {token}", "Idempotency-Key": key, "Content-Type": "application/json"},
    )
    try:
        with urlopen(request, timeout=30) as answer:
            json.load(answer)
            return answer.status
    except HTTPError as problem:
        raise AssertionError(f"{path}: {problem.code} {problem.read().decode()[:500]}") from problem
    except (URLError, HTTPException, OSError, ValueError):
        return None


def test_a_web_process_killed_while_it_submits(now_world, portal, mail, chance, fault_rounds):
    """Whoever got no answer asks again with the same key: every submission and withdrawal is made exactly once."""
    files, waiting, applications = paper_files(), [], []
    answered: Counter[str] = Counter()

    def ask_all(web: Running) -> None:
        with ThreadPoolExecutor(BATCH) as pool:
            asked = [(one, pool.submit(post, web, *one)) for one in waiting]
            if killing:
                time.sleep(chance.uniform(0, WEB_LIVES))
                web.kill()
            for one, answer in asked:
                if answer.result() is not None:
                    answered[one[2]] += 1
                    waiting.remove(one)

    for number in range(fault_rounds):
        killing = True
        for one in range(BATCH):
            who = another_agency(now_world, BATCH * number + one, email=f"agency-{number}-{one}@example.org")
            application = quick_draft(now_world, who, today())
            _, token = tokens.create("样例", actor=now_world.actor(who, today()), on=today(), decides=True)
            applications.append((application, token))
            path = f"/api/v1/applications/{application.pk}/transitions/submit/"
            waiting.append((path, token, f"submit-{application.pk}"))
        ask_all(portal.start_web())
    killing = False
    web = portal.start_web()
    ask_all(web)
    assert waiting == []
    waiting = [
        (f"/api/v1/applications/{application.pk}/transitions/withdraw/", token, f"withdraw-{application.pk}")
        for application, token in applications[::2]
    ]
    ask_all(web)
    web.stop()
    assert len(answered) == IdempotencyKey.objects.count() == len(applications) + len(applications[::2])
    assert set(answered.values()) == {1}
    finish(portal)
    assert_everything_once(mail, files)
    for number, (application, _) in enumerate(applications):
        application.refresh_from_db()
        done = ("submit",) if number % 2 else ("submit", "withdraw")
        assert application.runs == len(done)
        papers, messages = left_behind(application)
        expected_papers, expected_messages = asked_for(*done)
        if number % 2 == 0:
            expected_papers["withdrawal"] += 1
            expected_messages["withdrawn"] += 2
        assert (papers, messages) == (expected_papers, expected_messages)
        verbs = Event.objects.filter(matter_id=str(application.pk), outcome=Outcome.REFUSED)
        assert not verbs.exists()


def test_the_same_key_twice_at_once_through_the_api(now_world, portal, fault_rounds):
    """Both get the same answer, and the application is submitted once."""
    web = portal.start_web()
    for number in range(fault_rounds):
        who = another_agency(now_world, number)
        application = quick_draft(now_world, who, today())
        _, token = tokens.create("样例", actor=now_world.actor(who, today()), on=today(), decides=True)
        click = (web, f"/api/v1/applications/{application.pk}/transitions/submit/", token, f"key-{number}")
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(lambda _, click=click: post(*click), range(2))) == [200, 200]
        assert left_behind(application) == asked_for("submit")
    assert Application.objects.filter(runs=1).count() == IdempotencyKey.objects.count() == fault_rounds
