"""The assessment (M11): the material check, supplements, a commissioned assessor, what an expert sees."""

import datetime

import pytest
from django.db import IntegrityError
from django.db import transaction as database

from core.deadlines import lapses
from core.documents.models import Upload
from core.refusals import Invalid, NotAllowed, NotPossible, Refused
from filings import pending, permissions, workflow
from filings.models import Application, Assessment
from regulation.materials import MATERIALS
from tests.world import BOTH, DAY, PDF, World, accepted, assessing, decide, file, make_world, submitted

pytestmark = pytest.mark.django_db
LATE = datetime.date(2026, 10, 12)  # after a deemed acceptance and the county's period
WHOLE = {"granted": [*BOTH], "left_out": [], "relaxed": {}}


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


@pytest.fixture
def world() -> World:
    return make_world()


def mark(world: World, application: Application, key: str, on: datetime.date, who: str, *, good: bool = True) -> None:
    workflow.mark_material(
        application,
        key,
        complete=True,
        compliant=good,
        remark="" if good else "缺页",
        actor=world.actor(who, on),
        on=on,
    )


def deemed(world: World) -> Application:
    """In assessment after a deemed acceptance: nobody has looked at the materials."""
    application = submitted(world)
    lapses.settle("filings.application", str(application.pk), LATE)
    centre = world.actor("centre handler", LATE)
    workflow.start_assessment(application, actor=centre, on=LATE, methods=["material"])
    workflow.write_report(application, actor=centre, on=LATE, text="评估完成。")
    return application


def test_after_a_deemed_acceptance_the_centre_checks_the_materials_before_it_approves(world):
    application = deemed(world)
    with pytest.raises(Refused) as refusal:
        decide(world, application, "approve", "centre", LATE, **WHOLE)
    assert codes(refusal) == ["unmarked"] * len(MATERIALS)
    for key in MATERIALS:
        mark(world, application, key, LATE, "centre handler", good=key != "venue")
    with pytest.raises(Refused) as refusal:
        decide(world, application, "approve", "centre", LATE, **WHOLE)
    assert [(r.code, r.field, r.citation) for r in refusal.value.reasons] == [
        ("material_bad", "material-venue", "M8(3)")
    ]
    mark(world, application, "venue", LATE, "centre handler")
    decide(world, application, "approve", "centre", LATE, **WHOLE)
    assert application.state == "approved"


def test_a_refusal_needs_no_finished_material_check(world):
    application = deemed(world)
    decide(world, application, "refuse", "centre", LATE, grounds=[{"basis": "M7(2)", "reason": "场地不符合"}])
    assert application.state == "refused"


def test_each_office_marks_in_its_own_states(world):
    application = submitted(world)
    for who in ("centre handler", "county chief", "agency admin"):
        with pytest.raises(NotAllowed):
            mark(world, application, "venue", DAY, who)
    application = accepted(world, who="rival admin")
    for who in ("county handler", "centre handler"):
        with pytest.raises(NotPossible):
            mark(world, application, "venue", DAY, who)
    decide(world, application, "recommend", "county", DAY, positive=True, text="同意")
    workflow.start_assessment(application, actor=world.actor("centre handler"), on=DAY, methods=["material"])
    with pytest.raises(NotAllowed):
        mark(world, application, "venue", DAY, "county handler")
    mark(world, application, "venue", DAY, "centre handler", good=False)
    assert application.materials.get(key="venue").marked_by == world.people["centre handler"]


