"""Changes and renewals set aside: the filing as it was before, held open or expired as the law has it (M13, M14)."""

import datetime

import pytest

from core.accounts.models import ServiceConsent
from core.audit.models import Event
from core.deadlines.lapses import sweep
from core.deadlines.models import Clock
from core.documents.models import OfficialDocument
from core.documents.service import BEFORE_ANNOUNCEMENT, complete_announcements
from core.reference.models import Setting
from core.refusals import Refused
from filings import quota, workflow
from filings.models import Application, Filing, QuotaYear, Receipt
from filings.workflow.draft_rows import ROWS, remove_row
from filings.workflow.serving import record_service
from registry.directory import find
from tests.filings.test_state_table import BOTH, DATA
from tests.filings.workflow.test_setting_aside import (
    END,
    ONE_DAY,
    REFUSAL,
    TIMELY,
    paper,
    refused_with,
    running,
    set_aside,
    standing,
    world,
)
from tests.world import DAY, assessed, confirm_years, decide, file, filed, following

__all__ = ["world"]

pytestmark = pytest.mark.django_db

CHANGED = datetime.date(2027, 3, 1)
UNDONE = datetime.date(2027, 6, 1)


# -- a change -----------------------------------------------------------------------------------------------------


def change(world, on: datetime.date, granted=None, **fields) -> Application:
    asked = assessed(world, following(world, "change", on, changed_on=on, **fields), on)
    keys = granted or [item.key for item in asked.change_items.all()]
    decide(world, asked, "approve", "centre", on, granted=keys)
    return asked


def test_a_change_is_taken_back_from_the_filing_with_a_new_receipt(world):
    filing = filed(world)
    asked = change(world, CHANGED, name="文峰区新甲职业培训学校", person_in_charge="负责人乙")
    first, second = Receipt.objects.order_by("id")
    set_aside(world, asked, UNDONE)
    filing.refresh_from_db()
    assert (filing.name, filing.person_in_charge) == ("文峰区甲职业培训学校", "")
    third = Receipt.objects.latest("id")
    assert [standing(one.document, UNDONE) for one in (first, second, third)] == ["superseded", "revoked", "valid"]
    assert third.document.content["ruling"]["decision"] == "同意变更备案"
    agency = find(filing.code, UNDONE)
    assert (agency.current.name, agency.changes[0].label) == ("文峰区甲职业培训学校", "“同意变更备案”被人民法院撤销")
    assert [(item.granted, item.reason) for item in asked.change_items.all()] == [(None, "")] * 2


def test_what_a_later_change_has_moved_stays_and_is_named(world):
    filing = filed(world)
    asked = change(world, CHANGED, name="文峰区新甲职业培训学校", person_in_charge="负责人乙")
    change(world, CHANGED + ONE_DAY, name="文峰区又新职业培训学校")
    row = set_aside(world, asked, UNDONE)
    filing.refresh_from_db()
    assert (filing.name, filing.person_in_charge, row.kept) == ("文峰区又新职业培训学校", "", ["name"])
    event = Event.objects.get(verb="filings.application.set_aside")
    assert event.payload["kept"] == ["name"]


def scope_of(filing: Filing, on: datetime.date) -> dict:
    return {item.code: (item.levels, item.sites) for item in find(filing.code, on).current.scope}


def test_sites_and_occupations_come_back_as_they_were(world):
    filing = filed(world)
    before = scope_of(filing, CHANGED)

    def edit(draft):
        actor = world.actor("agency admin", CHANGED)
        remove_row(draft, ROWS["scope"], draft.scope.get(occupation_id=BOTH[1]).pk, actor=actor, on=CHANGED)
        draft.scope.filter(occupation_id=BOTH[0]).update(levels=[5])
        draft.sites.update(name="新校区", address="示例路8号")

    asked = change(world, CHANGED, edit=edit)
    assert scope_of(filing, CHANGED) == {BOTH[0]: ((5,), ("新校区",))}
    set_aside(world, asked, UNDONE)
    assert scope_of(filing, UNDONE) == before
    assert [site.name for site in find(filing.code, UNDONE).current.sites] == ["校本部"]
    # And once more, as asked for: the matter is undecided again.
    handler = world.actor("centre handler", UNDONE)
    for material in asked.materials.all():
        workflow.mark_material(asked, material.key, complete=True, compliant=True, remark="", actor=handler, on=UNDONE)
    decide(world, asked, "approve", "centre", UNDONE, granted=[item.key for item in asked.change_items.all()])
    assert scope_of(filing, UNDONE) == {BOTH[0]: ((5,), ("新校区",))}


