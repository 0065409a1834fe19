"""A staff table pasted into the wizard: shown, then added; what is wrong stays in the box; without a script too."""

import pytest
from django.urls import reverse

from core.clock.clock import today
from core.reference.models import Occupation
from filings import workflow
from filings.models import Application
from filings.workflow.draft_rows import ROWS, add_row
from tests.world import make_world, mark_all, submitted

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_HX_REQUEST": "true"}
GOOD = "考评人员\t考评员甲\tYS0001\t焊工"
BAD = "考官\t考评员乙\tYS0002\t"


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def draft(world) -> Application:
    actor, on = world.actor("agency admin", today()), today()
    draft = workflow.create_application(actor=actor, on=on)
    welder = Occupation.objects.get(code="6-18-02-04")
    add_row(draft, ROWS["scope"], actor=actor, on=on, values={"occupation": welder})
    return draft


@pytest.fixture
def agency(client, world):
    client.force_login(world.people["agency admin"].user)
    return client


def address(application: Application) -> str:
    return reverse("filings:agency-paste", args=[application.pk])


@pytest.mark.parametrize("headers", [{}, SCRIPT], ids=["page", "script"])
def test_a_preview_says_what_was_read_and_adds_nobody(agency, draft, headers):
    answer = agency.post(address(draft), {"table": f"{GOOD}\n{BAD}"}, **headers)
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "读出 2 行：1 行可以添加，1 行有问题" in said
    assert "没有“考官”这一类" in said
    assert draft.staff.count() == 0


@pytest.mark.parametrize("headers", [{}, SCRIPT], ids=["page", "script"])
def test_what_can_be_read_is_added_and_the_rest_stays_in_the_box(agency, draft, headers):
    answer = agency.post(address(draft), {"table": f"{GOOD}\n{BAD}", "add": "1"}, **headers)
    said = answer.content.decode()
    assert "已添加 1 人。还有 1 行没有添加" in said
    assert BAD.strip() in said
    assert GOOD not in said
    person = draft.staff.get()
    assert (person.kind, person.name, person.certificate) == ("assessors", "考评员甲", "YS0001")
    assert [one.name for one in person.occupations.all()] == ["焊工"]
    again = agency.post(address(draft), {"table": GOOD, "add": "1"}, **headers)
    assert "已在名单里" in again.content.decode()
    assert draft.staff.count() == 1


def test_a_table_without_faults_leads_back_to_the_people(agency, draft):
    answer = agency.post(address(draft), {"table": GOOD, "add": "1"}, follow=True)
    assert answer.redirect_chain[0][0].endswith("/people/#rows-staff")
    assert "已添加 1 人。" in answer.content.decode()


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("", "请先把表格里的各行复制"),
        ("考评员甲", "没有分成几列"),
        ("类别\t姓名", "只有表头"),
        (f"{GOOD}\n" * 301, "一次最多 300 行"),
    ],
)
def test_what_is_no_table_is_said_and_kept(agency, draft, table, says):
    answer = agency.post(address(draft), {"table": table, "add": "1"})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert table[:20] in answer.content.decode()
    assert draft.staff.count() == 0


def test_the_box_is_kept_in_no_browser(agency, draft):
    page = agency.get(reverse("filings:agency-step", args=[draft.pk, "people"])).content.decode()
    box = page[page.index('<textarea name="table"') :]
    assert 'autocomplete="off"' in box[: box.index(">")]


def test_a_form_takes_no_identity_number_for_a_certificate(agency, draft):
    sent = {"kind": "experts", "name": "专家甲", "certificate": "11010519491231002X"}
    answer = agency.post(reverse("filings:agency-row-add", args=[draft.pk, "staff"]), sent)
    assert "这是身份证号" in answer.content.decode()
    assert draft.staff.count() == 0


def test_in_a_correction_it_is_open_where_the_people_are_named(agency, world):
    on = today()
    application = submitted(world, on=on)
    assert "刚才提交的没有保存" in agency.post(address(application), {"table": ""}, follow=True).content.decode()
    handler = world.actor("county handler", on)
    mark_all(world, application, on)
    workflow.mark_part(application, "staff", correct=False, remark="请补齐考评人员。", actor=handler, on=on)
    workflow.request_correction(application, actor=handler, on=on, days=15)
    before = application.staff.count()
    answer = agency.post(address(application), {"table": GOOD, "add": "1"}, follow=True)
    assert "已添加 1 人。" in answer.content.decode()
    assert application.staff.count() == before + 1
    assert application.requests.get().items.get().edited
