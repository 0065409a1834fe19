"""The Celery application. Due dates are rows in the database; beat only sweeps them (HOUSE.md)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyang_sep.settings.demo")

app = Celery("anyang_sep")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