def test_a_place_given_up_is_taken_back_even_above_the_cap(world):
    filing = filed(world)

    def drop(draft):
        actor = world.actor("agency admin", CHANGED)
        remove_row(draft, ROWS["scope"], draft.scope.get(occupation_id=BOTH[1]).pk, actor=actor, on=CHANGED)

    rival = filed(world, DAY, "rival admin")
    asked = change(world, CHANGED, edit=drop)
    assert quota.places(BOTH[1], "市区", UNDONE).taken == 1
    Setting.objects.create(key="cap_urban", value=1, effective_from=CHANGED, note="测试")
    set_aside(world, asked, UNDONE)
    assert quota.places(BOTH[1], "市区", UNDONE).taken == 2
    assert {filing.in_force(UNDONE), rival.in_force(UNDONE)} == {True}


def test_a_refused_change_needs_its_filing_in_force(world):
    filed(world)
    on = TIMELY
    asked = assessed(world, following(world, "change", on, person_in_charge="负责人乙"), on)
    decide(world, asked, "refuse", "centre", on, **REFUSAL)
    after = END + ONE_DAY
    sweep(after)
    assert refused_with(world, asked, after) == ["filing_ended"]


# -- a renewal ----------------------------------------------------------------------------------------------------


def renewal(world, on: datetime.date, decision: str = "approve", edit=None) -> Application:
    asked = assessed(world, following(world, "renewal", on, edit=edit), on)
    data = {"granted": [item.occupation_id for item in asked.scope.all()]} if decision == "approve" else REFUSAL
    decide(world, asked, decision, "centre", on, **data)
    return asked


def validity(filing: Filing) -> tuple:
    filing.refresh_from_db()
    clock = Clock.objects.filter(matter_type="filings.filing", matter_id=str(filing.pk), state="running").first()
    return filing.state, filing.valid_until, filing.held_open, clock and clock.due_on


def test_a_renewal_set_aside_before_its_term_puts_the_old_end_back(world):
    filing = filed(world)

    def drop(draft):
        actor = world.actor("agency admin", TIMELY)
        remove_row(draft, ROWS["scope"], draft.scope.get(occupation_id=BOTH[1]).pk, actor=actor, on=TIMELY)

    asked = renewal(world, TIMELY, edit=drop)
    old, new = Receipt.objects.order_by("id")
    on = TIMELY + 10 * ONE_DAY
    set_aside(world, asked, on)
    assert validity(filing) == ("active", END, True, END)
    assert dict(filing.scope.values_list("occupation_id", "until")) == {BOTH[0]: None, BOTH[1]: None}
    third = Receipt.objects.latest("id")
    assert [standing(one.document, on) for one in (old, new, third)] == ["superseded", "revoked", "valid"]
    assert (third.valid_from, third.valid_until) == (DAY, END)
    sweep(END + ONE_DAY)
    assert validity(filing) == ("active", END, True, None)
    assert find(filing.code, END + ONE_DAY).finding.standing.value == "valid"
    later = END + 5 * ONE_DAY
    decide(world, asked, "refuse", "centre", later, **REFUSAL)
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on) == ("expired", later)


def test_a_timely_renewal_set_aside_in_its_term_holds_the_filing_open(world):
    filing = filed(world)
    asked = renewal(world, TIMELY)
    on = END + 100 * ONE_DAY
    sweep(on)
    set_aside(world, asked, on)
    assert validity(filing) == ("active", END, True, None)
    assert find(filing.code, on).finding.standing.value == "valid"


def test_a_late_renewal_set_aside_after_the_old_end_lets_the_filing_expire_that_day(world):
    filing = filed(world)
    asked = renewal(world, TIMELY + ONE_DAY)
    on = END + 100 * ONE_DAY
    sweep(on)
    set_aside(world, asked, on)
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on, filing.valid_until) == ("expired", on, END)
    assert (asked.kind, asked.state, asked.became_initial_on) == ("initial", "assessing", on)
    assert running(asked) == [("decision", on)]


