"""Every page an agency opens, in each state of its application; nobody else's application exists for it."""

import pytest
from django.urls import reverse

from core.clock.clock import today
from filings import workflow
from filings.views.agency_steps import ORDER
from tests.world import DAY, approved, assessing, filled_draft, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def agency(client, world):
    """A browser signed in as the agency's admin."""
    client.force_login(world.people["agency admin"].user)
    return client


def correcting(world, on):
    application = submitted(world, on=on)
    mark_all(world, application, on, bad=("venue", "record"))
    return workflow.request_correction(application, actor=world.actor("county handler", on), on=on, days=10)


def test_every_step_of_a_filled_draft_opens(agency, world):
    application = filled_draft(world, on=today())
    for key in ORDER:
        answer = agency.get(reverse("filings:agency-step", args=[application.pk, key]))
        assert answer.status_code == 200, key
    assert agency.get(reverse("filings:agency-draft", args=[application.pk])).url.endswith("/pledge/")


@pytest.mark.parametrize("make", [filled_draft, submitted, correcting, assessing, approved])
def test_the_application_page_opens_in_every_state(agency, world, make):
    # An approval rests on the training records of the world's own day.
    application = make(world, on=DAY if make is approved else today())
    answer = agency.get(reverse("filings:application", args=[application.pk]))
    assert answer.status_code == 200
    assert application.get_state_display() in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["desks:home", "filings:agency-applications", "filings:agency-papers", "filings:agency-claim"]
)
def test_the_other_pages_open_empty_and_filled(agency, world, name):
    assert agency.get(reverse(name)).status_code == 200
    correcting(world, today())
    assert agency.get(reverse(name)).status_code == 200
