"""The life of a filing (M14): its end, timely and late renewals, what holds it open."""

import datetime

import pytest

from core.deadlines import clocks
from core.deadlines.lapses import settle, sweep
from core.deadlines.models import Clock
from core.refusals import Refused
from filings import quota, workflow
from filings.models import Application, Filing, QuotaYear, Receipt, in_force
from filings.terms import terms
from filings.workflow import life, records
from filings.workflow.draft_rows import ROWS, remove_row
from registry.directory import find
from registry.verification import by_code
from regulation.codes import build_filing_code
from tests.world import DAY, assessed, confirm_years, decide, file, filed, following, make_world

pytestmark = pytest.mark.django_db

END = datetime.date(2029, 9, 18)  # three years from DAY, by the corresponding day
TIMELY = datetime.date(2029, 8, 19)  # 30 days before, never moved
ONE_DAY = datetime.timedelta(days=1)
BOTH = ["6-18-02-04", "6-31-01-03"]


@pytest.fixture
def world(db):
    """The years up to 2030 confirmed, so that no clock waits for its calendar."""
    confirm_years(2027, 2030)
    return make_world()


def state(filing: Filing) -> tuple[str, datetime.date | None]:
    filing.refresh_from_db()
    return filing.state, filing.ended_on


def test_it_expires_at_the_end_of_its_last_day_and_only_once(world):
    filing = filed(world)
    assert (filing.valid_until, Clock.objects.get(kind="validity").due_on) == (END, END)
    assert filing.in_force(END)
    sweep(END)
    assert state(filing) == ("active", None)
    assert sweep(END + ONE_DAY).lapses == 1
    assert sweep(END + 3 * ONE_DAY).lapses == 0
    assert state(filing) == ("expired", END)
    for day, held in ((DAY - ONE_DAY, False), (DAY, True), (END, True), (END + ONE_DAY, False)):
        assert filing.in_force(day) is held, day
        assert Filing.objects.filter(in_force(day)).exists() is held, day


def test_what_is_in_force_waits_for_no_sweep(world):
    filing = filed(world)
    assert not filing.in_force(END + ONE_DAY)
    assert not Filing.objects.filter(in_force(END + ONE_DAY)).exists()


def test_a_timely_renewal_follows_on_from_the_old_end(world):
    filing = filed(world)
    renewal = following(world, "renewal", TIMELY)
    filing.refresh_from_db()
    assert (renewal.late, filing.held_open, renewal.receiving) == (False, True, world.organisation("centre handler"))
    decide(world, assessed(world, renewal, TIMELY + ONE_DAY), "approve", "centre", TIMELY + ONE_DAY, granted=BOTH)
    filing.refresh_from_db()
    assert (filing.valid_until, filing.term_from) == (datetime.date(2032, 9, 18), END + ONE_DAY)
    assert filing.held_open is False
    assert Filing.objects.count() == 1
    old, new = Receipt.objects.order_by("id")
    assert (old.superseded_on, new.valid_from, new.valid_until) == (END + ONE_DAY, END + ONE_DAY, filing.valid_until)
    assert Clock.objects.get(kind="validity", state="running").due_on == filing.valid_until
    settle("filings.filing", str(filing.pk), END + 5 * ONE_DAY)
    assert state(filing) == ("active", None)


def test_a_timely_renewal_holds_the_filing_open_and_its_approval_still_counts_from_the_old_end(world):
    filing = filed(world)
    renewal = following(world, "renewal", TIMELY)
    later = END + 10 * ONE_DAY
    sweep(END + ONE_DAY)
    assert state(filing) == ("active", None)
    assert filing.in_force(later)
    handler = world.actor("centre handler", later)
    workflow.start_assessment(renewal, actor=handler, on=later, methods=["material"])
    renewal.refresh_from_db()
    for material in renewal.materials.all():
        workflow.mark_material(renewal, material.key, complete=True, compliant=True, remark="", actor=handler, on=later)
    workflow.write_report(renewal, actor=handler, on=later, text="材料核验符合条件。")
    decide(world, renewal, "approve", "centre", later, granted=BOTH)
    filing.refresh_from_db()
    assert (filing.valid_until, filing.term_from) == (datetime.date(2032, 9, 18), later)


def test_a_held_filing_expires_on_the_day_the_refusal_is_served(world):
    filing = filed(world)
    renewal = assessed(world, following(world, "renewal", TIMELY), TIMELY)
    day = END + 4 * ONE_DAY
    grounds = [{"reason": "场地不符合标准。", "basis": "M7(2)"}]
    decide(world, renewal, "refuse", "centre", day, grounds=grounds)
    assert state(filing) == ("expired", day)
    assert filing.in_force(day)
    assert not filing.in_force(day + ONE_DAY)


def test_a_refusal_before_the_end_leaves_the_filing_to_its_own_end(world):
    filing = filed(world)
    renewal = assessed(world, following(world, "renewal", TIMELY), TIMELY)
    decide(world, renewal, "refuse", "centre", TIMELY, grounds=[{"reason": "场地不符合标准。", "basis": "M7(2)"}])
    assert state(filing) == ("active", None)
    assert filing.held_open is False
    sweep(END + ONE_DAY)
    assert state(filing) == ("expired", END)


