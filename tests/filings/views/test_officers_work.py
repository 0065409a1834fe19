"""The officers' work through the pages: marks, correction, service, opinions, assessment, decision, settings."""

import datetime

import pytest
import time_machine

from core.audit.models import Event, Outcome
from core.clock.clock import SHANGHAI
from core.deadlines import clocks
from core.documents.models import OfficialDocument, Service
from core.reference import settings
from core.reference.models import Occupation
from core.workflow.models import Proposal
from filings import workflow
from filings.models import Criterion, Filing, SerialBlock, UrgentOccupation
from regulation.materials import MATERIALS
from tests.world import DAY, World, accepted, assessing, decide, file, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def test_marks_are_kept_with_and_without_a_script(world):
    application, county = submitted(world), world.browser("county handler")
    address = f"/applications/{application.pk}/materials/venue/mark/"
    assert county.post(address, {"good": "1"}).url.endswith("#id_material-venue")
    assert application.materials.get(key="venue").good
    part = county.post(address, {"wrong": "1", "remark": "缺平面图"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "缺平面图" in part.content.decode()
    assert 'hx-swap-oob="true"' in part.content.decode()
    assert application.materials.get(key="venue").bad
    refused = county.post(address, {"wrong": "1", "remark": " "})
    assert refused.status_code == 422
    assert "请写明缺什么、怎么补" in refused.content.decode()
    county.post(address, {"clear": "1"})
    assert application.materials.get(key="venue").complete is None


def test_the_centre_marks_in_assessment_on_its_own_page(world):
    application, centre = assessing(world), world.browser("centre handler")
    address = f"/applications/{application.pk}/materials/venue/mark/"
    assert address in centre.get(f"/applications/{application.pk}/").content.decode()
    assert address not in world.browser("county handler").get(f"/applications/{application.pk}/").content.decode()
    refused = centre.post(address, {"wrong": "1", "remark": " "})
    assert refused.status_code == 422
    assert "评估工作" in refused.content.decode()
    part = centre.post(address, {"wrong": "1", "remark": "缺消防证明"}, headers={"HX-Request": "true"})
    assert "现在还不能提议同意备案" in part.content.decode()
    assert world.browser("county handler").post(address, {"good": "1"}).status_code == 403
    assert centre.post(address, {"good": "1"}).url.endswith("#id_material-venue")
    assert application.materials.get(key="venue").marked_by == world.people["centre handler"]


def test_a_commissioned_assessor_shows_its_qualification(world):
    application, centre = accepted(world), world.browser("centre handler")
    decide(world, application, "recommend", "county", DAY, positive=True, text="同意")
    base = f"/applications/{application.pk}/"
    form = centre.get(f"{base}transitions/start_assessment/").content.decode()
    assert f"{base}qualification/" in form
    broken = centre.post(f"{base}qualification/", {"file": file("资质.pdf", b"?")}, headers={"HX-Request": "true"})
    assert broken.status_code == 422
    sent = centre.post(f"{base}qualification/", {"file": file("资质.pdf")})
    assert sent.url == f"{base}transitions/start_assessment/"
    assert world.browser("county handler").post(f"{base}qualification/", {"file": file()}).status_code == 403
    body = {"methods": ["commissioned"], "commissioned": "河南某评估有限公司"}
    assert centre.post(f"{base}transitions/start_assessment/", body).status_code == 302
    page = centre.get(base).content.decode()
    assert "受托评估机构：河南某评估有限公司" in page
    assert "资质证明" in page
    upload = application.assessment.qualification
    assert centre.get(f"/files/{upload.pk}/").status_code == 200
    assert world.browser("agency admin").get(f"/files/{upload.pk}/").status_code == 404


def test_only_the_receiving_handler_marks(world):
    application = submitted(world)
    answer = world.browser("county chief").post(f"/applications/{application.pk}/materials/venue/mark/", {"good": "1"})
    assert answer.status_code == 403
    assert application.materials.get(key="venue").complete is None


def test_a_correction_is_previewed_then_sent_once(world):
    application, county = submitted(world), world.browser("county handler")
    mark_all(world, application, bad=("venue",))
    address = f"/applications/{application.pk}/transitions/request-correction/"
    preview = county.post(f"{address}preview/", {"days": "12"})
    assert preview.content.startswith(b"%PDF")
    assert not OfficialDocument.objects.filter(series="correction").exists()
    assert county.post(address, {"days": "45", "idempotency_key": "a"}).status_code == 422
    for _ in range(2):
        assert county.post(address, {"days": "12", "idempotency_key": "a"}).status_code == 302
    assert OfficialDocument.objects.filter(series="correction").count() == 1
    application.refresh_from_db()
    assert application.state == "correcting"


def test_a_refused_attempt_comes_back_with_every_reason_and_is_recorded(world):
    application, county = submitted(world), world.browser("county handler")
    answer = county.post(f"/applications/{application.pk}/transitions/accept/", {})
    assert answer.status_code == 409
    assert answer.content.decode().count("还没有看") == len(MATERIALS)
    assert Event.objects.filter(verb="filings.application.accept", outcome=Outcome.REFUSED).count() == 1


def test_service_by_post_starts_the_correction():
    world = make_world(consent=False)
    application, county = submitted(world), world.browser("county handler")
    mark_all(world, application, bad=("venue",))
    county.post(f"/applications/{application.pk}/transitions/request_correction/", {"days": "10"})
    application.refresh_from_db()
    assert application.state == "submitted"
    paper = OfficialDocument.objects.get(series="correction")
    address = f"/applications/{application.pk}/papers/{paper.pk}/service/"
    assert county.post(address, {"method": "post", "served_on": DAY.isoformat()}).status_code == 422
    early = {"method": "post", "served_on": "2026-09-01", "proof": file("回执.pdf")}
    refused = county.post(address, early)
    assert "早于文书签发日期" in refused.content.decode()
    sent = {"method": "post", "served_on": DAY.isoformat(), "proof": file("回执.pdf")}
    assert county.post(address, sent).status_code == 302
    assert Service.objects.get(document=paper).method == "post"
    application.refresh_from_db()
    assert application.state == "correcting"
    assert clocks.running(application, "correction") is not None
    assert world.browser("centre handler").get(address).status_code == 404


def test_an_extension_is_decided_by_the_handler(world):
    application, county = submitted(world), world.browser("county handler")
    mark_all(world, application, bad=("venue",))
    workflow.request_correction(application, actor=world.actor("county handler"), on=DAY, days=10)
    workflow.ask_extension(application, actor=world.actor("agency admin"), on=DAY, reason="等待消防验收")
    page = county.get(f"/applications/{application.pk}/").content.decode()
    assert "等待消防验收" in page
    address = f"/applications/{application.pk}/transitions/extend_correction/"
    assert county.post(address, {"days": "8", "reason": "情况属实"}).status_code in (409, 422)
    assert county.post(address, {"days": "20", "reason": "情况属实"}).status_code == 302
    assert clocks.running(application, "correction").amount == 20


def rows(prefix: str, *grounds: dict[str, str]) -> dict[str, str]:
    """A formset as a browser sends it."""
    sent = {f"{prefix}-TOTAL_FORMS": str(len(grounds)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, ground in enumerate(grounds):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in ground.items()}
    return sent


def test_a_paper_is_looked_at_only_once_its_reasons_are_written(world):
    application, county = submitted(world), world.browser("county handler")
    address = f"/applications/{application.pk}/transitions/decline/"
    assert "data-preview>" in county.get(address).content.decode()
    basis = {"unmendable": "yes", "basis": "M7(1)"}
    for answer in (county.get(f"{address}preview/"), county.post(f"{address}preview/", rows("grounds", basis))):
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert "先写理由，再看文书" in answer.content.decode()
    # A reason is enough to look; to send it takes the rest.
    written = rows("grounds", {"reason": "登记机关不在本市。"})
    assert county.post(f"{address}preview/", written).content.startswith(b"%PDF")
    refused = county.post(address, written)
    assert refused.status_code == 422
    assert 'data-preview="now"' in refused.content.decode()


def test_declining_takes_a_proposal_with_grounds_and_another_person(world):
    application, county = submitted(world), world.browser("county handler")
    address = f"/applications/{application.pk}/transitions/decline/"
    mendable = {"material": "venue", "unmendable": "no", "reason": "不符", "basis": "M8(3)"}
    refused = county.post(address, rows("grounds", mendable))
    assert refused.status_code == 409
    assert "应当先通知补正" in refused.content.decode()
    more = county.post(address, rows("grounds", mendable) | {"more": "1"})
    assert more.content.decode().count('id="id_grounds-') >= 2
    assert not Proposal.objects.exists()
    ground = {"material": "", "unmendable": "yes", "reason": "不在安阳市登记", "basis": "M7(1)"}
    assert county.post(address, rows("grounds", ground)).status_code == 302
    found = Proposal.objects.get()
    assert found.payload["grounds"][0]["unmendable"] is True
    decide_at = f"/proposals/{found.pk}/decide/"
    assert county.post(decide_at).status_code == 403
    chief = world.browser("county chief")
    assert "不在安阳市登记" in chief.get(f"/proposals/{found.pk}/").content.decode()
    assert chief.get(f"/proposals/{found.pk}/preview/").content.startswith(b"%PDF")
    assert chief.post(decide_at).status_code == 302
    assert chief.post(decide_at).status_code == 302  # sent twice
    application.refresh_from_db()
    assert application.state == "declined"


def test_a_proposal_is_returned_with_an_answer_or_taken_back(world):
    application = accepted(world)
    county, chief = world.browser("county handler"), world.browser("county chief")
    address = f"/applications/{application.pk}/transitions/recommend/"
    county.post(address, {"positive": "yes", "text": "同意推荐"})
    first = Proposal.objects.get()
    silent = chief.post(f"/proposals/{first.pk}/return/", {"answer": ""})
    assert silent.status_code == 409
    assert chief.post(f"/proposals/{first.pk}/return/", {"answer": "请补充理由"}).status_code == 302
    county.post(address, {"positive": "no", "text": "人员不足"})
    second = Proposal.objects.latest("id")
    assert chief.post(f"/proposals/{second.pk}/take-back/").status_code == 403
    assert county.post(f"/proposals/{second.pk}/take-back/").status_code == 302
    assert list(Proposal.objects.order_by("id").values_list("state", flat=True)) == ["returned", "taken_back"]


def test_the_centres_assessment_from_start_to_report(world):
    application, centre = accepted(world), world.browser("centre handler")
    decide(world, application, "recommend", "county", DAY, positive=True, text="同意")
    base = f"/applications/{application.pk}/"
    commissioned = centre.post(f"{base}transitions/start_assessment/", {"methods": ["commissioned"]})
    assert commissioned.status_code == 409
    assert "请先上传它的资质证明" in commissioned.content.decode()
    started = centre.post(f"{base}transitions/start_assessment/", {"methods": ["panel", "visit"], "plan": "下周"})
    assert started.status_code == 302
    expert = world.people["experts expert"]
    assert centre.post(f"{base}experts/", {"expert": expert.pk}).status_code == 302
    assert centre.post(f"{base}experts/", {"expert": expert.pk}).status_code == 422
    future = {"visit_on": "2026-12-01", "note": "看过"}
    assert centre.post(f"{base}visit/", future).status_code == 409
    seen = {"visit_on": DAY.isoformat(), "note": "看过", "file": file("考察记录.pdf")}
    assert centre.post(f"{base}visit/", seen).status_code == 302
    assert centre.post(f"{base}report/", {"text": "符合条件"}).status_code == 302
    application.refresh_from_db()
    assert application.assessment.visit_upload is not None
    task = application.assessment.tasks.get()
    assert centre.post(f"{base}experts/{task.pk}/withdraw/").status_code == 302
    task.refresh_from_db()
    assert task.withdrawn_on == DAY
    assert world.browser("county handler").post(f"{base}report/", {"text": "x"}).status_code == 403


def test_supplements_are_asked_for_item_by_item(world):
    application, centre = assessing(world), world.browser("centre handler")
    address = f"/applications/{application.pk}/transitions/invite_supplements/"
    item = {"about": "venue", "what": "请补设备发票"}
    assert centre.post(f"{address}preview/", rows("items", item)).content.startswith(b"%PDF")
    assert centre.post(address, rows("items", item)).status_code == 302
    assert application.requests.get(kind="supplement").items.get().what == "请补设备发票"


def test_a_partial_approval_names_each_occupation(world):
    application, centre = assessing(world), world.browser("centre handler")
    address = f"/applications/{application.pk}/transitions/approve/"
    assert "先选同意的职业" in centre.get(f"{address}preview/").content.decode()
    silent = centre.post(address, {"grant-6-18-02-04": "yes", "grant-6-31-01-03": "no"})
    assert silent.status_code == 409
    assert "请写明理由" in silent.content.decode()
    sent = {
        "grant-6-18-02-04": "yes",
        "leave-6-18-02-04-level-3": "on",
        "left-out-6-18-02-04-level-3": "考评人员不足",
        "basis-6-18-02-04-level-3": "M7(3)",
        "grant-6-31-01-03": "no",
        "left-out-6-31-01-03": "工位不足",
        "basis-6-31-01-03": "M7(2)",
    }
    assert centre.post(f"{address}preview/?series=partial_refusal", sent).content.startswith(b"%PDF")
    assert centre.post(address, sent).status_code == 302
    found = Proposal.objects.get(transition="approve")
    assert found.payload == {
        "granted": ["6-18-02-04"],
        "left_out": [
            {"occupation": "6-18-02-04", "level": 3, "site": None, "reason": "考评人员不足", "basis": "M7(3)"},
            {"occupation": "6-31-01-03", "level": None, "site": None, "reason": "工位不足", "basis": "M7(2)"},
        ],
        "relaxed": {},
        "passed_over": {},
    }
    page = world.browser("centre chief").get(f"/proposals/{found.pk}/").content.decode()
    assert "焊工（五—四级）：校本部" in page
    assert "不予备案：焊工（6-18-02-04）三级（高级工）" in page
    assert centre.post(f"/proposals/{found.pk}/decide/").status_code == 403
    assert world.browser("centre chief").post(f"/proposals/{found.pk}/decide/").status_code == 302
    assert list(Filing.objects.get().scope.values_list("occupation_id", "levels")) == [("6-18-02-04", [5, 4])]
    for reader in ("agency admin", "centre handler"):
        page = world.browser(reader).get(f"/applications/{application.pk}/").content.decode()
        assert "部分同意" in page
        assert "不予备案 三级（高级工）：考评人员不足" in page


def test_a_full_cap_is_overridden_by_two_at_the_bureau(world):
    application = assessing(world)
    settings.set_value(
        "cap_urban", 1, effective_from=DAY, note="测试", actor=world.actor("operator administrator"), on=DAY
    )
    rival = assessing(world, who="rival admin")
    left_out = [{"occupation": "6-31-01-03", "level": None, "site": None, "reason": "略", "basis": "M7(2)"}]
    decide(world, rival, "approve", "centre", DAY, granted=["6-18-02-04"], left_out=left_out, relaxed={})
    centre, bureau = world.browser("centre handler"), world.browser("bureau handler")
    base = f"/applications/{application.pk}/transitions/"
    assert "已满 1/1" in centre.get(f"{base}approve/").content.decode()
    cap = "市区:6-18-02-04"
    answer = {"cap": cap, "granted": "yes", "reason": "急需"}
    assert bureau.post(f"{base}override_cap/", answer).status_code in (409, 422)
    assert "市区“焊工”名额已满（1/1）" in centre.get(f"{base}request_override/").content.decode()
    assert centre.post(f"{base}request_override/", {"cap": "city", "reason": "当地没有"}).status_code == 422
    assert centre.post(f"{base}request_override/", {"cap": cap, "reason": "当地没有别家"}).status_code == 302
    desk = bureau.get("/desk/").content.decode()
    assert "当地没有别家" in desk
    assert "1 / 1" in desk
    assert bureau.post(f"{base}override_cap/", answer).status_code == 302
    found = Proposal.objects.get(transition="override_cap")
    assert "同意超出名额" in world.browser("bureau chief").get(f"/proposals/{found.pk}/").content.decode()
    assert world.browser("bureau chief").post(f"/proposals/{found.pk}/decide/").status_code == 302
    assert application.overrides.get().granted is True
    assert "当地没有别家" not in bureau.get("/desk/").content.decode()
    assert "同意超名额" in centre.get(f"/applications/{application.pk}/").content.decode()


def test_the_urgent_list_is_dated(world):
    bureau, code = world.browser("bureau handler"), Occupation.objects.get(code="6-31-01-03")
    sent = {"occupation": code.pk, "since": DAY.isoformat(), "source": "2026 年目录"}
    assert bureau.post("/bureau/urgent/", sent).status_code == 302
    assert bureau.post("/bureau/urgent/", sent).status_code == 422
    row = UrgentOccupation.objects.get()
    assert bureau.post(f"/bureau/urgent/{row.pk}/end/").status_code == 302
    row.refresh_from_db()
    assert row.until == DAY


def test_the_administrator_enters_serials_and_figures(world):
    operator = world.browser("operator administrator")
    overlap = {"first": "40", "last": "90", "granted_on": DAY.isoformat(), "source": "省批复"}
    assert "重叠" in operator.post("/admin-desk/serials/", overlap).content.decode()
    assert operator.post("/admin-desk/serials/", {**overlap, "first": "51"}).status_code == 302
    assert SerialBlock.objects.count() == 2
    figure = {"key": "cap_urban", "value": "4", "effective_from": DAY.isoformat(), "note": "局文件"}
    assert operator.post("/admin-desk/figures/", {**figure, "value": "900"}).status_code == 422
    assert operator.post("/admin-desk/figures/", figure).status_code == 302
    assert settings.value("cap_urban", DAY) == 4
    verbs = set(Event.objects.filter(outcome=Outcome.DONE).values_list("verb", flat=True))
    assert {"filings.serials.enter", "setting.set"} <= verbs


def test_the_centres_chief_publishes_and_ends_criteria(world):
    chief, handler, operator = (
        world.browser(f"{who}") for who in ("centre chief", "centre handler", "operator administrator")
    )
    criterion = {"key": "venue", "label": "场地设备", "full_marks": "50", "since": DAY.isoformat()}
    assert operator.post("/criteria/", criterion).status_code == 403
    assert handler.post("/criteria/", criterion).status_code == 422
    assert "公布一项标准" not in handler.get("/criteria/").content.decode()
    assert chief.post("/criteria/", {**criterion, "since": "2026-09-01"}).status_code == 422
    assert chief.post("/criteria/", criterion).status_code == 302
    assert sorted(Criterion.objects.filter(key="venue").values_list("full_marks", "until")) == [
        (40, DAY - datetime.timedelta(days=1)),
        (50, None),
    ]
    new = Criterion.objects.get(key="venue", until=None)
    handler.post(f"/criteria/{new.pk}/end/")
    assert Criterion.objects.filter(pk=new.pk, until=None).exists()
    assert chief.post(f"/criteria/{new.pk}/end/").status_code == 302
    assert Criterion.objects.get(pk=new.pk).until == DAY
    done = Event.objects.filter(outcome=Outcome.DONE, verb__startswith="filings.criterion.")
    assert list(done.order_by("id").values_list("verb", flat=True)) == [
        "filings.criterion.publish",
        "filings.criterion.end",
    ]
    assert Event.objects.filter(outcome=Outcome.REFUSED, verb="filings.criterion.publish").count() == 2


def test_a_claim_is_checked_against_its_papers(world):
    from core.documents import uploads

    agency = world.organisation("agency admin")
    agency.confirmed_on = None
    agency.save()
    admin, county = world.actor("agency admin"), world.browser("county handler")
    claim = workflow.make_claim(agency, actor=admin, on=DAY)
    page = county.get(f"/claims/{claim.pk}/").content.decode()
    assert "还没有登记证照" in page
    assert county.post(f"/claims/{claim.pk}/confirm/").status_code == 409
    for slot in ("licence", "authorisation"):
        uploads.receive(file(f"{slot}.pdf"), matter=claim, slot=slot, actor=admin, on=DAY)
    assert county.post(f"/claims/{claim.pk}/reject/", {"reason": ""}).status_code == 422
    assert world.browser("other county handler").post(f"/claims/{claim.pk}/confirm/").status_code == 404
    assert county.post(f"/claims/{claim.pk}/confirm/").status_code == 302
    agency.refresh_from_db()
    assert agency.confirmed_on == DAY
