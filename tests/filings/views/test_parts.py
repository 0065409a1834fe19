"""Parts of the form on the pages: marked beside the data, corrected on a page of their own, the change shown."""

import pytest
from django.urls import reverse

from core.clock.clock import today
from filings import workflow
from filings.models import Application, RequestItem
from filings.parts import PARTS
from filings.workflow.draft_rows import ROWS, version
from tests.world import SITE, World, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_HX_REQUEST": "true"}
AUTOSAVE = {**SCRIPT, "HTTP_X_AUTOSAVE": "1"}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def application(world) -> Application:
    return submitted(world, on=today())


def url(name: str, *args: object) -> str:
    return reverse(f"filings:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


def correcting(world: World, application: Application, *keys: str) -> Application:
    on, county = today(), world.actor("county handler", today())
    mark_all(world, application, on)
    for key in keys:
        workflow.mark_part(application, key, correct=False, remark=f"{PARTS[key].label}有误", actor=county, on=on)
    return workflow.request_correction(application, actor=county, on=on, days=15)


def test_the_reviewer_marks_each_part_beside_its_data(world, application):
    county = world.browser("county handler")
    page = text(county.get(url("application", application.pk)))
    assert all(f'id="id_part-{key}"' in page and url("mark-part", application.pk, key) in page for key in PARTS)
    answer = county.post(url("mark-part", application.pk, "sites"), {"remark": "监控未勾选"}, **SCRIPT)
    assert answer.status_code == 200
    assert "监控未勾选" in text(answer)
    assert "现在还不能受理" in text(answer)
    assert application.part_marks.get().bad
    assert county.post(url("mark-part", application.pk, "sites"), {"remark": " "}, **SCRIPT).status_code == 422
    assert county.post(url("mark-part", application.pk, "venue"), {"good": "1"}).status_code == 404
    county.post(url("mark-part", application.pk, "sites"), {"good": "1"})
    assert application.part_marks.get().good


def test_others_see_the_parts_and_mark_none(world, application):
    page = text(world.browser("county chief").get(url("application", application.pk)))
    assert 'id="id_part-sites"' in page
    assert url("mark-part", application.pk, "sites") not in page
    agency = world.browser("agency admin")
    assert "id_part-sites" not in text(agency.get(url("application", application.pk)))
    assert agency.post(url("mark-part", application.pk, "sites"), {"good": "1"}).status_code in (302, 403, 404)
    assert not application.part_marks.exists()


def test_the_agency_finds_only_what_is_named_and_opens_it_prefilled(world, application):
    correcting(world, application, "sites", "records")
    agency = world.browser("agency staff")
    page = text(agency.get(url("agency-answers", application.pk)))
    assert page.count("修改这一部分") == 2
    assert "id_item-venue" not in page
    form = text(agency.get(url("agency-part", application.pk, "sites")))
    assert "考评场地有误" in form
    assert f'value="{SITE["name"]}"' in form
    records = text(agency.get(url("agency-part", application.pk, "records")))
    assert 'name="training_since"' in records
    assert 'name="person_times"' in records
    assert 'name="levels"' not in records  # the occupations themselves are not named
    assert agency.get(url("agency-part", application.pk, "staff")).status_code == 302
    assert agency.get(url("agency-part", application.pk, "venue")).status_code == 404


def test_a_row_saves_itself_and_the_page_shows_old_beside_new(world, application):
    correcting(world, application, "sites")
    agency = world.browser("agency staff")
    site = application.sites.get()
    sent = {**SITE, "area": "410502", "scope": [i.pk for i in application.scope.all()], "name": "新校区"}
    address = url("agency-row", application.pk, "sites", site.pk)
    names = [*ROWS["sites"].fields, "scope"]
    opened = version(site, names)
    saved = agency.post(address, {**sent, "version": opened}, **AUTOSAVE)
    assert saved.status_code == 204
    assert RequestItem.objects.get().edited
    answers = text(agency.get(url("agency-answers", application.pk)))
    assert "<del>校本部</del>" in answers
    assert "<ins>新校区</ins>" in answers
    officer = text(world.browser("county handler").get(url("application", application.pk)))
    assert "机构正在修改，还没有提交" in officer
    assert agency.post(address, {**sent, "name": "旧页面", "version": opened}, **AUTOSAVE).status_code == 409
    site.refresh_from_db()
    assert site.name == "新校区"


def test_a_field_of_another_part_is_refused_whoever_posts_it(world, application):
    correcting(world, application, "sites")
    agency = world.browser("agency admin")
    answer = agency.post(url("agency-part", application.pk, "agency"), {"name": "改名"})
    assert answer.status_code == 302
    application.refresh_from_db()
    assert application.name == "文峰区甲职业培训学校"
    row = application.staff.first()
    answer = agency.post(url("agency-row-remove", application.pk, "staff", row.pk), **SCRIPT)
    assert answer.headers["HX-Redirect"] == url("application", application.pk)
    assert application.staff.filter(pk=row.pk).exists()


def test_the_agencys_own_fields_are_saved_and_lead_back(world, application):
    correcting(world, application, "agency")
    agency = world.browser("agency admin")
    form = agency.get(url("agency-part", application.pk, "agency")).context["form"]
    sent = {name: form[name].value() for name in form.names if form[name].value() not in (None, False)}
    answer = agency.post(url("agency-part", application.pk, "agency"), {**sent, "address": "文峰区示例路81号"})
    assert answer.url == url("agency-answers", application.pk) + "#id_item-agency"
    application.refresh_from_db()
    assert application.address == "文峰区示例路81号"


def test_an_added_row_without_script_leads_back_to_the_part(world, application):
    correcting(world, application, "staff")
    agency = world.browser("agency admin")
    address = url("agency-row-add", application.pk, "staff")
    assert agency.post(address, {"kind": "experts", "name": "技术专家乙"}).url == (
        url("agency-part", application.pk, "staff") + "#rows-staff"
    )
    wrong = agency.post(address, {"kind": "experts"})
    assert wrong.status_code == 422
    assert "人员有误" in text(wrong)


def test_a_named_occupation_may_be_put_on_a_site(world, application):
    correcting(world, application, "scope")
    agency = world.browser("agency admin")
    item = application.scope.get(occupation="6-31-01-03")
    page = text(agency.get(url("agency-part", application.pk, "scope")))
    assert 'name="sites"' in page
    agency.post(url("agency-row", application.pk, "scope", item.pk), {"levels": ["5"], "question_bank": "国家题库"})
    assert not item.sites.exists()
    assert [i.edited for i in RequestItem.objects.all()] == [True]
