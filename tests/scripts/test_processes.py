"""The fixtures the fault tests stand on: real processes on the test's own database."""

import signal
from urllib.request import urlopen

import pytest

from anyang_sep.celery import app


@pytest.mark.jobs
def test_a_worker_takes_what_the_test_sends_and_dies_when_killed(celery_worker_process):
    assert app.control.inspect(timeout=5).ping()
    celery_worker_process.kill()
    assert celery_worker_process.process.returncode == -signal.SIGKILL


@pytest.mark.jobs
def test_a_web_process_answers_from_the_tests_database(web_process):
    with urlopen(web_process.address + "/accounts/login/", timeout=10) as answer:
        assert answer.status == 200
