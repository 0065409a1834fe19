"""PostgreSQL crashing and starting again while people submit and read and jobs run: whoever is cut off is told so, asks
again, and everything is there once. Once here, forty times in `make faults`."""

import datetime
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from core.clock.clock import today
from core.reference.models import Setting
from core.workflow.models import IdempotencyKey
from scripts import servers
from tests.faults.aftermath import assert_everything_once, paper_files, until_nothing_is_left
from tests.faults.asking import Answer, Person, ask
from tests.faults.conftest import as_of_today, faulty, make_crowd
from tests.filings.factories import another_agency, asked_for, left_behind, quick_draft, quick_submitted
from tests.processes import Running, database_address, own_environment
from tests.world import SINCE

pytestmark = [pytest.mark.jobs, pytest.mark.faults, pytest.mark.timeout(0)]

BATCH = 4
LIVES = 1.5  # seconds within which it crashes, about as long as a batch takes


@pytest.fixture
def database(transactional_db) -> Iterator[servers.Server]:
    """A PostgreSQL of this test's own, which keeps what it has committed; this process's Django uses it."""
    told = ("HOST", "PORT", "USER", "NAME")
    with servers.postgres_server(durable=True) as server:
        dump = [servers.postgres_program("pg_dump"), "--no-owner", database_address()]
        copy = subprocess.run(dump, check=True, capture_output=True).stdout
        load = [servers.postgres_program("psql"), "--quiet", "--set", "ON_ERROR_STOP=1", server.address]
        subprocess.run(load, check=True, input=copy, stdout=subprocess.DEVNULL)
        own = {name: connection.settings_dict[name] for name in told}
        connection.close()
        port = server.address.rpartition(":")[2].partition("/")[0]
        connection.settings_dict |= {"HOST": "127.0.0.1", "PORT": port, "USER": "portal", "NAME": "postgres"}
        yield server
        connection.close()
        connection.settings_dict |= own


def until_taken(web: Running, path: str, who: Person, key: str, answers: list[Answer]) -> None:
    """Submit, again and again with the same key, until it is answered that it is done."""
    while not answers or answers[-1].status != 200:
        answers.append(ask(web, path, who=who, method="POST", key=key))
        time.sleep(0.1)


def read_on(web: Running, path: str, who: Person, answers: list[Answer], over: threading.Event) -> None:
    while not over.is_set():
        answers.append(ask(web, path, who=who))


def test_postgres_crashes_under_load(database, broker, mail, chance, tmp_path, fault_rounds):
    world = as_of_today(make_crowd())
    for limit in ("look_up_per_minute", "api_per_minute"):  # these readers ask without a pause
        Setting.objects.create(key=limit, value=1_000_000, effective_from=SINCE, note="测试")
    files, applications = paper_files(), []
    answers: list[list[Answer]] = []
    over = threading.Event()
    environment = own_environment() | {"PORTAL_BROKER_URL": broker}
    with faulty(environment, mail, tmp_path) as portal, ThreadPoolExecutor(BATCH + 3) as pool:
        web, worker, beat = portal.start_all()
        officer = Person.signed_in(world, "county handler")
        for path in ("/agencies/", "/applications/", "/api/v1/applications/"):
            answers.append([])
            pool.submit(read_on, web, path, officer, answers[-1], over)
        for number in range(max(1, fault_rounds // 5)):
            late = another_agency(world, 2 * BATCH * number, email=f"late-{number}@example.org")
            asked = []
            for one in range(BATCH):
                who = another_agency(world, 2 * BATCH * number + 1 + one, email=f"agency-{number}-{one}@example.org")
                application = quick_draft(world, who, today())
                applications.append((application, ("submit",)))
                path = f"/api/v1/applications/{application.pk}/transitions/submit/"
                answers.append([])
                asked.append((web, path, Person.signed_in(world, who), f"key-{application.pk}", answers[-1]))
            lapsing = quick_submitted(world, late, today() - datetime.timedelta(days=8))
            applications.append((lapsing, ("submit", "deem_accepted")))
            submitting = [pool.submit(until_taken, *one) for one in asked]
            connection.close()
            time.sleep(chance.uniform(0, LIVES))
            database.stop(signal.SIGQUIT)  # at once, as after a power cut: it recovers from its log
            time.sleep(chance.uniform(0, 1))
            database.start()
            for one in submitting:
                one.result(60)
        over.set()
        until_nothing_is_left(lambda: worker.log.read_text()[-3000:] + beat.log.read_text()[-2000:])
        assert all(process.alive for process in (web, worker, beat))
    said = Counter(answer.status for some in answers for answer in some)
    assert set(said) <= {200, 503}
    assert said[503], "it crashed under load"
    assert all(answer.says_when_to_try_again() for some in answers for answer in some if answer.status == 503)
    assert IdempotencyKey.objects.count() == BATCH * max(1, fault_rounds // 5)
    assert_everything_once(mail, files)
    for application, done in applications:
        application.refresh_from_db()
        assert application.runs == len(done)
        assert left_behind(application) == asked_for(*done)
