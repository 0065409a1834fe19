"""Workers and web processes killed with -9 at random moments, with a real Redis, PostgreSQL and mail server.

Afterwards everything is let finish, and every lapse, paper, message and event is there exactly once. Five kills here,
two hundred in `make faults`.
"""

import datetime
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.audit.models import Event, Outcome
from core.audit.tasks import checkpoint as checkpoint_task
from core.clock.clock import today
from core.deadlines.models import Clock, ClockState
from core.deadlines.tasks import sweep
from core.documents.tasks import issue_pending
from core.notifications.tasks import deliver_pending
from core.workflow.models import IdempotencyKey
from filings.models import Application
from tests.faults.aftermath import assert_everything_once, paper_files, until_nothing_is_left
from tests.faults.asking import Person, ask
from tests.filings.factories import another_agency, asked_for, left_behind, quick_draft, quick_submitted
from tests.processes import Processes, Running

pytestmark = [pytest.mark.jobs, pytest.mark.faults, pytest.mark.timeout(0)]

BATCH = 4
ONE_DAY = datetime.timedelta(days=1)
# How often each is killed, in `make faults` and in `make test`.
LONG, SHORT = 200, {"worker": 3, "web": 2}
# Within what time after its start a process is killed: about as long as it needs for a batch.
WORKER_LIVES, WEB_LIVES = 3.0, 1.2


@pytest.fixture
def worker_kills(faults_long: bool) -> int:
    return LONG if faults_long else SHORT["worker"]


@pytest.fixture
def web_kills(faults_long: bool) -> int:
    return LONG if faults_long else SHORT["web"]


def tell_everyone() -> None:
    """What beat tells the workers every minute, and every hour."""
    for task in (sweep, issue_pending, deliver_pending, checkpoint_task):
        task.delay()


def finish(portal: Processes) -> None:
    """Start a worker, tell it what beat tells until nothing is left, and stop it."""
    worker = portal.start_worker()
    until_nothing_is_left(lambda: worker.log.read_text()[-3000:], tell_everyone)
    worker.stop()


def test_a_worker_killed_again_and_again(now_world, portal, mail, chance, worker_kills):
    """Lapses, papers, messages and checkpoints, while the worker dies at any moment."""
    files, applications, received = paper_files(), [], today() - 8 * ONE_DAY
    for number in range(worker_kills):
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


def post(web: Running, path: str, who: Person, key: str) -> int | None:
    """POST with an idempotency key; return the status, None where the server died before it answered."""
    answer = ask(web, path, who=who, method="POST", key=key)
    assert answer.status < 400, f"{path}: {answer.status} {answer.text[:500]}"
    return answer.status or None


def test_a_web_process_killed_while_it_submits(now_world, portal, mail, chance, web_kills):
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

    for number in range(web_kills):
        killing = True
        for one in range(BATCH):
            who = another_agency(now_world, BATCH * number + one, email=f"agency-{number}-{one}@example.org")
            application = quick_draft(now_world, who, today())
            person = Person.signed_in(now_world, who)
            applications.append((application, person))
            path = f"/api/v1/applications/{application.pk}/transitions/submit/"
            waiting.append((path, person, f"submit-{application.pk}"))
        ask_all(portal.start_web())
    killing = False
    web = portal.start_web()
    ask_all(web)
    assert waiting == []
    waiting = [
        (f"/api/v1/applications/{application.pk}/transitions/withdraw/", person, f"withdraw-{application.pk}")
        for application, person in applications[::2]
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
        person = Person.signed_in(now_world, who)
        click = (web, f"/api/v1/applications/{application.pk}/transitions/submit/", person, f"key-{number}")
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(lambda _, click=click: post(*click), range(2))) == [200, 200]
        assert left_behind(application) == asked_for("submit")
    assert Application.objects.filter(runs=1).count() == IdempotencyKey.objects.count() == fault_rounds
