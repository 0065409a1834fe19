"""登记送达 on the pages: until when it must be recorded, what came too late, announcements."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from core.audit.models import Event
from core.clock.clock import SHANGHAI
from core.deadlines import lapses
from core.documents.models import OfficialDocument, Service
from core.documents.tasks import issue
from filings import timeline, workflow
from filings.models import Application
from filings.views.agency_home import to_heed
from filings.workflow import assignments
from tests.filings.workflow.test_assignments import offer
from tests.filings.workflow.test_setting_aside import REFUSAL, set_aside
from tests.world import DAY, World, assessing, decide, file, filed, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db

SENTENCE = "请在2026年9月24日24:00前登记送达，逾期系统视为受理。"
LAST = datetime.date(2026, 9, 24)


def noon(day: datetime.date) -> time_machine.travel:
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(12), SHANGHAI), tick=True)


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with noon(DAY):
        yield


@pytest.fixture
def world() -> World:
    return make_world(consent=False)


def noticed(world: World) -> tuple[Application, str]:
    """An application whose notice is issued through the page; the address at which its service is recorded."""
    application = submitted(world)
    mark_all(world, application, bad=("venue",))
    address = f"/applications/{application.pk}/transitions/request_correction/"
    county = world.browser("county handler")
    assert SENTENCE in county.get(address).content.decode()
    after = county.post(address, {"days": "10"}, follow=True).content.decode()
    assert after.count(SENTENCE) == 2  # what was just said, and beside the notice
    paper = OfficialDocument.objects.get(series="correction")
    return application, f"/applications/{application.pk}/papers/{paper.pk}/service/"


def test_until_when_stands_on_the_page_the_desk_and_the_queue(world):
    _, address = noticed(world)
    county = world.browser("county handler")
    assert SENTENCE in county.get(address).content.decode()
    desk = county.get("/desk/").content.decode()
    assert "待登记送达" in desk
    assert "2026年9月24日 24:00前登记" in desk
    assert address in desk
    assert "通知待登记送达" in county.get("/applications/").content.decode()
    assert "待登记送达" not in world.browser("other county handler").get("/desk/").content.decode()


def test_recorded_a_day_late_but_before_any_sweep_it_takes_effect(world):
    application, address = noticed(world)
    with noon(datetime.date(2026, 9, 25)):
        sent = {"method": "hand", "served_on": LAST.isoformat(), "proof": file("回证.pdf")}
        page = world.browser("county handler").post(address, sent, follow=True).content.decode()
    assert "已登记送达：补正通知书。" in page
    application.refresh_from_db()
    assert application.state == "correcting"


def test_after_the_sweep_the_page_says_that_it_no_longer_takes_effect(world):
    _, address = noticed(world)
    with noon(datetime.date(2026, 9, 25)):
        lapses.sweep(datetime.date(2026, 9, 25))
        sent = {"method": "hand", "served_on": LAST.isoformat(), "proof": file("回证.pdf")}
        page = world.browser("county handler").post(address, sent, follow=True).content.decode()
    assert "said-warning" in page
    assert page.count("已自2026年9月24日起视为受理，补正通知不再生效") == 3  # said, at the paper, in the course
    assert not Service.objects.get(document__series="correction").took_effect
    inbox = world.browser("centre handler").get("/inbox/").content.decode()
    assert "补正通知未生效" in inbox


def test_the_centre_finds_what_the_notice_named_on_its_invitation(world):
    application, _ = noticed(world)
    lapses.sweep(datetime.date(2026, 9, 25))
    on = datetime.date(2026, 9, 25)
    with noon(on):
        decide(world, application, "recommend", "county", on, positive=True, text="同意推荐")
        centre = world.actor("centre handler", on)
        workflow.start_assessment(application, actor=centre, on=on, methods=["material"])
        page = world.browser("centre handler").get(f"/applications/{application.pk}/transitions/invite_supplements/")
    assert "请补充平面图" in page.content.decode()


def test_an_announcement_asks_what_was_tried(world):
    application, address = noticed(world)
    county = world.browser("county handler")
    sent = {"method": "announcement", "served_on": DAY.isoformat()}
    refused = county.post(address, {**sent, "proof": file("公告.pdf")})
    assert refused.status_code == 422
    assert refused.content.decode().count("其他方式都送不到的，才能公告送达") >= 3
    for way in ("hand", "post", "witness"):
        sent |= {f"tried-{way}": DAY.isoformat(), f"attempts-{way}": "人去楼空"}
    assert county.post(address, {**sent, "proof": file("公告.pdf")}).status_code == 302
    assert len(Event.objects.get(verb="document.serve").payload["attempts"]) == 3
    told = next(e for e in timeline.entries(application, world.actor("county handler")) if e.label == "登记送达")
    assert "此前未能送达：2026年9月18日直接送达，人去楼空；" in told.note


def test_an_invitation_of_the_centre_waits_on_its_desk(world):
    application = assessing(world)
    items = [{"material": "venue", "what": "补平面图"}]
    workflow.invite_supplements(application, actor=world.actor("centre handler"), on=DAY, items=items)
    assert "待登记送达" in world.browser("centre handler").get("/desk/").content.decode()
    assert "待登记送达" not in world.browser("county handler").get("/desk/").content.decode()


def test_the_agencys_desk_says_that_a_notice_waits_for_service_and_then_that_it_was_served(world):
    _, address = noticed(world)
    paper = OfficialDocument.objects.get(series="correction")
    issue(paper.pk)
    desk = world.browser("agency admin").get("/desk/").content.decode()
    assert "等待送达" in desk
    assert "由文峰区人社局当面、邮寄或留置送达" in desk
    assert f"/papers/{paper.code}" in desk, "and where to read it"
    assert "等待送达" not in world.browser("rival admin").get("/desk/").content.decode()

    record = {"method": "hand", "served_on": DAY.isoformat(), "proof": file("回证.pdf")}
    assert world.browser("county handler").post(address, record).status_code == 302
    desk = world.browser("agency admin").get("/desk/").content.decode()
    assert "2026年9月18日直接送达，自这一天起生效" in desk
    with noon(DAY + datetime.timedelta(days=8)):
        assert "自这一天起生效" not in world.browser("agency admin").get("/desk/").content.decode()


def test_a_notice_that_came_to_nothing_waits_for_no_service(world):
    application, _ = noticed(world)
    with noon(LAST + datetime.timedelta(days=1)):
        lapses.settle("filings.application", str(application.pk), LAST + datetime.timedelta(days=1))
        rows = to_heed(application.agency, LAST + datetime.timedelta(days=1))
    assert [row["row"].series for row in rows] == ["deemed_acceptance"], "the lapse's own paper, not the notice"


def test_papers_of_an_assignment_are_served_like_any_other(world):
    filing = filed(world)
    row = offer(world, filing)
    assignments.consent(row, actor=world.actor("agency admin"), on=DAY)
    decide(world, row, "make", "centre", DAY)
    page = f"/assignments/{row.pk}/"
    address = f"{page}papers/{OfficialDocument.objects.get(series='assignment').pk}/service/"
    centre, agency = world.browser("centre handler"), world.browser("agency admin")
    assert address in centre.get(page).content.decode()
    assert "未送达" in agency.get(page).content.decode()
    for who in ("agency admin", "county handler", "rival admin"):
        assert address not in world.browser(who).get(page).content.decode()
        assert world.browser(who).get(address).status_code in (403, 404)
    assert centre.post(address, {"method": "post", "served_on": DAY.isoformat()}).status_code == 422, "proof is missing"
    sent = {"method": "post", "served_on": DAY.isoformat(), "proof": file("邮寄回执.pdf")}
    after = centre.post(address, sent, follow=True).content.decode()
    assert "已登记送达：市内调配通知书。" in after
    service = Service.objects.get(document__series="assignment")
    proof = reverse("documents:upload", args=[service.proof_id])
    assert (service.method, service.took_effect, proof in after) == ("post", True, True)
    assert proof not in agency.get(page).content.decode(), "what offices keep among themselves"
    assert agency.get(proof).status_code == 404
    assert "已经送达过" in centre.post(address, {**sent, "proof": file("回证.pdf")}).content.decode()


def test_what_was_set_aside_waits_for_no_service(world):
    application = assessing(world)
    decide(world, application, "refuse", "centre", DAY, **REFUSAL)
    paper = OfficialDocument.objects.get(series="refusal")
    address = f"/applications/{application.pk}/papers/{paper.pk}/service/"
    centre = world.browser("centre handler")
    assert address in centre.get(f"/applications/{application.pk}/").content.decode()
    set_aside(world, application, DAY)
    assert address not in centre.get(f"/applications/{application.pk}/").content.decode()
    sent = {"method": "hand", "served_on": DAY.isoformat(), "proof": file("回证.pdf")}
    refused = centre.post(address, sent)
    assert (refused.status_code, "不用再登记送达" in refused.content.decode()) == (422, True)
    assert not Service.objects.filter(document=paper).exists()
