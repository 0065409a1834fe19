"""Who opens which officers' page: what one may not see does not exist."""

import datetime

import pytest
import time_machine
from django.test import Client

from core.clock.clock import SHANGHAI
from core.notifications import inbox
from core.workflow import proposals
from filings import workflow
from tests.world import DAY, World, accepted, assessing, make_world, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]  # who may see what is decided in Python

NOON = datetime.datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


PEOPLE = (
    "county handler", "county chief", "other county handler", "centre handler", "centre chief", "bureau handler",
    "experts expert", "operator administrator", "agency admin", "rival admin",
)  # fmt: skip


def seen_by(world: World, address: str) -> set[str]:
    return {name for name in PEOPLE if world.browser(name).get(address).status_code == 200}


def test_a_submitted_application_is_the_countys_and_the_bureaus(world):
    application = submitted(world)
    assert seen_by(world, f"/applications/{application.pk}/") == {
        "county handler", "county chief", "bureau handler", "agency admin",
    }  # fmt: skip


def test_an_accepted_one_is_the_centres_too(world):
    application = accepted(world)
    assert seen_by(world, f"/applications/{application.pk}/") == {
        "county handler", "county chief", "centre handler", "centre chief", "bureau handler", "agency admin",
    }  # fmt: skip


def test_a_draft_is_no_officers(world):
    from tests.world import filled_draft

    application = filled_draft(world)
    assert seen_by(world, f"/applications/{application.pk}/") <= {"agency admin"}


def test_an_expert_sees_its_task_until_the_sheet_is_in(world):
    application = accepted(world)
    from tests.world import decide

    decide(world, application, "recommend", "county", DAY, positive=True, text="同意")
    handler = world.actor("centre handler")
    workflow.start_assessment(application, actor=handler, on=DAY, methods=["panel"])
    task = workflow.assign_expert(application, world.people["experts expert"], actor=handler, on=DAY)
    address, expert = f"/expert/tasks/{task.pk}/", world.browser("experts expert")
    assert seen_by(world, address) == {"experts expert"}
    assert expert.get(f"/applications/{application.pk}/").url == address
    assert "前决定，请尽早交评审表" in expert.get(address).content.decode()
    sheet = {"positive": "yes", "opinion": "同意"} | {
        f"{what}-{key}": value
        for key in ("venue", "staff", "record")
        for what, value in (("marks", "20"), ("reason", "符合"))
    }
    wrong = expert.post(address, {**sheet, "marks-venue": "41"})
    assert (wrong.status_code, "场地设备：得分" in wrong.content.decode()) == (422, True)
    assert expert.post(address, sheet).status_code == 302
    done = expert.get(address).content.decode()
    assert ("评审表已经提交" in done, application.name in done) == (True, False)
    assert expert.get(f"/applications/{application.pk}/").status_code == 404
    upload = application.materials.first().upload
    assert expert.get(f"/files/{upload.pk}/").status_code == 404


def test_an_assignment_is_told_to_its_expert_alone(world):
    another = world.add("experts expert 2", world.organisation("experts expert"), "expert")
    application = assessing(world)  # assigned to the first expert
    workflow.assign_expert(application, another, actor=world.actor("centre handler"), on=DAY)
    for name in ("experts expert", "experts expert 2"):
        mine = inbox.inbox(world.actor(name))
        task = application.assessment.tasks.get(expert=world.people[name])
        assert list(mine.values_list("link", flat=True)) == [f"/expert/tasks/{task.pk}/"]
        assert application.name in mine.get().title


def test_an_expert_sees_no_mark_and_no_contact(world):
    application = assessing(world)
    from filings.models import ExpertTask

    ExpertTask.objects.update(done_on=None)
    page = world.browser("experts expert").get(f"/expert/tasks/{ExpertTask.objects.get().pk}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert application.contact_phone not in text
    assert "齐全 合规" not in text


def test_a_proposal_is_for_the_offices_that_see_the_matter(world):
    application = accepted(world)
    found = proposals.propose(
        application, "recommend", actor=world.actor("county handler"), on=DAY, payload={"positive": True, "text": "好"}
    )
    assert seen_by(world, f"/proposals/{found.pk}/") == {
        "county handler", "county chief", "centre handler", "centre chief", "bureau handler",
    }  # fmt: skip


OFFICES = {
    "county handler", "county chief", "other county handler", "centre handler", "centre chief", "bureau handler",
}  # fmt: skip
SETTINGS = {
    "/bureau/quota/": {"bureau handler"},
    "/bureau/urgent/": {"bureau handler"},
    "/admin-desk/serials/": {"operator administrator"},
    "/criteria/": {"centre handler", "centre chief"},
    "/admin-desk/figures/": {"operator administrator"},
    "/claims/": OFFICES,
    "/quota/": OFFICES,
    "/quota/places/city/": OFFICES,
    "/quota/places/市区:6-18-02-04/": OFFICES,
    "/assignments/": OFFICES,
    "/assignments/new/?area=汤阴县&occupation=6-18-02-04": {"centre handler", "centre chief"},
    "/expert/": {"experts expert"},
}


@pytest.mark.parametrize("address", SETTINGS)
def test_settings_are_for_those_who_set_them(world, address):
    assert seen_by(world, address) == SETTINGS[address]


def test_nobody_opens_anything_without_signing_in(world):
    application = submitted(world)
    for address in (f"/applications/{application.pk}/", "/applications/", *SETTINGS):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert "/accounts/login/" in answer.url


def test_an_address_for_forms_alone_opened_by_hand_leads_back(world):
    answer = world.browser("county handler").get("/claims/7/reject/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert 'href="/claims/7/"' in answer.content.decode()
