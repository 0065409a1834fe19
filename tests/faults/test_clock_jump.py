"""A machine's clock that jumps by days, forward and back, under web, worker and beat: nothing is dated by it, people
are told to wait, and once it is right again everything goes on."""

import pytest

from anyang_sep.settings.base import redis_cache
from core import jobs
from core.audit.models import Event, Outcome
from core.clock.clock import today
from core.deadlines.models import Clock, ClockState
from tests.faults.aftermath import assert_everything_once, paper_files, until, until_nothing_is_left
from tests.faults.asking import Person, ask
from tests.faults.conftest import faulty
from tests.filings.factories import another_agency, asked_for, left_behind, quick_draft, quick_submitted

pytestmark = [pytest.mark.jobs, pytest.mark.faults, pytest.mark.timeout(0)]

DAYS = 40
SWEEP = "core.deadlines.tasks.sweep"


def test_a_clock_jumps_and_is_set_right(now_world, processes, mail, broker, tmp_path, settings):
    settings.CACHES = {"default": redis_cache(broker)}
    files, set_to = paper_files(), tmp_path / "clock"
    waiting = quick_submitted(now_world, another_agency(now_world, 1), today())
    who = [another_agency(now_world, 2 + number, email=f"agency-{number}@example.org") for number in range(2)]
    drafts = [quick_draft(now_world, one, today()) for one in who]
    set_to.write_text("0")
    environment = {**processes.environment, "PORTAL_TEST_CLOCK": str(set_to)}
    with faulty(environment, mail, tmp_path) as portal:
        started = web, *_ = portal.start_all()

        def logs() -> str:
            return "".join(one.log.read_text()[-1500:] for one in started)

        def swept() -> jobs.Ran | None:
            return jobs.last_runs().get(SWEEP)

        until(lambda: swept() and not swept().error, logs)
        for days, draft, one in zip((DAYS, -DAYS), drafts, who, strict=True):
            person = Person.signed_in(now_world, one)
            submit = f"/api/v1/applications/{draft.pk}/transitions/submit/"
            set_to.write_text(str(days))
            until(lambda: "ClocksDiffer" in swept().error, logs)
            for path, method in ((submit, "POST"), ("/desk/", "GET"), ("/agencies/", "GET")):
                assert ask(web, path, who=person, method=method, key="k").says_when_to_try_again(), path
            assert ask(web, "/readyz").json["failing"] == ["database"]
            assert not Event.objects.filter(outcome=Outcome.LAPSED).exists()
            set_to.write_text("0")
            until(lambda: not swept().error, logs)
            assert ask(web, submit, who=person, method="POST", key="k").status == 200
        until_nothing_is_left(logs)
    assert_everything_once(mail, files)
    for application in (waiting, *drafts):
        assert left_behind(application) == asked_for("submit")
    assert set(Clock.objects.values_list("state", flat=True)) == {ClockState.RUNNING}
