"""What the processes of fault tests run with: the test settings, mail to the test's own server, and as in production a
cache in Redis, the real clock, and one that must agree with the database's. Beat's minute takes a second."""

import os
import threading
import time
from datetime import timedelta
from pathlib import Path

import time_machine

from anyang_sep.settings.test import *  # noqa: F403
from anyang_sep.settings.test import CELERY_BEAT_SCHEDULE, CELERY_BROKER_URL, redis_cache

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["PORTAL_TEST_SMTP_PORT"])
EMAIL_TIMEOUT = 10

CACHES = {"default": redis_cache(CELERY_BROKER_URL)}
CLOCK_MOVABLE = False
CLOCK_TOLERANCE = 120
if scanner := os.environ.get("PORTAL_TEST_SCANNER"):
    _host, _, _port = scanner.removeprefix("clamd://").partition(":")
    VIRUS_SCANNER = (_host, int(_port))
for _entry in CELERY_BEAT_SCHEDULE.values():
    if _entry["schedule"] == 60.0:
        _entry["schedule"] = 1.0


def wander(told: Path) -> None:
    """Let this process's clock stand as many days off as a file says, from one moment to the next."""
    off = 0
    clock = time_machine.travel(time.time(), tick=True).start()
    while True:
        if (days := int(told.read_text() or off)) != off:
            clock.shift(timedelta(days=days - off))
            off = days
        time.sleep(0.02)


if told := os.environ.get("PORTAL_TEST_CLOCK"):
    threading.Thread(target=wander, args=(Path(told),), daemon=True).start()