def test_a_refused_timely_renewal_restores_the_filing_held_open_and_above_the_cap(world):
    filing = filed(world)
    asked = renewal(world, TIMELY, "refuse")
    on = END + 30 * ONE_DAY
    sweep(on)
    assert validity(filing)[0] == "expired"
    QuotaYear.objects.update(places=0)
    set_aside(world, asked, on)
    assert validity(filing) == ("active", END, True, None)
    assert (quota.city(on).taken, quota.city(on).cap) == (1, 0)
    assert find(filing.code, on).changes[0].label == "恢复备案"
    handler = world.actor("centre handler", on)
    workflow.write_report(asked, actor=handler, on=on, text="重新评估符合条件。")
    decide(world, asked, "approve", "centre", on, granted=BOTH)
    assert validity(filing)[:2] == ("active", datetime.date(2032, 9, 18))


@pytest.mark.parametrize("way", ["decline", "abandon"])
def test_a_declined_or_abandoned_timely_renewal_restores_it_too(world, way):
    filing = filed(world)
    asked = following(world, "renewal", TIMELY)
    handler = world.actor("centre handler", TIMELY)
    if way == "decline":
        decide(world, asked, "decline", "centre", TIMELY, **DATA["decline"])
    else:
        for material in asked.materials.all():
            good = material.key != "venue"
            workflow.mark_material(
                asked, material.key, complete=True, compliant=good, remark="" if good else "补图", actor=handler,
                on=TIMELY,
            )  # fmt: skip
        workflow.request_correction(asked, actor=handler, on=TIMELY, days=30)
    on = END + 60 * ONE_DAY
    sweep(on)
    assert validity(filing)[0] == "expired"
    asked.refresh_from_db()
    set_aside(world, asked, on)
    assert validity(filing) == ("active", END, True, None)


def test_a_late_refused_renewal_restores_nothing_and_goes_on_as_an_initial_one(world):
    filing = filed(world)
    asked = renewal(world, TIMELY + ONE_DAY, "refuse")
    on = END + 30 * ONE_DAY
    sweep(on)
    set_aside(world, asked, on)
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on) == ("expired", END)
    assert (asked.kind, asked.state) == ("initial", "assessing")


def test_a_new_filing_meanwhile_leaves_nothing_to_restore(world):
    filing = filed(world)
    asked = renewal(world, TIMELY, "refuse")
    on = END + ONE_DAY
    new = filed(world, on)
    with pytest.raises(Refused) as refusal:
        set_aside(world, asked, on + ONE_DAY)
    assert [reason.code for reason in refusal.value.reasons] == ["filed_anew"]
    assert new.code in refusal.value.reasons[0].text
    assert validity(filing)[0] == "expired"


def test_an_earlier_renewal_cannot_be_taken_from_under_a_later_one(world):
    filed(world)
    first = renewal(world, TIMELY)
    confirm_years(2031, 2033)
    on = datetime.date(2032, 8, 1)
    renewal(world, on)
    assert refused_with(world, first, on + ONE_DAY) == ["later_renewal"]


def announced(world, asked: Application, on: datetime.date) -> OfficialDocument:
    """Post the refusal up: it is served at the end of the 30th day after."""
    refusal = paper(asked, "refusal")
    record_service(
        asked, refusal, method="announcement", served_on=on, proof=file("公告.pdf"), on=on,
        actor=world.actor("centre handler", on),
        attempts=[{"method": way, "on": on, "why": "查无此人"} for way in BEFORE_ANNOUNCEMENT],
    )  # fmt: skip
    return refusal


def test_a_refusal_that_is_set_aside_before_its_service_ends_nothing(world):
    ServiceConsent.objects.update(withdrawn_on=DAY)
    filing = filed(world)
    asked = renewal(world, TIMELY, "refuse")
    refusal = announced(world, asked, TIMELY)
    set_aside(world, asked, TIMELY + ONE_DAY)
    complete_announcements(TIMELY + 31 * ONE_DAY)
    refusal.refresh_from_db()
    filing.refresh_from_db()
    assert (refusal.service.took_effect, filing.held_open) == (False, True)
    assert "已被撤销" in refusal.service.no_effect
