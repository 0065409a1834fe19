"""A mail server that refuses, then accepts: the inbox exactly once, the mail at least once under one Message-ID."""

import datetime

import pytest
from django.db import transaction

from core.clock.clock import now
from core.notifications import delivery
from core.notifications.models import Delivery, Message
from tests.filings.factories import another_agency, quick_submitted
from tests.mailing import mail_server
from tests.world import make_world

pytestmark = pytest.mark.django_db


class PowerCut(Exception):
    """The worker dies after the server took the mail and before the row is committed."""


def test_refused_then_accepted_then_sent_again_after_a_power_cut(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    world = make_world()
    who = another_agency(world, 1, email="agency@example.org")
    quick_submitted(world, who)
    (message,) = Message.objects.filter(organisation=world.organisation(who))
    row = message.deliveries.get()
    with mail_server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        server.refusing = True
        moment = now() + datetime.timedelta(seconds=1)
        for _ in range(3):
            assert delivery.run(moment) == {"sent": 0, "postponed": 1, "failed": 0}
            row.refresh_from_db()
            moment = row.next_try_at
        assert "451" in row.error
        assert (server.refused, dict(server.arrived)) == (3, {})
        server.refusing = False
        with pytest.raises(PowerCut), transaction.atomic():
            assert delivery.run(moment)["sent"] == 1
            raise PowerCut
        assert delivery.run(moment)["sent"] == 1
        assert delivery.run(moment + datetime.timedelta(days=1)) == {"sent": 0, "postponed": 0, "failed": 0}
        assert dict(server.arrived) == {delivery.reference(row): 2}
        assert server.addressed == {delivery.reference(row): "agency@example.org"}
    row.refresh_from_db()
    assert row.state == Delivery.State.SENT
    assert Message.objects.filter(organisation=world.organisation(who)).count() == 1
