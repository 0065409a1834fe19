"""What the wizard's requests do and refuse: drafts are never blocked, nothing typed is lost, nothing overwritten."""

import datetime

import pytest
from django.urls import reverse

from core.clock.clock import today
from filings import workflow
from filings.models import Application, Claim
from filings.workflow.draft_rows import ROWS, save_row, version
from tests.core.documents import files
from tests.world import file, filled_draft, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_HX_REQUEST": "true"}
AUTOSAVE = {**SCRIPT, "HTTP_X_AUTOSAVE": "1"}


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def draft(world) -> Application:
    on = today()
    return workflow.create_application(actor=world.actor("agency admin", on), on=on)


@pytest.fixture
def agency(client, world):
    client.force_login(world.people["agency admin"].user)
    return client


def url(name: str, *args) -> str:
    return reverse(f"filings:{name}", args=args)


def agency_form(**changed) -> dict:
    return {"name": "文峰区甲职业培训学校", "credit_code": "52410502MJ0000001X", "area": "410502", **changed}


def test_what_is_wrong_is_said_and_what_is_right_is_stored(agency, draft):
    answer = agency.post(
        url("agency-step", draft.pk, "agency"), agency_form(contact="经办人甲", legal_representative_id="12")
    )
    assert answer.status_code == 422
    assert 'value="12"' in answer.content.decode()
    draft.refresh_from_db()
    assert draft.contact == "经办人甲"
    assert draft.legal_representative_id == ""


def test_a_doubtful_number_is_stored_only_with_the_tick(agency, draft):
    address, doubtful = url("agency-step", draft.pk, "agency"), {"legal_representative_id": "110105194912310021"}
    answer = agency.post(address, agency_form(**doubtful))
    assert answer.status_code == 422
    assert "我已逐位核对，号码与身份证一致" in answer.content.decode()
    assert agency.post(address, agency_form(**doubtful, legal_representative_id_confirmed="on")).status_code == 302
    draft.refresh_from_db()
    assert draft.legal_representative_id == "110105194912310021"


@pytest.mark.parametrize("number", ["11010519491331002X", "11010519491231002", "A10105194912310021", "二一零"])
def test_a_malformed_number_is_not_stored_even_with_the_tick(agency, draft, number):
    sent = agency_form(legal_representative_id=number, legal_representative_id_confirmed="on")
    assert agency.post(url("agency-step", draft.pk, "agency"), sent).status_code == 422
    draft.refresh_from_db()
    assert draft.legal_representative_id == ""


def test_another_credit_code_than_the_confirmed_one_is_refused(agency, draft):
    sent = agency_form(credit_code="91110000600037341L")
    assert agency.post(url("agency-step", draft.pk, "agency"), sent).status_code == 422
    draft.refresh_from_db()
    assert draft.credit_code == draft.agency.credit_code


def test_a_page_opened_before_another_save_does_not_overwrite_it(agency, draft, world):
    address = url("agency-step", draft.pk, "pledge")
    opened = version(draft, ["pledge_signed_on"])
    first, second = today(), today() - datetime.timedelta(days=1)
    assert agency.post(address, {"pledge_signed_on": first, "version": opened}, **AUTOSAVE).status_code == 204
    assert agency.post(address, {"pledge_signed_on": first, "version": opened}, **AUTOSAVE).status_code == 204
    assert agency.post(address, {"pledge_signed_on": second, "version": opened}, **AUTOSAVE).status_code == 409
    answer = agency.post(address, {"pledge_signed_on": second, "version": opened})
    assert answer.status_code == 409
    assert f'value="{second}"' in answer.content.decode()
    draft.refresh_from_db()
    assert draft.pledge_signed_on == first


def test_an_autosave_names_how_much_it_left_out(agency, draft):
    sent = agency_form(contact_phone="x", address="示例路1号")
    answer = agency.post(url("agency-step", draft.pk, "agency"), sent, **AUTOSAVE)
    assert answer.headers["X-Unsaved"] == "1"
    draft.refresh_from_db()
    assert (draft.address, draft.contact_phone) == ("示例路1号", "")


