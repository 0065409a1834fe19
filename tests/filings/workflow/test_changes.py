"""Changes of a filing (M13): what is asked for, in time or late, applied as differences to the filing as it stands."""

import datetime

import pytest

from core.deadlines.models import Clock
from core.reference.models import Occupation
from core.refusals import Refused
from filings import changes, quota
from filings.models import Filing, Receipt
from filings.workflow.draft_rows import ROWS, add_row, remove_row
from tests.world import DAY, assessed, confirm_years, decide, filed, following, make_world

pytestmark = pytest.mark.django_db

LATER = datetime.date(2027, 3, 1)
SEAT = {"area_id": "410523", "address": "汤阴县示例路9号"}


@pytest.fixture
def world(db):
    confirm_years(2027, 2027)
    return make_world()


def approve(world, application, on, granted, left_out=()):
    assessed(world, application, on)
    decide(world, application, "approve", "centre", on, granted=granted, left_out=list(left_out))
    return Filing.objects.get()


def keys(application) -> list[str]:
    return [item.key for item in application.change_items.all()]


def test_a_new_name_is_reported_and_the_filing_keeps_code_and_end(world):
    before = filed(world)
    change = following(world, "change", LATER, name="文峰区新甲职业培训学校", changed_on=datetime.date(2027, 2, 20))
    assert (keys(change), change.late) == (["name"], False)
    filing = approve(world, change, LATER, ["name"])
    assert filing.name == "文峰区新甲职业培训学校"
    assert (filing.code, filing.valid_until) == (before.code, before.valid_until)
    old, new = Receipt.objects.order_by("id")
    assert (old.superseded_on, new.valid_from, new.valid_until) == (LATER, DAY, before.valid_until)
    assert Clock.objects.filter(kind="validity").count() == 1


@pytest.mark.parametrize(
    ("changed_on", "late"),
    # 30 days from 28 January end on Saturday 27 February, an agency's period: it rolls to Monday 1 March.
    [(datetime.date(2027, 1, 28), False), (datetime.date(2027, 1, 27), True)],
)
def test_a_report_is_late_after_30_days(world, changed_on, late):
    filed(world)
    change = following(world, "change", LATER, legal_representative="法定代表人乙", changed_on=changed_on)
    assert change.late is late


def test_a_reported_change_needs_its_day_and_a_change_something_to_change(world):
    filed(world)
    with pytest.raises(Refused) as refusal:
        following(world, "change", LATER, name="文峰区新甲职业培训学校")
    assert [reason.code for reason in refusal.value.reasons] == ["changed_on_missing"]


def test_nothing_changed_is_no_change(world):
    filed(world)
    with pytest.raises(Refused) as refusal:
        following(world, "change", LATER)
    assert [reason.code for reason in refusal.value.reasons] == ["nothing_changed"]


def test_an_occupation_is_added_and_another_given_up(world):
    filed(world)
    Occupation.objects.create(code="4-02-02-01", name="道路客运汽车驾驶员")

    def edit(draft):
        actor = world.actor("agency admin", LATER)
        remove_row(draft, ROWS["scope"], draft.scope.get(occupation_id="6-31-01-03").pk, actor=actor, on=LATER)
        values = {
            "occupation": Occupation.objects.get(code="4-02-02-01"),
            "levels": [5, 4],
            "question_bank": "国家题库",
            "sites": draft.sites.all(),
        }
        add_row(draft, ROWS["scope"], actor=actor, on=LATER, values=values)
        for year in (2024, 2025, 2026):
            draft.records.create(
                occupation_id="4-02-02-01",
                since=datetime.date(year, 4, 1),
                until=datetime.date(year, 12, 31),
                person_times=700,
            )

    change = following(world, "change", LATER, edit=edit)
    assert keys(change) == ["occupation:4-02-02-01", "occupation:6-31-01-03"]
    filing = approve(world, change, LATER, keys(change))
    rows = {row.occupation_id: (row.since, row.until) for row in filing.scope.all()}
    assert rows == {
        "4-02-02-01": (LATER, None),
        "6-18-02-04": (DAY, None),
        "6-31-01-03": (DAY, LATER),
    }
    added = filing.scope.get(occupation_id="4-02-02-01")
    assert [site.name for site in added.sites.all()] == ["校本部"]


def test_part_of_a_change_is_left_out_with_its_reason(world):
    filed(world)
    change = following(
        world, "change", LATER, name="文峰区新甲职业培训学校", person_in_charge="负责人乙", changed_on=LATER
    )
    with pytest.raises(Refused) as refusal:
        approve(world, change, LATER, ["name"])
    assert [reason.code for reason in refusal.value.reasons] == ["left_out_reason"]
    left_out = [{"item": "person_in_charge", "reason": "任职材料不全。", "basis": "M7(3)"}]
    decide(world, change, "approve", "centre", LATER, granted=["name"], left_out=left_out)
    filing = Filing.objects.get()
    assert (filing.name, filing.person_in_charge) == ("文峰区新甲职业培训学校", "")
    assert change.change_items.get(granted=False).basis == "M7(3)"


def test_an_item_that_moved_meanwhile_is_left_out_unless_confirmed(world):
    filing = filed(world)
    change = following(
        world, "change", LATER, name="文峰区新甲职业培训学校", person_in_charge="负责人乙", changed_on=LATER
    )
    assessed(world, change, LATER)
    Filing.objects.filter(pk=filing.pk).update(name="文峰区另一名称")
    assert [item.key for item in changes.moved(change, LATER)] == ["name"]
    decide(world, change, "approve", "centre", LATER, granted=["name", "person_in_charge"])
    filing.refresh_from_db()
    assert (filing.name, filing.person_in_charge) == ("文峰区另一名称", "负责人乙")
    assert [(item.key, item.granted, item.basis) for item in change.change_items.order_by("key")] == [
        ("name", False, "M13"),
        ("person_in_charge", True, ""),
    ]


def give_reason(draft):
    """M7(2): a site outside the county of the seat needs a reason."""
    draft.sites.update(other_area_reason="设备已安装，搬迁影响在训学员。")


def test_a_move_to_another_county_takes_places_there_and_none_twice(world):
    filed(world)
    change = following(world, "change", LATER, edit=give_reason, changed_on=LATER, **SEAT)
    wanted = [one.key for one in quota.wanted_by_change(change, ["seat"], LATER)]
    assert wanted == ["汤阴县:6-18-02-04", "汤阴县:6-31-01-03"]
    filing = approve(world, change, LATER, ["seat"])
    assert (filing.area_id, filing.address) == ("410523", "汤阴县示例路9号")
    assert [quota.places("6-18-02-04", area, LATER).taken for area in ("市区", "汤阴县")] == [1, 1]
