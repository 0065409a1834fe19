"""The Celery application. Due dates are rows in the database; beat only sweeps them (HOUSE.md)."""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyang_sep.settings.demo")

if os.environ.get("PORTAL_DEMO"):
    # The demo may well run as root, on loopback and with nobody's data; production's containers do not.
    warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("anyang_sep")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
