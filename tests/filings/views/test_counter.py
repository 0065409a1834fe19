"""The counter's pages: who comes in, what is offered, and that the agency's wizard opens to its counter alone."""

import pytest
from django.urls import reverse

from core.accounts.models import Organisation, Recusal
from filings.models import Application
from tests.filings.counters import CODE, HANDLER, claimed, entered, handed_over, shown_at_counter
from tests.world import DAY, SINCE, file, filled_draft, make_world, submitted

pytestmark = pytest.mark.django_db

STRANGERS = (
    "rival admin",
    "other county handler",
    "other county chief",
    "centre handler",
    "bureau handler",
    "county chief",
)


def pages(application: Application) -> list[str]:
    """The addresses below which somebody writes in the agency's name."""
    pk = application.pk
    return [
        reverse("filings:agency-draft", args=[pk]),
        reverse("filings:agency-step", args=[pk, "agency"]),
        reverse("filings:agency-step", args=[pk, "pledge"]),
        reverse("filings:agency-checks", args=[pk, "agency"]),
        reverse("filings:agency-pledge-form", args=[pk]),
        reverse("filings:agency-answers", args=[pk]),
        reverse("filings:agency-part", args=[pk, "agency"]),
    ]


def acts(application: Application) -> list[str]:
    """Those that take a POST."""
    pk = application.pk
    return [
        reverse("filings:agency-step", args=[pk, "agency"]),
        reverse("filings:agency-row-add", args=[pk, "staff"]),
        reverse("filings:agency-row-remove", args=[pk, "staff", application.staff.first().pk]),
        reverse("filings:agency-material", args=[pk, "venue"]),
        reverse("filings:agency-answer", args=[pk, "venue"]),
        reverse("filings:agency-extension", args=[pk]),
        reverse("filings:counter-scan", args=[pk, "submit"]),
    ]


@pytest.mark.parametrize("who", STRANGERS)
def test_the_wizard_of_a_counters_draft_does_not_exist_for_others(who):
    world = make_world()
    draft, browser = entered(world), world.browser(who)
    assert {browser.get(url).status_code for url in pages(draft)} == {404}
    assert {browser.post(url, {"file": file()}).status_code for url in acts(draft)} == {404}


def test_nor_for_the_agency_while_it_is_entered_though_it_reads_it():
    world = make_world()
    draft, browser = entered(world), world.browser("agency admin")
    assert {browser.get(url).status_code for url in pages(draft)} == {404}
    assert {browser.post(url, {"file": file()}).status_code for url in acts(draft)} == {404}
    page = browser.get(f"/applications/{draft.pk}/").content.decode()
    assert "受理窗口正在代录" in page
    assert "继续填写" not in page
    assert "撤回申请" in page


@pytest.mark.parametrize("who", [HANDLER, *STRANGERS])
def test_the_wizard_of_an_online_draft_is_its_agencys_alone(who):
    world = make_world()
    draft, browser = filled_draft(world), world.browser(who)
    assert {browser.get(url).status_code for url in pages(draft)} == {404}
    assert {browser.post(url, {"file": file()}).status_code for url in acts(draft)} == {404}


def test_its_handler_sees_in_whose_name_and_the_agency_does_not_see_the_banner():
    world = make_world()
    draft = entered(world)
    banner = "您正在代“文峰区甲职业培训学校”录入窗口申请"
    page = world.browser(HANDLER).get(reverse("filings:agency-step", args=[draft.pk, "sites"])).content.decode()
    assert banner in page
    own = filled_draft(world, "rival admin")
    page = world.browser("rival admin").get(reverse("filings:agency-step", args=[own.pk, "sites"])).content.decode()
    assert "您正在代" not in page


@pytest.mark.parametrize(
    "who", ["agency admin", "county chief", "bureau chief", "experts expert", "operator administrator"]
)
def test_the_counter_is_for_the_handlers_of_the_offices(who):
    browser = make_world().browser(who)
    assert browser.get("/counter/").status_code == 403
    assert browser.post("/counter/start/", {"agency": 1, "kind": "initial"}).status_code == 403


def test_the_centre_enters_no_agency_and_begins_nothing_initial():
    world = make_world()
    browser = world.browser("centre handler")
    assert browser.get("/counter/agencies/").status_code == 403
    agency = world.organisation("agency admin")
    assert browser.post("/counter/start/", {"agency": agency.pk, "kind": "initial"}).status_code == 404
    assert not Application.objects.exists()


