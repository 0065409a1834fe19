"""The timeline: the same story for both sides, minus what a side may not see."""

import datetime

import pytest

from core.deadlines import lapses
from core.documents import serving
from core.documents.models import OfficialDocument
from core.refusals import Refused
from core.workflow import proposals
from core.workflow.attempts import attempt
from filings import workflow
from filings.models import Application
from filings.timeline import entries
from tests.world import (
    DAY,
    World,
    approved,
    assess,
    filled_draft,
    grant,
    make_world,
    mark_all,
    mark_each,
    submitted,
    upload_all,
)

pytestmark = pytest.mark.django_db


def labels(world: World, application: Application, who: str) -> list[str]:
    return [entry.label for entry in entries(application, world.actor(who))]


def by_hand(world: World) -> Application:
    """An application approved, every file handed in and every mark made as people do it."""
    application = filled_draft(world, attach=upload_all)
    workflow.submit(application, actor=world.actor("agency admin"), on=DAY)
    mark_each(world, application)
    workflow.accept(application, actor=world.actor("county handler"), on=DAY)
    return grant(world, assess(world, application))


def test_officers_read_the_whole_way():
    world = make_world()
    assert labels(world, by_hand(world), "centre handler") == [
        "开始填写申请",
        "上传材料",
        "提交申请",
        "审核材料",
        "受理",
        "提议：出具推荐意见",
        "出具推荐意见",
        "开始技术评估",
        "指派评审专家",
        "提交评审表",
        "写成评估报告",
        "提议：同意备案",
        "同意备案",
    ]


def test_agency_reads_no_mark_proposal_expert_or_report():
    world = make_world()
    assert labels(world, by_hand(world), "agency admin") == [
        "开始填写申请",
        "上传材料",
        "提交申请",
        "受理",
        "出具推荐意见",
        "开始技术评估",
        "同意备案",
    ]


def test_agency_reads_no_officer_by_name_and_its_own_people_by_name():
    world = make_world()
    told = {entry.label: entry.actor for entry in entries(approved(world), world.actor("agency admin"))}
    assert told["同意备案"] == "安阳市职业技能鉴定指导中心 · 负责人"
    assert told["提交申请"] == "文峰区甲职业培训学校 · 机构管理员 · agency admin"


def test_officers_read_persons():
    world = make_world()
    told = {entry.label: entry.actor for entry in entries(approved(world), world.actor("county chief"))}
    assert told["同意备案"] == "安阳市职业技能鉴定指导中心 · 负责人 · centre chief"


def test_opinion_is_between_offices():
    world = make_world()
    application = approved(world)

    def entry(who):
        return next(e for e in entries(application, world.actor(who)) if e.label == "出具推荐意见")

    assert entry("centre chief").note == "推荐：同意推荐"
    assert [paper.series for paper in entry("centre chief").documents] == ["recommendation"]
    assert entry("agency admin").note == ""
    assert entry("agency admin").documents == []


def test_entries_carry_their_papers():
    world = make_world()
    receipt = entries(approved(world), world.actor("agency admin"))[-1]
    paper = OfficialDocument.objects.get(series="receipt")
    assert receipt.documents == [paper]
    assert (receipt.papers[0].url, receipt.papers[0].pending) == (f"/papers/{paper.code}/pdf", True)


def test_marks_in_a_row_are_one_line_with_each_verdict():
    world = make_world()
    application = submitted(world)
    mark_each(world, application, bad=("venue",))
    marked = [e for e in entries(application, world.actor("county chief")) if e.label == "审核材料"]
    assert len(marked) == 1
    assert "需补正（请补充平面图）" in marked[0].note
    assert len(marked[0].note.split("\n")) == 6


def test_a_lapse_bears_its_legal_day():
    world = make_world()
    application = submitted(world)
    lapses.sweep(datetime.date(2026, 9, 30))
    last = entries(application, world.actor("agency staff"))[-1]
    assert (last.label, last.kind, last.on) == ("视为受理", "lapse", datetime.date(2026, 9, 24))
    assert last.actor == "期限时钟"


def test_an_officers_look_is_told_to_officers_alone():
    world = make_world()
    application = submitted(world)
    serving.record_view(OfficialDocument.objects.get(), world.actor("county handler"))
    assert "查看材料或文书" in labels(world, application, "county chief")
    assert "查看材料或文书" not in labels(world, application, "agency admin")


def test_refused_attempts_are_not_on_it():
    world = make_world()
    application = submitted(world)
    actor = world.actor("county handler")
    before = labels(world, application, "county handler")
    with pytest.raises(Refused):
        attempt("filings.application.accept", actor, application, workflow.accept, application, actor=actor, on=DAY)
    assert labels(world, application, "county handler") == before


def test_a_returned_proposal_shows_its_answer_to_officers():
    world = make_world()
    application = submitted(world)
    proposal = proposals.propose(
        application,
        "decline",
        actor=world.actor("county handler"),
        on=DAY,
        payload={"grounds": [{"reason": "不在安阳登记", "basis": "M7(1)", "unmendable": True}]},
    )
    proposals.return_(proposal, actor=world.actor("county chief"), on=DAY, answer="请再核实")
    told = entries(application, world.actor("county handler"))[-2:]
    assert [(e.label, e.note) for e in told] == [("提议：不予受理", "不在安阳登记"), ("退回提议：不予受理", "请再核实")]


def test_unserved_notice_waits():
    world = make_world(consent=False)
    application = submitted(world)
    mark_all(world, application, bad=("venue",))
    workflow.request_correction(application, actor=world.actor("county handler"), on=DAY, days=10)
    last = entries(application, world.actor("agency admin"))[-1]
    assert (last.label, last.note) == ("发补正通知", "等待送达，送达后开始计算补正期限。")


def test_as_many_queries_for_long_as_for_short(django_assert_num_queries):
    world = make_world()
    short, long = submitted(world), approved(world, who="rival admin")
    for application in (short, long):
        actor = world.actor("bureau chief")
        with django_assert_num_queries(2):
            entries(application, actor)
