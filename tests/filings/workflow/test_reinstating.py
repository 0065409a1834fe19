"""A filing revoked by a ruling is back by a later one that sets the first aside: its old dates, its own places."""

import datetime

import pytest

from core.audit.models import Event
from core.deadlines.lapses import sweep
from core.deadlines.models import Clock
from core.notifications.models import Message
from core.refusals import Refused
from filings import quota, workflow
from filings.models import QuotaYear
from filings.workflow.serving import record_service
from registry.directory import find
from tests.filings.test_state_table import BOTH
from tests.filings.workflow.test_setting_aside import (
    END,
    LATER,
    ONE_DAY,
    REFUSAL,
    TIMELY,
    paper,
    ruled,
    running,
    set_aside,
    standing,
    world,
)
from tests.world import DAY, assessing, decide, file, filed, following, submitted

__all__ = ["world"]

pytestmark = pytest.mark.django_db

AGAIN = datetime.date(2027, 3, 1)  # the court of second instance


def reinstate(world, application, on=AGAIN, **more):
    workflow.upload_ruling(application, file("二审判决书.pdf"), actor=world.actor("centre handler", on), on=on)
    data = ruled(on) | {"number": "（2027）豫行终2号"} | more
    decide(world, application, "reinstate", "centre", on, **data)
    return application.settings_aside.latest("id")


def codes(world, application, on=AGAIN, **more) -> list[str]:
    with pytest.raises(Refused) as refusal:
        reinstate(world, application, on, **more)
    return [reason.code for reason in refusal.value.reasons]


def test_the_filing_is_in_force_again_with_its_old_dates_above_the_cap(world):
    filing = filed(world)
    application, receipt = filing.application, filing.receipts.get()
    first = set_aside(world, application, LATER)
    QuotaYear.objects.update(places=0)
    second = reinstate(world, application)
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on, filing.valid_from, filing.valid_until) == ("active", None, DAY, END)
    assert (filing.application, second.undoes, second.filing) == (application, first, filing)
    assert (application.state, application.decided_on, running(application)) == ("approved", DAY, [])
    assert (quota.city(AGAIN).taken, quota.city(AGAIN).cap) == (1, 0)
    validity = Clock.objects.get(matter_type="filings.filing", state="running")
    assert (validity.starts_on, validity.due_on) == (DAY, END)
    # Papers: the grant's hold again, the revocation's no longer; each as it stood on the days between.
    days = (LATER - ONE_DAY, LATER, AGAIN)
    assert [standing(receipt.document, day) for day in days] == ["valid", "revoked", "valid"]
    assert standing(paper(application, "revocation"), AGAIN - ONE_DAY) == "authentic"
    assert [standing(paper(application, key), AGAIN) for key in ("revocation", "resumption")] == ["revoked"] * 2
    notice = paper(application, "reinstatement")
    assert notice.content["decided_on"] == LATER.isoformat()
    assert "有效期仍至2029年9月18日" in notice.content["effects"][0]
    assert find(filing.code, AGAIN).changes[0].label == "恢复备案"
    told = Message.objects.filter(kind="reinstated").values_list("organisation__name", flat=True)
    assert sorted(told) == sorted([application.name, "安阳市职业技能鉴定指导中心", "文峰区人社局"])


def test_what_was_granted_and_left_out_is_as_it_was(world):
    application = assessing(world)
    left_out = [{"occupation": BOTH[1], "reason": "场地不足。", "basis": "M7(2)"}]
    decide(world, application, "approve", "centre", DAY, granted=BOTH[:1], left_out=left_out)
    set_aside(world, application, LATER)
    decide(world, application, "refuse", "centre", LATER, **REFUSAL)
    refusal = paper(application, "refusal")
    reinstate(world, application)
    items = {item.occupation_id: item for item in application.scope.all()}
    assert [items[code].granted for code in BOTH] == [True, False]
    assert items[BOTH[1]].left_out.get().reason == "场地不足。"
    assert standing(refusal, AGAIN) == "revoked", "what was decided after the first ruling fell with it"
    assert standing(paper(application, "partial_refusal"), AGAIN) == "authentic"
    assert Event.objects.get(verb="filings.application.reinstate").payload["decided_on"] == LATER.isoformat()


