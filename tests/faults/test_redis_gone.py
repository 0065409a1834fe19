"""Redis, which is queue and cache, gone and back empty, under web, worker and beat: people go on working, nothing is
lost, nothing done twice, and it mends itself. Three seconds here, a minute in `make faults`."""

import datetime
import signal
import time

import pytest

from core.audit.models import Event, Outcome
from core.clock.clock import today
from core.deadlines.models import Clock, ClockState
from scripts import servers
from tests.faults.aftermath import assert_everything_once, paper_files, until, until_nothing_is_left
from tests.faults.asking import Person, ask
from tests.faults.conftest import faulty
from tests.filings.factories import another_agency, asked_for, left_behind, quick_draft, quick_submitted

pytestmark = [pytest.mark.jobs, pytest.mark.faults, pytest.mark.timeout(0)]


def test_redis_is_gone_for_a_while(now_world, processes, mail, faults_long):
    files = paper_files()
    who = [another_agency(now_world, number, email=f"agency-{number}@example.org") for number in range(3)]
    people = [Person.signed_in(now_world, one) for one in who]
    late = quick_submitted(now_world, who[2], today() - datetime.timedelta(days=8))
    before, meanwhile = (quick_draft(now_world, one, today()) for one in who[:2])
    with (
        servers.redis_server() as redis,
        faulty({**processes.environment, "PORTAL_BROKER_URL": redis.address}, mail, processes.folder) as portal,
    ):
        web, worker = portal.start_web(), portal.start_worker()

        def submit(number: int, application: object) -> int:
            path = f"/api/v1/applications/{application.pk}/transitions/submit/"
            return ask(web, path, who=people[number], method="POST", key=f"submit-{number}").status

        assert submit(0, before) == 200
        redis.stop(signal.SIGKILL)
        beat = portal.start_beat()
        gone_since = time.monotonic()
        assert submit(1, meanwhile) == 200, "the queue only wakes those who look by themselves"
        assert ask(web, "/desk/", who=people[1]).status == 200
        assert ask(web, "/agencies/").status == ask(web, "/api/v1/public/agencies/").status == 200
        sign_in = {"login": "agency-1-admin", "password": "wrong"}
        assert ask(web, "/accounts/login/", method="POST", form=sign_in).says_when_to_try_again()
        assert ask(web, "/readyz").json["failing"] == ["redis"]
        time.sleep(max(0.0, (60 if faults_long else 3) - (time.monotonic() - gone_since)))
        redis.start()
        until(lambda: ask(web, "/readyz").status == 200)
        until_nothing_is_left(lambda: worker.log.read_text()[-2000:] + beat.log.read_text()[-2000:])
        assert ask(web, "/accounts/login/", method="POST", form=sign_in).status == 422, "it is the password alone"
    assert_everything_once(mail, files)
    for application in (before, meanwhile):
        assert left_behind(application) == asked_for("submit")
    assert left_behind(late) == asked_for("submit", "deem_accepted")
    assert Clock.objects.get(matter_id=str(late.pk), state=ClockState.LAPSED).ended_on < today()
    assert Event.objects.filter(matter_id=str(late.pk), outcome=Outcome.LAPSED).count() == 1
