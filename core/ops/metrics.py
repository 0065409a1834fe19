"""Prometheus metrics: requests are counted by the web processes, everything else is asked for at each scrape."""

import datetime
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from core import jobs
from core.clock.clock import now, real_now, today
from core.notifications import delivery
from core.ops import figures, job_counts
from core.ops.middleware import REQUESTS

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
Values = Iterable[tuple[tuple[str, ...], float]]


def _age(moment: datetime.datetime | None) -> float:
    return max(0.0, (now() - moment).total_seconds()) if moment else 0.0


def _clocks() -> Values:
    counted = figures.clocks(today())
    return [((state,), getattr(counted, state)) for state in ("soon", "overdue", "unswept", "held")]


def _waiting() -> Iterator[tuple[str, figures.Waiting]]:
    yield "papers", figures.papers()
    for kind in delivery.kinds():
        yield kind.waits_as, figures.deliveries(now(), kind)
    yield "audit", figures.uncovered()


def _known(value: float | None) -> Values:
    return [] if value is None else [((), value)]


def _backup() -> Values:
    made = figures.last_backup()
    return _known(made.at.timestamp() if made else None)


def _swept() -> Values:
    swept = figures.swept_at()
    return _known((real_now() - swept).total_seconds() if swept else None)


def _scanner() -> Values:
    said = figures.scanner()
    return _known(None if said is None else float(bool(said)))


def _jobs_ran() -> Values:
    return [((name,), ran.at.timestamp()) for name, ran in jobs.last_runs().items()]


def _jobs_failed() -> Values:
    return [((name,), float(bool(ran.error))) for name, ran in jobs.last_runs().items()]


# (name, what it says, labels, its values): gauges, asked at each scrape. What is not known is left out.
GAUGES: Final[tuple[tuple[str, str, tuple[str, ...], Callable[[], Values]], ...]] = (
    ("portal_clocks", "Running clocks: due within 7 days, overdue, overdue and not swept, held by an unannounced year",
     ("state",), _clocks),
    ("portal_waiting", "Rows that wait for a job", ("what",),
     lambda: [((what,), row.count) for what, row in _waiting()]),
    ("portal_waiting_failed", "Rows tried in vain or given up", ("what",),
     lambda: [((what,), row.failed) for what, row in _waiting()]),
    ("portal_waiting_oldest_seconds", "How long the oldest of them is due", ("what",),
     lambda: [((what,), _age(row.oldest)) for what, row in _waiting()]),
    ("portal_sweep_lag_seconds", "Since the sweep of clocks last ended", (), _swept),
    ("portal_queue_length", "Jobs that wait for a worker", (), lambda: _known(figures.queue_length())),
    ("portal_job_last_run_timestamp_seconds", "When a periodic job last ended", ("task",), _jobs_ran),
    ("portal_job_last_run_failed", "Whether a periodic job's last run failed", ("task",), _jobs_failed),
    ("portal_calendar_last_year", "Last year whose holidays are loaded", (), lambda: _known(figures.calendar_year())),
    ("portal_virus_scanner_answers", "Whether the virus scanner answers", (), _scanner),
    ("portal_backup_last_timestamp_seconds", "When the last verified backup was made", (), _backup),
)  # fmt: skip


class FromRows(Collector):
    """What the database, the cache and the queue say just now: the same on every machine."""

    def collect(self) -> Iterator[Metric]:
        """Yield each gauge, then the count of jobs."""
        for name, says, labels, values in GAUGES:
            gauge = GaugeMetricFamily(name, says, labels=labels)
            for labelled, value in values():
                gauge.add_metric(labelled, value)
            yield gauge
        ended = CounterMetricFamily("portal_jobs", "Jobs ended", labels=("task", "outcome"))
        for task, outcome, count in job_counts.counts():
            ended.add_metric((task, outcome), count)
        yield ended


def text() -> bytes:
    """Return all metrics as Prometheus reads them; the requests are those of all web processes of this machine."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REQUESTS)
    registry.register(FromRows())
    return generate_latest(registry)
