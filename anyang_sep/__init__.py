"""The portal's settings, URLs, Celery application and beat schedule; nothing else lives here."""

from anyang_sep.celery import app as celery_app

__all__ = ["celery_app"]