def test_a_county_begins_for_its_own_area_and_for_the_confirmed_alone():
    world = make_world()
    other = Organisation.objects.create(kind="agency", name="未核实", credit_code=CODE, area_id="410502")
    day = {"counter_on": DAY.isoformat()}
    start = {"agency": world.organisation("agency admin").pk, "kind": "initial", **day}
    assert world.browser("other county handler").post("/counter/start/", start).status_code == 404
    browser = world.browser(HANDLER)
    assert browser.post("/counter/start/", {**start, "agency": other.pk}).status_code == 404
    assert browser.post("/counter/start/", {**start, "kind": "change"}).status_code == 302
    assert not Application.objects.exists()
    browser.post("/counter/start/", {**start, "counter_on": ""})
    assert not Application.objects.exists()
    answer = browser.post("/counter/start/", start)
    assert Application.objects.get().counter_on == DAY
    assert answer.url == reverse("filings:agency-step", args=[Application.objects.get().pk, "agency"])


def test_what_the_agency_has_begun_itself_is_said_and_not_shown():
    world = make_world()
    draft = filled_draft(world)
    page = world.browser(HANDLER).get("/counter/", {"q": "甲职业"}).content.decode()
    assert "机构在门户有未提交的草稿" in page
    assert f"/applications/{draft.pk}/" not in page


def test_handing_in_late_asks_why_and_keeps_the_day(time_machine):
    world = make_world()
    import datetime

    late = datetime.date(2026, 9, 25)
    time_machine.move_to(datetime.datetime(2026, 9, 25, 2, tzinfo=datetime.UTC))
    draft, browser = entered(world, late, day=DAY), world.browser(HANDLER)
    url = reverse("filings:transition", args=[draft.pk, "submit"])
    answer = browser.post(url, {"counter_on": "2026-09-18"})
    assert answer.status_code == 409
    assert "视为受理" in answer.content.decode()
    assert 'value="2026-09-18"' in answer.content.decode()
    browser.post(url, {"counter_on": "2026-09-18", "late_reason": "窗口人员请假"})
    draft.refresh_from_db()
    assert (draft.state, draft.deemed_accepted) == ("accepted", True)


def test_the_officers_page_marks_it_and_offers_what_is_the_agencys_apart():
    world = make_world()
    application = handed_over(world)
    for who in (HANDLER, "county chief"):
        page = world.browser(who).get(f"/applications/{application.pk}/")
        assert "窗口代录" in page.content.decode()
        assert not {one.name for one in page.context["offers"] if one.concerns} & {"withdraw", "submit"}
        assert ("代录撤回" in page.content.decode()) is (who == HANDLER)
    online = submitted(world, "rival admin")
    assert "窗口代录</h2>" not in world.browser(HANDLER).get(f"/applications/{online.pk}/").content.decode()


def test_a_claim_on_what_was_entered_here_warns_whom_it_hands_over_to():
    world = make_world()
    shown_at_counter(world)
    _, claim = claimed(world)
    page = world.browser(HANDLER).get(f"/claims/{claim.pk}/").content.decode()
    assert "将接管窗口办理的机构" in page


def test_the_bureau_enters_for_the_agency_from_which_a_whole_county_keeps_out_and_for_no_other():
    world = make_world()
    agency, other = world.organisation("agency admin"), world.organisation("rival admin")
    browser = world.browser("bureau handler")
    start = {"kind": "initial", "counter_on": DAY.isoformat()}
    assert browser.post("/counter/start/", {**start, "agency": agency.pk}).status_code == 404
    Recusal.objects.create(user=world.people[HANDLER].user, agency=agency, ground="kinship", since=SINCE)
    page = browser.get("/counter/", {"q": "学校"}).content.decode()
    assert (agency.credit_code in page, other.credit_code in page) == (True, False)
    assert browser.post("/counter/start/", {**start, "agency": other.pk}).status_code == 404
    browser.post("/counter/start/", {**start, "agency": agency.pk})
    draft = Application.objects.get()
    assert (draft.receiving, draft.entered_by) == (world.organisation(HANDLER), world.people["bureau handler"])
    assert draft.number in browser.get("/counter/").content.decode()
    assert browser.get(reverse("filings:agency-step", args=[draft.pk, "sites"])).status_code == 200
    assert world.browser(HANDLER).get(reverse("filings:agency-step", args=[draft.pk, "sites"])).status_code == 404