def test_a_submitted_application_takes_no_more_edits(agency, world):
    application = submitted(world, on=today())
    address = url("agency-step", application.pk, "agency")
    assert agency.post(address, agency_form(address="改过"), **AUTOSAVE).status_code == 409
    assert agency.post(address, agency_form(address="改过")).status_code == 302
    assert agency.post(url("agency-row-add", application.pk, "scope"), {"occupation": "焊工"}).status_code == 302
    wrong = agency.post(url("agency-row-add", application.pk, "staff"), {"kind": "staff"}, follow=True)
    assert "刚才提交的没有保存" in wrong.content.decode()
    answer = agency.post(url("agency-material", application.pk, "credit"), {"file": file()}, **SCRIPT)
    assert answer.status_code == 422
    application.refresh_from_db()
    assert application.address != "改过"
    assert application.scope.count() == 2


def test_rows_are_added_changed_and_removed_without_a_script(agency, draft):
    assert agency.post(url("agency-row-add", draft.pk, "scope"), {"occupation": "焊工"}).status_code == 302
    item = draft.scope.get()
    answer = agency.post(url("agency-row-add", draft.pk, "scope"), {"occupation": "6-18-02-04"})
    assert answer.status_code == 422
    assert "已经在申请里" in answer.content.decode()
    row = url("agency-row", draft.pk, "scope", item.pk)
    assert agency.post(row, {"levels": ["5", "4"], "question_bank": "国家题库"}).status_code == 302
    line = {"since": "2025-01-01", "until": "2025-12-31", "person_times": "900"}
    sent = {"occupation": item.occupation_id, "item": item.pk, **line}
    assert agency.post(url("agency-row-add", draft.pk, "records"), sent).status_code == 302
    item.refresh_from_db()
    assert (item.levels, draft.records.get().person_times) == ([5, 4], 900)
    assert agency.post(url("agency-row-remove", draft.pk, "scope", item.pk)).status_code == 302
    assert not draft.scope.exists()
    assert not draft.records.exists()


def test_a_row_that_is_wrong_keeps_what_was_typed(agency, draft):
    answer = agency.post(url("agency-row-add", draft.pk, "sites"), {"name": "校本部", "square_metres": "-3"}, **SCRIPT)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="校本部"' in page
    assert 'value="-3"' in page
    assert not draft.sites.exists()


def test_a_row_removed_elsewhere_is_said_to_be_gone(agency, draft):
    agency.post(url("agency-row-add", draft.pk, "scope"), {"occupation": "焊工"})
    row = draft.scope.get().pk
    agency.post(url("agency-row-remove", draft.pk, "scope", row))
    answer = agency.post(url("agency-row", draft.pk, "scope", row), {"levels": ["5"]}, **SCRIPT)
    assert answer.status_code == 409
    assert "已经不在申请里" in answer.content.decode()


def test_another_agency_finds_nothing(client, world):
    draft = filled_draft(world, on=today())
    client.force_login(world.people["rival admin"].user)
    site = draft.sites.get()
    assert client.get(url("agency-step", draft.pk, "agency")).status_code == 404
    assert client.get(url("agency-checks", draft.pk, "agency")).status_code == 404
    assert client.get(url("application", draft.pk)).status_code == 404
    for address in (
        url("agency-step", draft.pk, "agency"),
        url("agency-row-add", draft.pk, "scope"),
        url("agency-row-remove", draft.pk, "sites", site.pk),
        url("agency-material", draft.pk, "credit"),
        url("agency-answer", draft.pk, "credit"),
        url("agency-extension", draft.pk),
    ):
        assert client.post(address).status_code == 404
    # A row of somebody else's is no row of one's own application.
    own = workflow.create_application(actor=world.actor("rival admin", today()), on=today())
    answer = client.post(url("agency-row-remove", own.pk, "sites", site.pk), **SCRIPT)
    assert answer.status_code == 409
    assert draft.sites.filter(pk=site.pk).exists()


def test_an_officer_has_no_business_in_the_wizard(client, world):
    draft = filled_draft(world, on=today())
    client.force_login(world.people["county handler"].user)
    assert client.get(url("agency-step", draft.pk, "agency")).status_code == 404


