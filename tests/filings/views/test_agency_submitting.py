"""The last step's list and the submission's refusal are one: whatever refuses is named, with a link to its field."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.urls import reverse

from core.accounts.models import Organisation
from core.clock.clock import today
from core.reference.models import Area
from core.refusals import Refused
from filings import workflow
from filings.models import Application
from tests.world import filled_draft, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def agency(client, world):
    client.force_login(world.people["agency admin"].user)
    return client


def unserved(application: Application) -> None:
    application.area = Area.objects.create(code="410581", name="林州市", kind="县级市", quota_area="林州市")


def without(name: str, value: object = "") -> Callable[[Application], None]:
    return lambda application: setattr(application, name, value)


def unconfirmed(application: Application) -> None:
    Organisation.objects.filter(pk=application.agency_id).update(confirmed_on=None)


def no_scan(application: Application) -> None:
    application.materials.filter(key="pledge").update(upload=None)


# What is taken out of a whole draft, and where that is mended.
HOLES = {
    "no pledge day": (without("pledge_signed_on", None), "pledge"),
    "pledge day ahead": (without("pledge_signed_on", datetime.date(2099, 1, 1)), "pledge"),
    "no scan of the pledge": (no_scan, "materials"),
    "no name": (without("name"), "agency"),
    "registered ahead": (without("registered_on", datetime.date(2099, 1, 1)), "agency"),
    "training ahead": (without("training_since", datetime.date(2090, 1, 1)), "occupations"),
    "no level": (lambda application: application.scope.all()[0].__class__.objects.update(levels=[]), "occupations"),
    "no site": (lambda application: [site.delete() for site in application.sites.all()], "sites"),
    "an area without an office": (unserved, "agency"),
    "an agency not confirmed": (unconfirmed, ""),
}


def shown(page: str) -> str:
    """The list over the button of the last step."""
    return page.partition('id="missing"')[2].partition('class="submit-box"')[0]


@pytest.mark.parametrize("hole", HOLES)
def test_the_list_says_exactly_what_the_submission_refuses(agency, world, hole):
    draft = filled_draft(world, on=today())
    make, step = HOLES[hole]
    make(draft)
    draft.save()
    draft = Application.objects.get(pk=draft.pk)
    with pytest.raises(Refused) as refusal:
        workflow.submit(draft, actor=world.actor("agency admin", today()), on=today())
    page = agency.get(reverse("filings:agency-step", args=[draft.pk, "pledge"])).content.decode()
    listed = shown(page)
    texts = [reason.text for reason in refusal.value.reasons]
    assert texts
    assert listed.count("<li>") == len(texts)
    assert all(text.strip("。") in listed for text in texts)
    where = reverse("filings:agency-step", args=[draft.pk, step]) if step else reverse("filings:agency-claim")
    links = re.findall(r'<li><a href="([^"#]+)#([^"]+)"', listed)
    assert len(links) == len(texts)
    for address, anchor in links:
        assert address == where
        assert f'id="{anchor}"' in agency.get(address).content.decode()


def test_a_whole_draft_lists_nothing(agency, world):
    draft = filled_draft(world, on=today())
    page = agency.get(reverse("filings:agency-step", args=[draft.pk, "pledge"])).content.decode()
    assert "提交之前还差" not in page


def test_a_refused_submission_leads_to_the_same_fields(agency, world):
    draft = filled_draft(world, on=today())
    draft.address, draft.pledge_signed_on = "", None
    draft.save()
    answer = agency.post(reverse("filings:transition", args=[draft.pk, "submit"]))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert f'href="{reverse("filings:agency-step", args=[draft.pk, "agency"])}#id_address"' in page
    assert f'href="{reverse("filings:agency-step", args=[draft.pk, "pledge"])}#id_pledge_signed_on"' in page


def test_each_place_says_how_many_files_it_takes(agency, world):
    draft = filled_draft(world, on=today())
    page = agency.get(reverse("filings:agency-step", args=[draft.pk, "materials"])).content.decode()
    assert page.count("只收 1 个文件") == 6
    assert page.count("请合并成一个 PDF") == 6
    assert page.count("选择文件</label>") == 6
