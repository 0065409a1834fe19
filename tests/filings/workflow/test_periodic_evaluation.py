"""A renewal's assessment is the agency's periodic evaluation (定期评估, M29, M30), on pages, papers and in the API."""

import datetime

import pytest
import time_machine

from core.audit.models import Event
from core.clock.clock import SHANGHAI
from core.documents.models import OfficialDocument
from core.documents.rendering import Paper, html
from core.documents.series import get
from core.refusals import NotPossible, Refused
from filings import workflow
from tests.filings.api.calls import caller
from tests.world import DAY, assessed, assessing, confirm_years, decide, filed, following, make_world

pytestmark = pytest.mark.django_db

OPENS = datetime.date(2029, 3, 22)
BOTH = ["6-18-02-04", "6-31-01-03"]


@pytest.fixture
def world():
    confirm_years(2027, 2030)
    return make_world()


@pytest.fixture
def renewal(world):
    filed(world)
    return assessed(world, following(world, "renewal", OPENS), OPENS)


def test_the_report_of_a_renewal_is_recorded_as_its_periodic_evaluation(world, renewal):
    verbs = Event.objects.filter(matter_id=str(renewal.pk)).values_list("verb", flat=True)
    assert "filings.application.record_periodic_evaluation" in verbs
    assert "filings.application.write_report" not in verbs
    handler = world.actor("centre handler", OPENS)
    found = workflow.record_periodic_evaluation(renewal, actor=handler, on=OPENS, text="督查评估报告：合格。")
    assert (found.report, found.report_on) == ("督查评估报告：合格。", OPENS)
    with pytest.raises(Refused) as refusal:
        workflow.record_periodic_evaluation(renewal, actor=handler, on=OPENS, text=" ")
    assert [(one.code, one.citation) for one in refusal.value.reasons] == [("report_missing", "M29")]


def test_only_a_renewal_has_one(world):
    application = assessing(world)
    with pytest.raises(NotPossible):
        workflow.record_periodic_evaluation(application, actor=world.actor("centre handler"), on=DAY, text="合格")


def test_it_is_called_so_on_pages_and_in_the_api(world, renewal):
    assert renewal.get_state_display() == "定期评估中"
    with time_machine.travel(datetime.datetime.combine(OPENS, datetime.time(12), SHANGHAI), tick=False):
        page = world.browser("centre handler").get(f"/applications/{renewal.pk}/").content.decode()
        for words in ("定期评估中", ">定期评估</h2>", "定期评估报告", "第五章第三条", "写成定期评估报告"):
            assert words in page, words
        assert "技术评估" not in page
        agency = world.browser("agency admin").get(f"/applications/{renewal.pk}/").content.decode()
        assert "正在组织定期评估" in agency
        assert "技术评估" not in agency
        read = caller(world, "centre handler").call("GET", f"applications/{renewal.pk}/assessment/")
        assert (read["label"], read["citation"]) == ("定期评估", "M29")


def test_an_initial_application_keeps_its_technical_assessment(world):
    application = assessing(world)
    assert (application.get_state_display(), application.assessment_citation) == ("技术评估中", "M11")


def printed(series):
    """The newest paper of a series as it reads."""
    paper = OfficialDocument.objects.filter(series=series).latest("id")
    return html(Paper(get(series), paper.title, paper.issuer_name, paper.addressee_name, paper.on, paper.content))


def test_its_papers_call_it_so(world, renewal):
    assert "将组织定期评估" in printed("acceptance")
    decide(world, renewal, "approve", "centre", OPENS, granted=BOTH)
    receipt = printed("receipt")
    assert "经定期评估，符合备案条件" in receipt
    assert "第五章第三条" in receipt


def test_a_renewal_refused_reads_so_too(world, renewal):
    decide(world, renewal, "refuse", "centre", OPENS, grounds=[{"basis": "M7(2)", "reason": "场地不符合"}])
    assert "经定期评估，查明" in printed("refusal")