def test_staff_may_write_but_not_send(client, world):
    draft = filled_draft(world, on=today())
    client.force_login(world.people["agency staff"].user)
    assert (
        client.post(url("agency-row-add", draft.pk, "staff"), {"kind": "experts", "name": "专家乙"}).status_code == 302
    )
    assert "提交须由本机构管理员办理" in client.get(url("agency-step", draft.pk, "pledge")).content.decode()
    assert client.post(url("transition", draft.pk, "submit")).status_code == 403
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.parametrize(
    ("key", "name", "content", "says"),
    [
        ("credit", "信用报告.docx", files.docx(), "只收 PDF、JPG、PNG 文件，这个文件是 DOCX"),
        ("credit", "信用报告.pdf", files.picture("JPEG"), "内容却是"),
        ("credit", "信用报告.pdf", b"", "空的"),
        ("credit", "信用报告.txt", b"plain words", "不支持这种文件。请上传 PDF、JPG、PNG 文件。"),
        ("work_plan", "方案.jpg", files.picture("JPEG"), "只收 PDF、DOCX 文件，这个文件是 JPG"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_its_place(agency, draft, key, name, content, says):
    answer = agency.post(url("agency-material", draft.pk, key), {"file": file(name, content)}, **SCRIPT)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert draft.materials.get(key=key).upload is None


def test_an_empty_draft_lists_everything_missing_by_step(agency, draft):
    page = agency.get(url("agency-step", draft.pk, "pledge")).content.decode()
    assert page.count("请上传“") == 6
    for key in ("agency", "occupations", "sites", "materials"):
        assert f'href="{url("agency-step", draft.pk, key)}#' in page
    answer = agency.post(url("transition", draft.pk, "submit"))
    assert answer.status_code == 409


def test_only_what_is_the_agencys_can_be_written_to_a_row(agency, draft, world):
    actor, on = world.actor("agency admin", today()), today()
    agency.post(url("agency-row-add", draft.pk, "scope"), {"occupation": "焊工"})
    with pytest.raises(ValueError, match="granted"):
        save_row(draft, ROWS["scope"], draft.scope.get().pk, actor=actor, on=on, values={"granted": True})


# -- identity ----------------------------------------------------------------------------------------------------


def test_the_first_paper_makes_the_claim_and_a_bad_one_none(agency, world):
    organisation = world.organisation("agency admin")
    organisation.confirmed_on = None
    organisation.save()
    licence = url("agency-claim-paper", "licence")
    assert agency.post(licence, {"file": file("证照.docx", files.docx())}, **SCRIPT).status_code == 422
    assert not Claim.objects.exists()
    assert agency.post(licence, {"file": file("证照.pdf")}, **SCRIPT).status_code == 200
    assert "还差授权委托书" in agency.get(url("agency-claim")).content.decode()
    agency.post(url("agency-claim-paper", "authorisation"), {"file": file()}, **SCRIPT)
    assert "等待核实" in agency.get(url("agency-claim")).content.decode()
    claim = Claim.objects.get()
    workflow.reject_claim(claim, actor=world.actor("county handler", today()), on=today(), reason="证照看不清")
    assert "证照看不清" in agency.get(url("agency-claim")).content.decode()
    agency.post(licence, {"file": file()}, **SCRIPT)
    assert Claim.objects.filter(state="pending").count() == 1


# -- correction --------------------------------------------------------------------------------------------------


def test_only_named_items_can_be_answered_and_the_extension_needs_a_reason(agency, world):
    on = today()
    application = submitted(world, on=on)
    mark_all(world, application, on, bad=("venue",))
    workflow.request_correction(application, actor=world.actor("county handler", on), on=on, days=10)
    page = agency.get(url("agency-answers", application.pk)).content.decode()
    assert "请补充平面图" in page
    assert 'id="id_item-venue"' in page
    assert 'id="id_item-credit"' not in page
    assert agency.post(url("agency-answer", application.pk, "credit"), {"answer": "x"}, **AUTOSAVE).status_code == 409
    assert agency.post(url("agency-extension", application.pk), {"reason": ""}).status_code == 422
    assert agency.post(url("agency-extension", application.pk), {"reason": "换证"}).status_code == 302
    assert agency.post(url("agency-extension", application.pk), {"reason": "再换"}).status_code == 422
    agency.post(url("agency-answer", application.pk, "venue"), {"answer": "已补"}, **AUTOSAVE)
    agency.post(url("agency-answer", application.pk, "venue"), {"file": file()}, **SCRIPT)
    item = application.requests.get().items.get()
    assert item.answer == "已补"
    assert item.upload is not None