def test_a_late_renewal_goes_on_as_an_initial_application_with_a_new_code(world):
    filing = filed(world)
    day = TIMELY + ONE_DAY
    renewal = assessed(world, following(world, "renewal", day), day)
    assert renewal.late
    later = END + 2 * ONE_DAY
    sweep(later)
    renewal.refresh_from_db()
    assert state(filing) == ("expired", END)
    assert (renewal.kind, renewal.state, renewal.became_initial_on) == ("initial", "assessing", END)
    decide(world, renewal, "approve", "centre", later, granted=BOTH)
    new = Filing.objects.get(application=renewal)
    assert (new.code, new.valid_from, new.valid_until) == (build_filing_code(2), later, datetime.date(2032, 9, 20))


def test_a_draft_closes_with_the_filing(world):
    filed(world)
    draft = workflow.create_application(actor=world.actor("agency admin", TIMELY), on=TIMELY, kind="renewal")
    change = workflow.create_application(actor=world.actor("agency admin", TIMELY), on=TIMELY, kind="change")
    sweep(END + ONE_DAY)
    assert [Application.objects.get(pk=one.pk).state for one in (draft, change)] == ["closed", "closed"]


@pytest.mark.parametrize("day", [datetime.date(2029, 3, 21), END + ONE_DAY])
def test_a_renewal_opens_180_days_before_the_end_and_closes_with_it(world, day):
    filed(world)
    with pytest.raises(Refused) as refusal:
        workflow.create_application(actor=world.actor("agency admin", day), on=day, kind="renewal")
    assert refusal.value.reasons[0].code in {"renewal_not_open", "not_filed"}


def test_a_renewal_can_be_started_on_the_day_it_opens(world):
    filed(world)
    day = datetime.date(2029, 3, 22)
    assert workflow.create_application(actor=world.actor("agency admin", day), on=day, kind="renewal").kind == "renewal"


def public(filing: Filing, on: datetime.date) -> tuple[str, str]:
    """What anyone finds of it on a day: the standing and why."""
    filing.refresh_from_db()
    agency = find(filing.code, on)
    assert agency is not None
    return agency.finding.standing.value, agency.finding.why


def test_the_public_wording_of_each_way_to_the_end(world):
    filing = filed(world)
    renewal = assessed(world, following(world, "renewal", TIMELY), TIMELY)
    assert public(filing, END)[0] == "valid"
    standing, why = public(filing, END + ONE_DAY)
    assert (standing, "继续有效" in why) == ("valid", True)
    day = END + 4 * ONE_DAY
    decide(world, renewal, "refuse", "centre", day, grounds=[{"reason": "场地不符合标准。", "basis": "M7(2)"}])
    assert public(filing, day)[0] == "valid"
    standing, why = public(filing, day + ONE_DAY)
    assert (standing, why) == ("expired", "延续申请没有获得同意，备案已于2029年9月22日失效。")


def test_until_the_new_term_begins_the_old_receipt_is_the_one_that_counts(world):
    filed(world)
    day = TIMELY + ONE_DAY
    renewal = assessed(world, following(world, "renewal", TIMELY), day)
    decide(world, renewal, "approve", "centre", day, granted=BOTH)
    old, new = (receipt.document.code for receipt in Receipt.objects.order_by("id"))
    before, after = by_code(old, END), by_code(old, END + ONE_DAY)
    assert (before.finding.standing.value, before.successor.code) == ("valid", new)
    assert by_code(new, END).finding.standing.value == "coming"
    assert after.finding.standing.value == "superseded"
    assert by_code(new, END + ONE_DAY).finding.standing.value == "valid"


def test_a_renewal_may_leave_out_but_not_change_or_add(world):
    filing = filed(world)
    with pytest.raises(Refused) as refusal:
        following(world, "renewal", TIMELY, name="文峰区新甲职业培训学校")
    assert [reason.code for reason in refusal.value.reasons] == ["renewal_changes"]
    draft = Application.objects.get(kind="renewal")
    actor = world.actor("agency admin", TIMELY)
    workflow.save_draft(draft, actor=actor, on=TIMELY, fields={"name": filing.name})
    remove_row(draft, ROWS["scope"], draft.scope.get(occupation_id="6-31-01-03").pk, actor=actor, on=TIMELY)
    workflow.upload_material(draft, "pledge", file("承诺书.pdf"), actor=actor, on=TIMELY)
    renewal = workflow.submit(draft, actor=actor, on=TIMELY)
    decide(world, assessed(world, renewal, TIMELY), "approve", "centre", TIMELY, granted=["6-18-02-04"])
    until = dict(filing.scope.values_list("occupation_id", "until"))
    assert until == {"6-18-02-04": None, "6-31-01-03": END + ONE_DAY}
    filing.refresh_from_db()
    assert [term.valid_until for term in terms(filing, TIMELY)] == [END, datetime.date(2032, 9, 18)]


