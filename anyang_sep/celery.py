"""The Celery application. Due dates are rows in the database; beat only sweeps them (HOUSE.md)."""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyang_sep.settings.demo")

if os.environ.get("PORTAL_DEMO"):
    # The demo may well run as root, on loopback and with nobody's data; production's containers do not.
    warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("anyang_sep")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# A job's lines and events bear the id of the request that told of it.
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect(dispatch_uid="anyang_sep.celery.logging")
def keep_logging(**_: object) -> None:
    """Worker and beat log as the settings say; a listener is enough to keep Celery from its own way."""
