"""Candidates for one place side by side on pages, for the centre and the bureau; a better one passed over."""

import datetime
import html

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.clock.clock import SHANGHAI
from core.workflow import proposals
from core.workflow.models import Proposal
from filings.models import PassedOver
from tests.filings.factories import OCCUPATION, another_agency, last_places, quick_assessing, quick_scored
from tests.world import DAY, decide, make_world

pytestmark = pytest.mark.django_db

URBAN = f"市区:{OCCUPATION}"
PAGE = f"/quota/places/{URBAN}/"
NOON = datetime.datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def world():
    return make_world()


def read(world, who, address):
    answer = world.browser(who).get(address)
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.content.decode())


def test_the_centre_and_the_bureau_compare_nobody_else(world):
    quick_scored(world, 1, 92, 90)
    quick_assessing(world, another_agency(world, 2))
    for who in ("centre handler", "centre inspector", "bureau chief"):
        page = read(world, who, PAGE)
        assert '第 1 名 · <b class="num">91.0</b> 分' in page
        assert "没有专家评分" in page
        assert "expert 1：按标准逐项核对" in page
    for who in ("agency admin", "agency 1 admin", "expert 1", "operator administrator"):
        assert world.browser(who).get(PAGE).status_code == 403, who
    county = read(world, "county handler", PAGE)  # its own matters, not how they stand
    assert ("文峰区第1职业培训学校" in county, "91.0" in county, "候选对照" in county) == (True, False, False)
    other = read(world, "other county handler", PAGE)
    assert ("文峰区第1职业培训学校" in other, "有 2 件由其他单位办理" in other) == (False, True)


@pytest.mark.parametrize("key", ["x", "市区", "市区:9-99-99-99", "月球:6-18-02-04", "city:6-18-02-04"])
def test_a_place_that_is_none_does_not_exist(world, key):
    assert world.browser("centre handler").get(f"/quota/places/{key}/").status_code == 404


def test_it_shows_who_holds_the_place(world):
    last_places(world, free=2)
    page = read(world, "centre handler", PAGE)
    assert "文峰区第90职业培训学校" in page
    assert "现在没有。申请开始技术评估以后" in page
    assert "文峰区第90职业培训学校" in read(world, "other county handler", "/quota/places/city/")


def test_as_many_queries_for_one_as_for_three(world):
    quick_scored(world, 1, 80, 70)

    def asked():
        browser = world.browser("centre handler")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(PAGE).status_code == 200
        return len(queries)

    one = asked()
    quick_scored(world, 2, 90, 60)
    quick_scored(world, 3, 90)
    assert asked() == one


def test_the_board_and_the_application_lead_there_for_those_who_may(world):
    application = quick_scored(world, 1, 80)
    quick_scored(world, 2, 90)
    link = "/quota/places/%E5%B8%82%E5%8C%BA:6-18-02-04/"
    for who in ("bureau handler", "county handler"):
        assert link in read(world, who, "/quota/")
    page = read(world, "centre handler", f"/applications/{application.pk}/")
    assert link in page
    assert "本件 80.0 分，排在第 2；另有 1 件在评估" in page
    for who in ("county handler", "agency 1 admin"):
        assert "文峰区第2职业培训学校" not in read(world, who, f"/applications/{application.pk}/")


def test_a_worse_one_is_proposed_with_words_and_the_decision_keeps_them(world):
    last_places(world)
    better, worse = quick_scored(world, 1, 92), quick_scored(world, 2, 80)
    handler, address = world.browser("centre handler"), f"/applications/{worse.pk}/transitions/approve/"
    form = read(world, "centre handler", address)
    assert f'name="seen-{URBAN}" value="{better.pk}"' in form
    sent = {f"grant-{OCCUPATION}": "yes", f"seen-{URBAN}": str(better.pk)}
    refused = handler.post(address, sent)
    assert refused.status_code == 409
    assert "请写明越过的理由" in refused.content.decode()
    assert handler.post(address, {**sent, f"passed-over-{URBAN}": "南部没有机构"}).status_code == 302
    proposal = Proposal.objects.latest("id")
    said = {URBAN: {"reason": "南部没有机构", "rivals": [better.pk]}}
    assert proposal.payload["passed_over"] == said
    for who, told in (("centre chief", True), ("bureau chief", True), ("county chief", False)):
        page = read(world, who, f"/proposals/{proposal.pk}/")
        for words in ("越过排在前面的申请：市区 焊工", "南部没有机构", better.name):
            assert (words in page) is told, (who, words)
    chief = world.browser("centre chief")
    assert chief.post(f"/proposals/{proposal.pk}/decide/").status_code == 302
    assert PassedOver.objects.get().reason == "南部没有机构"
    after = read(world, "centre handler", f"/applications/{worse.pk}/")
    assert f"越过 {better.name}（92.0 分）：南部没有机构" in after
    assert "越过排在前面的申请：南部没有机构" in after  # the timeline
    for who in ("agency 2 admin", "county handler"):
        seen = read(world, who, f"/applications/{worse.pk}/")
        assert better.name not in seen
        assert "南部没有机构" not in seen


def test_one_who_came_since_the_page_was_opened_is_not_weighed(world):
    last_places(world)
    better, worse = quick_scored(world, 1, 92), quick_scored(world, 2, 80)
    sent = {f"grant-{OCCUPATION}": "yes", f"seen-{URBAN}": str(better.pk), f"passed-over-{URBAN}": "南部没有机构"}
    later = quick_scored(world, 3, 85)
    handler, address = world.browser("centre handler"), f"/applications/{worse.pk}/transitions/approve/"
    refused = handler.post(address, sent)
    assert refused.status_code == 409
    again = refused.content.decode()
    assert "与提议时看到的不同" in again
    seen = f"{better.pk},{later.pk}"
    assert f'name="seen-{URBAN}" value="{seen}"' in again
    assert handler.post(address, {**sent, f"seen-{URBAN}": seen}).status_code == 302


def test_the_chief_reads_why_a_proposal_no_longer_holds(world):
    last_places(world)
    mine = quick_scored(world, 1, 80)
    payload = {"granted": [OCCUPATION], "left_out": [], "relaxed": {}, "passed_over": {}}
    handler = world.actor("centre handler")
    proposal = proposals.propose(mine, "approve", actor=handler, on=DAY, payload=payload)
    rival = quick_scored(world, 2, 90)
    page = read(world, "centre chief", f"/proposals/{proposal.pk}/")
    assert "现在还不能决定" in page
    assert rival.name in page
    assert world.browser("centre chief").post(f"/proposals/{proposal.pk}/decide/").status_code == 409


def test_a_refusal_on_merit_is_previewed_with_the_own_score(world):
    last_places(world)
    better, worse = quick_scored(world, 1, 92), quick_scored(world, 2, 80)
    decide(world, better, "approve", "centre", DAY, granted=[OCCUPATION])
    address = f"/applications/{worse.pk}/transitions/refuse/preview/"
    sent = {"grounds-TOTAL_FORMS": "1", "grounds-INITIAL_FORMS": "0"}
    sent |= {"grounds-0-reason": "择优", "grounds-0-basis": "M11"}
    assert world.browser("centre handler").post(address, sent).content.startswith(b"%PDF")