def test_a_new_filing_before_the_sweep_ends_the_old_one_and_leaves_no_clock_behind(world):
    filing = filed(world)
    after = END + ONE_DAY
    new = filed(world, after)
    assert state(filing) == ("expired", END)
    assert new.code != filing.code
    assert list(Clock.objects.filter(kind="validity", state="running").values_list("matter_id", flat=True)) == [
        str(new.pk)
    ]
    assert sweep(after + ONE_DAY).failed == 0


def test_a_change_between_a_renewal_and_its_new_term_keeps_what_the_renewal_left_out(world):
    filing = filed(world)
    draft = workflow.create_application(actor=world.actor("agency admin", TIMELY), on=TIMELY, kind="renewal")
    workflow.withdraw(draft, actor=world.actor("agency admin", TIMELY), on=TIMELY)

    def drop(renewal):
        actor = world.actor("agency admin", TIMELY)
        remove_row(renewal, ROWS["scope"], renewal.scope.get(occupation_id="6-31-01-03").pk, actor=actor, on=TIMELY)

    renewal = assessed(world, following(world, "renewal", TIMELY, edit=drop), TIMELY)
    decide(world, renewal, "approve", "centre", TIMELY, granted=["6-18-02-04"])

    def fewer_levels(change):
        change.scope.filter(occupation_id="6-31-01-03").update(levels=[5])

    on = TIMELY + ONE_DAY
    change = assessed(world, following(world, "change", on, edit=fewer_levels), on)
    decide(world, change, "approve", "centre", on, granted=["occupation:6-31-01-03"])
    rows = filing.scope.filter(occupation_id="6-31-01-03").values_list("levels", "since", "until")
    assert list(rows.order_by("since")) == [([5, 4, 3], DAY, on), ([5], on, END + ONE_DAY)]
    standing, coming = (record for record in find(filing.code, on).records[-2:])
    assert ([item.code for item in standing.scope], [item.code for item in coming.scope]) == (BOTH, BOTH[:1])
    assert by_code(coming.verification, on).finding.standing.value == "coming"


# -- restored: what a review or a court undoes of an end that was decided (M36, M40) ------------------------------


def ended_by_decision(filing: Filing, state: str, on: datetime.date) -> None:
    """As a sanction or a deregistration leaves it; their own workflows write it down."""
    Filing.objects.filter(pk=filing.pk).update(state=state, ended_on=on)
    clocks.end(filing, "validity", on=on)
    filing.refresh_from_db()
    records.publish(filing, on)


@pytest.mark.parametrize("ended", ["terminated", "deregistered"])
def test_a_restored_filing_is_in_force_again_above_the_cap_with_its_own_last_day(world, ended):
    filing = filed(world)
    ended_by_decision(filing, ended, datetime.date(2027, 3, 1))
    on = datetime.date(2027, 6, 1)
    QuotaYear.objects.update(places=0)
    assert quota.city(on).taken == 0
    life.restore(filing, actor=world.actor("centre chief", on), on=on)
    assert state(filing) == ("active", None)
    assert (quota.city(on).taken, quota.city(on).cap, quota.places(BOTH[0], "市区", on).taken) == (1, 0, 1)
    assert Clock.objects.get(kind="validity", state="running").due_on == END
    assert public(filing, on)[0] == "valid"
    assert find(filing.code, on).changes[0].label == "恢复备案"
    assert by_code(filing.receipts.get().document.code, on).finding.standing.value == "valid"
    sweep(END + ONE_DAY)
    assert state(filing) == ("expired", END)


def test_a_filing_restored_after_its_last_day_is_restored_as_expired(world):
    filing = filed(world)
    ended_by_decision(filing, "terminated", datetime.date(2027, 3, 1))
    on = END + 10 * ONE_DAY
    life.restore(filing, actor=world.actor("centre chief", on), on=on)
    assert state(filing) == ("expired", END)
    assert filing.in_force(END)
    assert not filing.in_force(on)
    assert not Clock.objects.filter(kind="validity", state="running").exists()
    assert public(filing, on) == ("expired", "有效期已于2029年9月18日届满。")


def test_what_only_ran_out_is_not_restored(world):
    filing = filed(world)
    on = END + ONE_DAY
    sweep(on)
    with pytest.raises(Refused) as refusal:
        life.restore(filing, actor=world.actor("centre chief", on), on=on)
    assert [reason.code for reason in refusal.value.reasons] == ["nothing_to_restore"]


def test_of_two_filings_of_an_agency_one_alone_is_in_force(world):
    filing = filed(world)
    ended_by_decision(filing, "terminated", DAY + ONE_DAY)
    new = filed(world, DAY + 5 * ONE_DAY)
    on = DAY + 6 * ONE_DAY
    with pytest.raises(Refused) as refusal:
        life.restore(filing, actor=world.actor("centre chief", on), on=on)
    assert [reason.code for reason in refusal.value.reasons] == ["filed_anew"]
    assert new.code in refusal.value.reasons[0].text
