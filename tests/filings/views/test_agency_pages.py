"""Every page an agency opens, in each state of its application; nobody else's application exists for it."""

import datetime

import lxml.html
import pytest
import time_machine
from django.urls import reverse

from core.clock.clock import today
from filings import workflow
from filings.views.agency_steps import ORDER
from tests.world import DAY, approved, assessing, filed, filled_draft, following, make_world, mark_all, submitted

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


def headings(agency) -> list[str]:
    """The headings of the agency's home, in their order."""
    page = lxml.html.fromstring(agency.get(reverse("desks:home")).content)
    return [" ".join(found.text_content().split()) for found in page.xpath("//main//h2")]


def test_home_begins_with_what_is_to_be_done_else_with_where_the_agency_stands(agency, world):
    assert headings(agency)[0] == "要办的事"
    with time_machine.travel(datetime.datetime.combine(DAY, datetime.time(4), datetime.UTC), tick=True):
        agency.force_login(world.people["agency admin"].user)
        filed(world)
        assert headings(agency)[:2] == ["我的备案 有效", "文书送达"]
        assert "现在没有要您办的事" in agency.get(reverse("desks:home")).content.decode()
        following(world, "change", DAY, person_in_charge="负责人乙")
        assert headings(agency)[:2] == ["我的备案 有效", "办理中：变更备案 待审核"]


def test_home_begins_with_a_correction_and_its_last_day(agency, world):
    correcting(world, today())
    assert headings(agency)[:2] == ["要办的事", "办理中：首次备案 待补正"]
    page = agency.get(reverse("desks:home")).content.decode()
    assert "还剩 10 天" in page
    assert "现在没有要您办的事" not in page
