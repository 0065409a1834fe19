"""Settings and addresses of the web server that is measured: the portal's own, and one bare view beside them."""

from anyang_sep.settings.test import *  # noqa: F403

ROOT_URLCONF = "bench._served_urls"
CLOCK_MOVABLE = False  # as in production
ALLOWED_HOSTS = ["127.0.0.1"]