def test_where_the_old_end_has_passed_it_is_back_as_expired(world):
    filing = filed(world)
    application = filing.application
    set_aside(world, application, LATER)
    reinstate(world, application, END + ONE_DAY)
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on) == ("expired", END)
    assert "已于2029年9月18日届满" in paper(application, "reinstatement").content["effects"][0]
    assert not Clock.objects.filter(matter_type="filings.filing", state="running").exists()


def test_the_grant_can_be_set_aside_once_more(world):
    filing = filed(world)
    application, receipt = filing.application, filing.receipts.get()
    set_aside(world, application, LATER)
    reinstate(world, application)
    set_aside(world, application, AGAIN + ONE_DAY)
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on, application.state) == ("revoked", AGAIN + ONE_DAY, "assessing")
    days = (LATER, AGAIN, AGAIN + ONE_DAY)
    assert [standing(receipt.document, day) for day in days] == ["revoked", "valid", "revoked"]
    reinstate(world, application, AGAIN + 2 * ONE_DAY)
    filing.refresh_from_db()
    assert filing.state == "active"


def test_a_timely_renewal_closed_with_it_is_taken_up_again_and_holds_it_open(world):
    """M14: neither restores the other by itself; the filing comes first, as expired, and the renewal then holds it."""
    filing = filed(world)
    renewal = following(world, "renewal", TIMELY)
    set_aside(world, filing.application, TIMELY + ONE_DAY)
    renewal.refresh_from_db()
    assert (renewal.state, renewal.closed_from) == ("closed", "submitted")
    on = END + 60 * ONE_DAY
    reinstate(world, filing.application, on)
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on) == ("expired", END)
    set_aside(world, renewal, on)
    filing.refresh_from_db()
    assert (filing.state, filing.held_open, filing.in_force(on)) == ("active", True, True)
    sweep(on + ONE_DAY)
    filing.refresh_from_db()
    assert filing.state == "active"


def test_what_stands_in_the_way(world):
    filing = filed(world)
    application = filing.application
    set_aside(world, application, LATER)
    assert codes(world, application, ruled_on=(LATER - ONE_DAY).isoformat()) == ["ruled_before"]
    on = END + ONE_DAY - datetime.timedelta(365)
    agency = world.actor("agency admin", on)
    workflow.withdraw(application, actor=agency, on=on)
    newer = submitted(world, on=on)
    assert codes(world, application, on) == ["open_already"]
    workflow.withdraw(newer, actor=agency, on=on)
    new = filed(world, on)
    assert codes(world, application, on) == ["filed_anew"]
    assert new.in_force(on)


def test_a_filing_that_had_ended_before_it_was_revoked_has_nothing_to_get_back(world):
    filing = filed(world)
    application, on = filing.application, END + ONE_DAY
    sweep(on)
    set_aside(world, application, on)
    assert codes(world, application, on) == ["nothing_to_restore"]


def test_the_unserved_revocation_is_served_no_more(world):
    filing = filed(world)
    application = filing.application
    world.organisation("agency admin").consents.update(withdrawn_on=LATER)
    set_aside(world, application, LATER)
    reinstate(world, application)
    by = {"method": "hand", "served_on": AGAIN, "actor": world.actor("centre handler", AGAIN), "on": AGAIN}
    with pytest.raises(Refused) as refusal:
        record_service(application, paper(application, "revocation"), proof=file("回证.pdf"), **by)
    assert [reason.code for reason in refusal.value.reasons] == ["set_aside"]
    record_service(application, paper(application, "reinstatement"), proof=file("回证.pdf"), **by)
