"""A filing's own page: whom it is for, what its agency can ask for, which receipt counts."""

import datetime

import pytest
import time_machine

from core.clock.clock import SHANGHAI
from filings.models import Application
from filings.workflow import suspending
from tests.world import DAY, assessed, confirm_years, decide, filed, following, make_world

pytestmark = pytest.mark.django_db

BEFORE, OPENS, LATE = datetime.date(2029, 3, 21), datetime.date(2029, 3, 22), datetime.date(2029, 8, 20)


@pytest.fixture
def world(db):
    confirm_years(2027, 2030)
    return make_world()


def on(day):
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(10), SHANGHAI), tick=False)


def page(world, name, filing):
    return world.browser(name).get(f"/filings/{filing.pk}/")


def test_it_exists_for_its_agency_its_county_the_centre_and_the_bureau(world):
    filing = filed(world)
    with on(DAY):
        for name in ("agency admin", "agency staff", "county handler", "centre handler", "bureau chief"):
            assert page(world, name, filing).status_code == 200, name
        for name in ("rival admin", "other county handler", "experts expert", "operator administrator"):
            assert page(world, name, filing).status_code in {403, 404}, name


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (BEFORE, "自2029年3月22日起可以申请延续"),
        (OPENS, "请在<strong>2029年8月19日</strong> 24:00 前提出"),
        (LATE, "按期提出的最后一日（2029年8月19日）已过"),
    ],
)
def test_its_agency_reads_when_it_can_ask_for_a_renewal(world, day, said):
    filing = filed(world)
    with on(day):
        content = page(world, "agency admin", filing).content.decode()
    assert said in content
    assert ("申请延续备案" in content) is (day >= OPENS)


def test_a_change_is_started_once_and_then_found(world):
    filing = filed(world)
    with on(OPENS):
        browser = world.browser("agency admin")
        answer = browser.post("/applications/new/", {"kind": "change"})
        change = Application.objects.get(kind="change")
        assert answer.url.endswith(f"/applications/{change.pk}/draft/agency/")
        assert browser.get(answer.url).status_code == 200
        assert change.number in page(world, "agency admin", filing).content.decode()
        browser.post("/applications/new/", {"kind": "change"})
        assert Application.objects.filter(kind="change").count() == 1
        assert browser.post("/applications/new/", {"kind": "other"}).status_code == 404


def test_the_centre_decides_a_change_on_its_page(world):
    filed(world)
    change = following(world, "change", OPENS, name="文峰区新甲职业培训学校", changed_on=OPENS)
    assessed(world, change, OPENS)
    with on(OPENS):
        browser = world.browser("centre handler")
        form = browser.get(f"/applications/{change.pk}/transitions/approve/").content.decode()
        assert "申请变更为：<strong>文峰区新甲职业培训学校</strong>" in form
        refused = browser.post(f"/applications/{change.pk}/transitions/approve/", {"grant-name": "no"})
        assert refused.status_code == 409
        assert "不同意变更“机构名称”的，请写明理由" in refused.content.decode()
        preview = browser.post(f"/applications/{change.pk}/transitions/approve/preview/", {"grant-name": "yes"})
        assert preview["Content-Type"] == "application/pdf"
        browser.post(f"/applications/{change.pk}/transitions/approve/", {"grant-name": "yes"})
        assert "同意变更：机构名称" in browser.get(f"/applications/{change.pk}/").content.decode()


def test_the_filing_says_which_receipt_counts(world):
    filing = filed(world)
    change = assessed(world, following(world, "change", OPENS, name="文峰区新甲", changed_on=OPENS), OPENS)
    decide(world, change, "approve", "centre", OPENS, granted=["name"])
    with on(OPENS):
        content = page(world, "agency admin", filing).content.decode()
    assert content.count("已被替换") == content.count("现行") == 1


def test_who_decides_a_change_reads_that_the_filing_is_suspended(world):
    filing = filed(world)
    change = assessed(world, following(world, "change", OPENS, name="文峰区新甲", changed_on=OPENS), OPENS)
    with on(OPENS):
        browser = world.browser("centre handler")
        assert "所涉备案暂停评价" not in browser.get(f"/applications/{change.pk}/").content.decode()
        suspending.suspend(
            filing, matter=("sanctions.case", "1"), source="警告", actor=world.actor("centre chief", OPENS), on=OPENS
        )
        assert "所涉备案暂停评价" in browser.get(f"/applications/{change.pk}/").content.decode()
