"""The portal's own web server on the database being measured: granian as the Procfile has it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from bench._http import Process, free_port, served
from core.clock import clock
from core.reference.models import Setting
from scripts.setup import ROOT

WORKERS, THREADS = 2, 8
# All readers have one address here: none is held back.
LIMITS = {"api_per_minute": 1_000_000, "look_up_per_minute": 100_000, "verify_per_minute": 1_000}


@contextmanager
def portal() -> Iterator[tuple[int, Process]]:
    """Serve the portal on the current database; yields the port and the server."""
    for key, most in LIMITS.items():
        Setting.objects.get_or_create(key=key, value=most, effective_from=clock.today(), note="bench")
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench._served",
        "PORTAL_LOG_LEVEL": "ERROR",
        "PORTAL_TEST_FIELD_KEY": settings.FIELD_KEYS[0],
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "error"]
    with served([*command, "anyang_sep.wsgi:application"], port, environment, ROOT) as process:
        yield port, process
