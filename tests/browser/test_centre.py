"""The centre by every hand: the assessment and an expert's sheet; a decision with a part left out, by two people."""

import pytest
from playwright.sync_api import expect

from core.documents.models import OfficialDocument
from filings.models import ExpertTask, Filing
from tests.world import DAY, accepted, assessing, decide, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_ten")]


def is_preview(answer):
    """Whether this answers the form's preview (not the frame's first one)."""
    return "/preview/" in answer.url and answer.request.method == "POST"


def test_an_assessment_with_an_experts_sheet(hands):
    world = make_world()
    application = accepted(world)
    decide(world, application, "recommend", "county", DAY, positive=True, text="同意推荐")
    handler = hands(world, "centre handler")
    handler.open("/desk/")
    handler.follow(application.name)
    handler.follow("开始技术评估")
    handler.tick("材料核验")
    handler.tick("专家论证")
    handler.press("开始技术评估")
    handler.unfold("指派专家")
    handler.choose("评审专家", str(world.people["experts expert"].pk))
    handler.press("指派", exact=True)
    handler.see("已指派专家")

    expert = hands(world, "experts expert")
    expert.open("/desk/")
    expert.follow(application.name)
    for criterion, marks in (("场地设备", "35"), ("人员配备", "25"), ("培训评价业绩", "28")):
        part = expert.within("group", criterion)
        part.write("得分", marks)
        part.write("理由", "符合标准。")
    expert.tick("符合备案条件", exact=True)
    expert.write("评审意见", "同意备案。")
    expert.judge()
    expert.confirm("提交评审表")
    expert.see("评审表已提交")
    assert ExpertTask.objects.get().done_on == DAY

    handler.open(f"/applications/{application.pk}/")
    handler.see("已提交评审表")
    handler.unfold("撰写评估报告")
    handler.write("评估报告", "材料核验和专家论证均符合条件。")
    handler.press("保存报告")
    handler.see("评估报告已保存")
    handler.judge()


def test_a_partial_approval_is_proposed_and_decided(hands):
    world = make_world()
    application = assessing(world)
    handler = hands(world, "centre handler")
    handler.open(f"/applications/{application.pk}/")
    handler.follow("提议同意备案")
    assert handler.page.locator("[name^=grant-]:checked").count() == 0  # nothing is decided for the handler
    handler.within("region", "焊工").tick("同意", exact=True)
    handler.within("region", "电工").tick("不同意", exact=True)
    handler.press("提交负责人决定")
    handler.see("不同意“电工”的，请写明理由")
    second = handler.within("region", "电工")
    expect(second.field("不同意", exact=True)).to_be_checked()
    second.write("理由", "实操工位不足。")
    second.choose("依据", "M7(2)")
    first = handler.within("region", "焊工")
    first.unfold("只同意部分等级或场地")
    first.tick("不同意三级（高级工）", exact=True)
    part = first.within("group", "三级（高级工）")
    part.unfold("理由和依据")
    part.write("理由", "高级工的考评人员不足。")
    part.choose("依据", "M7(3)")
    with handler.page.expect_response(is_preview) as shown:
        handler.press("预览备案回执")
    assert shown.value.headers["content-type"] == "application/pdf"
    handler.judge()
    handler.press("提交负责人决定")
    handler.see("提议同意备案，等待负责人决定")

    chief = hands(world, "centre chief")
    chief.open("/desk/")
    chief.follow(f"同意备案：{application.name}")
    chief.see("实操工位不足。")
    chief.see("高级工的考评人员不足。")
    chief.judge()
    chief.confirm("决定：同意备案")
    chief.see("已决定：同意备案")
    filing = Filing.objects.get()
    assert list(filing.scope.values_list("occupation_id", "levels")) == [("6-18-02-04", [5, 4])]
    assert OfficialDocument.objects.filter(series__in=("receipt", "partial_refusal")).count() == 2