def test_supplements_reset_the_marks_of_what_was_touched_alone(world):
    application = assessing(world)
    items = [{"material": key, "what": "请补充"} for key in ("venue", "credit")]
    workflow.invite_supplements(application, actor=world.actor("centre handler"), on=DAY, items=items)
    agency = world.actor("agency admin")
    workflow.answer_item(application, "venue", actor=agency, on=DAY, file=file("平面图.pdf"))
    before = {material.key: material.history.count() for material in application.materials.all()}
    workflow.supply_supplements(application, actor=agency, on=DAY)
    marks = {material.key: material.complete for material in application.materials.all()}
    assert marks == {key: None if key == "venue" else True for key in MATERIALS}
    after = {material.key: material.history.count() for material in application.materials.all()}
    assert {key for key in before if after[key] != before[key]} == {"venue"}
    assert application.materials.get(key="venue").history.filter(complete=True, marked_on=DAY).exists()
    with pytest.raises(Refused) as refusal:
        decide(world, application, "approve", "centre", DAY, **WHOLE)
    assert codes(refusal) == ["unmarked"]
    mark(world, application, "venue", DAY, "centre handler")
    decide(world, application, "approve", "centre", DAY, **WHOLE)


# -- a commissioned assessor


def start(world: World, application: Application, **more: str) -> Application:
    return workflow.start_assessment(
        application, actor=world.actor("centre handler"), on=DAY, methods=["commissioned"], **more
    )


@pytest.fixture
def recommended(world) -> Application:
    application = accepted(world)
    decide(world, application, "recommend", "county", DAY, positive=True, text="同意")
    return application


def test_a_commissioned_assessor_is_named_and_shows_its_qualification(world, recommended):
    with pytest.raises(Refused) as refusal:
        start(world, recommended)
    assert codes(refusal) == ["commissioned_missing", "qualification_missing"]
    centre = world.actor("centre handler")
    workflow.upload_qualification(recommended, file("旧.pdf"), actor=centre, on=DAY)
    paper = workflow.upload_qualification(recommended, file("资质.pdf"), actor=centre, on=DAY)
    with pytest.raises(Refused) as refusal:
        start(world, recommended, commissioned=" ")
    assert codes(refusal) == ["commissioned_missing"]
    start(world, recommended, commissioned="河南某评估有限公司")
    assessment = Assessment.objects.get()
    assert (assessment.commissioned, assessment.qualification, paper.version) == ("河南某评估有限公司", paper, 2)
    with pytest.raises(NotPossible):
        workflow.upload_qualification(recommended, file("再换.pdf"), actor=centre, on=DAY)
    with pytest.raises(IntegrityError), database.atomic():
        Assessment.objects.update(qualification=None)


def test_the_qualification_is_the_centres_to_hand_in_and_the_offices_to_read(world, recommended):
    for who in ("county handler", "centre chief", "agency admin"):
        with pytest.raises(NotAllowed):
            workflow.upload_qualification(recommended, file(), actor=world.actor(who), on=DAY)
    centre = world.actor("centre handler")
    with pytest.raises(Invalid):
        workflow.upload_qualification(recommended, file("资质.docx", PDF), actor=centre, on=DAY)
    assert not Upload.objects.filter(slot="qualification").exists()
    start_without = workflow.start_assessment(
        recommended, actor=centre, on=DAY, methods=["material"], commissioned="不再委托"
    )
    assert start_without.assessment.commissioned == ""
    readers = ("centre chief", "bureau handler", "county handler", "agency admin", "experts expert")
    may = {who for who in readers if permissions.may_read(world.actor(who), recommended, "qualification")}
    assert may == {"centre chief", "bureau handler", "county handler"}


# -- experts


def test_an_assignment_ends_with_the_assessment(world, recommended):
    expert, centre = world.actor("experts expert"), world.actor("centre handler")
    workflow.start_assessment(recommended, actor=centre, on=DAY, methods=["panel"])
    task = workflow.assign_expert(recommended, world.people["experts expert"], actor=centre, on=DAY)
    assert pending.expert_tasks(expert) == [task]
    workflow.withdraw(recommended, actor=world.actor("agency admin"), on=DAY)
    assert not permissions.may_view(expert, recommended)
    assert "评估已经结束" in world.browser("experts expert").get(f"/expert/tasks/{task.pk}/").content.decode()
    assert pending.expert_tasks(expert) == []
    with pytest.raises(NotPossible):
        workflow.submit_sheet(task, actor=expert, on=DAY, marks={}, positive=True, opinion="同意")
