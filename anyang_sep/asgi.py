"""ASGI entry point (granian)."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyang_sep.settings.production")
application = get_asgi_application()
