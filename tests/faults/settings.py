"""What killed workers run with: the test settings, and mail to the test's own server."""

import os

from anyang_sep.settings.test import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["PORTAL_TEST_SMTP_PORT"])
EMAIL_TIMEOUT = 10
