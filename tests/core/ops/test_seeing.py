"""What machines ask: is it alive, is it ready, the figures; and that a request can be followed into its jobs."""

import datetime
import re

import pytest
import structlog
from celery.signals import before_task_publish
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import OperationalError
from django_structlog.celery.receivers import CeleryReceiver
from django_structlog.celery.steps import DjangoStructLogInitStep
from redis.exceptions import ConnectionError as RedisGone

from anyang_sep.celery import app
from core.audit import trail
from core.clock.clock import now, today
from core.deadlines.models import Clock
from core.deadlines.tasks import sweep
from core.notifications.tasks import deliver, deliver_pending
from core.ops import figures, readiness
from scripts.servers import free_port

pytestmark = pytest.mark.django_db

TOKEN = "a token of the tests, long enough"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.CLOCK_MOVABLE = False  # as in production: the day asks no database
    cache.clear()


def test_alive_asks_nothing_else(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_ready_names_what_is_missing_and_no_more(client, monkeypatch):
    def ready() -> tuple[int, list[str]]:
        answer = client.get("/readyz")
        assert answer["Cache-Control"].startswith("max-age=0")
        return answer.status_code, answer.json()["failing"]

    def gone(error: Exception):
        def fail(*_, **__):
            raise error

        return fail

    assert ready() == (200, [])
    assert not default_storage.exists("ready") or default_storage.listdir("ready") == ([], [])
    with monkeypatch.context() as broken:
        broken.setattr(cache, "set", gone(RedisGone("10.0.0.5")))
        assert ready() == (503, ["redis"])
    with monkeypatch.context() as broken:
        broken.setattr(default_storage, "save", gone(OSError("disk full")))
        assert ready() == (503, ["store"])
    with monkeypatch.context() as broken:
        broken.setattr(readiness.connection, "cursor", gone(OperationalError("10.0.0.4")))
        broken.setattr(readiness.connection, "close", lambda: None)
        assert ready() == (503, ["database"])
    with monkeypatch.context() as broken:
        readiness._migrated.cache_clear()
        broken.setattr(readiness.MigrationExecutor, "migration_plan", lambda *_: [("filings", "0002")])
        assert ready() == (503, ["migrations"])
    assert ready() == (200, [])


def metrics(client, **headers) -> dict[str, float]:
    """What /metrics says, by series."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    found = re.findall(r"^([a-z_]+(?:\{[^}]*\})?) (\S+)$", answer.content.decode(), re.M)
    return {name: float(value) for name, value in found}


def test_figures_are_for_whoever_brings_the_token(client, settings):
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = TOKEN
    for given in ("", "Bearer ", f"Bearer {TOKEN}x", "Bearer 口令"):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
    assert metrics(client, Authorization=f"Bearer {TOKEN}")


def test_figures_say_what_waits_and_what_ran(client, settings):
    settings.METRICS_TOKEN = TOKEN
    on = today()
    for number, days in enumerate((-3, -3, 2, 30)):
        due = on + datetime.timedelta(days=days)
        Clock.objects.create(
            matter_type="test.matter", matter_id=str(number), kind="completeness", amount=5, unit="workday",
            starts_on=on - datetime.timedelta(days=20), due_on=due, told_on=on if number == 0 else None,
        )  # fmt: skip
    deliver_pending.apply()
    trail.record(figures.BACKED_UP, actor=None, on=on, label="备份")
    client.get("/no/such/13812345678/")
    client.get("/healthz")
    client.generic("BREW", "/healthz")
    found = metrics(client, Authorization=f"Bearer {TOKEN}")
    clocks = {state: found[f'portal_clocks{{state="{state}"}}'] for state in ("soon", "overdue", "unswept", "held")}
    assert clocks == {"soon": 1, "overdue": 2, "unswept": 1, "held": 0}
    assert found['portal_waiting{what="audit"}'] == 1
    assert found['portal_waiting{what="letters"}'] == 0
    assert found['portal_waiting{what="messages"}'] == found['portal_waiting_failed{what="papers"}'] == 0
    assert found['portal_jobs_total{outcome="done",task="core.notifications.tasks.deliver_pending"}'] == 1
    assert found['portal_job_last_run_failed{task="core.notifications.tasks.deliver_pending"}'] == 0
    assert found["portal_backup_last_timestamp_seconds"] == pytest.approx(now().timestamp(), abs=60)
    # Not known is not nought.
    assert "portal_sweep_lag_seconds" not in found
    assert "portal_queue_length" not in found
    assert "portal_virus_scanner_answers" not in found
    settings.VIRUS_SCANNER = ("127.0.0.1", free_port())
    assert metrics(client, Authorization=f"Bearer {TOKEN}")["portal_virus_scanner_answers"] == 0
    sweep.apply()
    assert metrics(client, Authorization=f"Bearer {TOKEN}")["portal_sweep_lag_seconds"] < 60
    # By the address's name alone: what a visitor wrote makes no series.
    assert found['portal_request_seconds_count{method="GET",status="200",view="ops:alive"}'] >= 1
    assert found['portal_request_seconds_count{method="GET",status="404",view="none"}'] >= 1
    assert found['portal_request_seconds_count{method="other",status="405",view="ops:alive"}'] >= 1
    assert not any("13812345678" in name for name in found)


def test_the_answer_bears_the_id_that_the_log_bears(client):
    for given in ({}, {"X-Request-ID": "given-by-the-proxy"}):
        with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
            answer = client.get("/healthz", headers=given)
        logged = {line.get("request_id") for line in lines if str(line["event"]).startswith("request_")}
        assert logged == {answer["X-Request-ID"]}
        assert answer["X-Request-ID"] == given.get("X-Request-ID", answer["X-Request-ID"])


def test_a_job_and_its_events_bear_the_id_of_the_request_that_told_of_it():
    sent: list[dict] = []

    def keep(headers, **_):
        sent.append(headers)

    before_task_publish.connect(keep, weak=False)
    try:
        with structlog.contextvars.bound_contextvars(request_id="abc-12345"):
            deliver.apply_async([0])
    finally:
        before_task_publish.disconnect(keep)
    assert DjangoStructLogInitStep in app.steps["worker"]

    class Running:
        name = deliver.name
        request = type("Request", (), {"__django_structlog__": sent[0]["__django_structlog__"]})()

    with structlog.contextvars.bound_contextvars():
        CeleryReceiver().receiver_task_prerun("task-1", Running())
        assert trail.record("test.done", actor=None, on=today(), label="作业").request_id == "abc-12345"
        structlog.contextvars.clear_contextvars()
