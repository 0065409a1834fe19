"""The criteria of assessment (M11): dated, published before they are used, with their weights."""

import datetime

import pytest

from core.refusals import Refused
from filings import workflow
from filings.criteria import sets
from filings.models import Criterion
from filings.workflow import places
from filings.workflow.assessing import criteria
from tests.filings.factories import another_agency, quick_accepted, quick_assessing
from tests.world import DAY, SINCE, make_world

pytestmark = pytest.mark.django_db

OCTOBER = datetime.date(2026, 10, 1)


def test_the_full_marks_are_the_weight_and_each_set_has_its_days():
    world = make_world()
    chief = world.actor("centre chief")
    said = {"key": "venue", "label": "场地设备", "full_marks": 60, "since": OCTOBER}
    places.publish_criterion(actor=chief, on=DAY, **said)
    coming, now = sets(Criterion.objects.all())
    assert (now.since, now.until, now.full) == (SINCE, OCTOBER - datetime.timedelta(days=1), 100)
    assert [(one.key, str(share)) for one, share in now.rows] == [
        ("venue", "40.0"),
        ("staff", "30.0"),
        ("record", "30.0"),
    ]
    assert (coming.since, coming.until, coming.full) == (OCTOBER, None, 120)
    assert [(one.key, str(share)) for one, share in coming.rows] == [
        ("staff", "25.0"),
        ("record", "25.0"),
        ("venue", "50.0"),
    ]
    assert [one.holds(DAY) for one in (coming, now)] == [False, True]


def test_a_day_without_criteria_makes_no_set():
    make_world()
    Criterion.objects.update(until=DAY)
    (only,) = sets(Criterion.objects.all())
    assert (only.since, only.until) == (SINCE, DAY)
    assert sets([]) == []


def test_criteria_published_later_are_not_those_of_an_assessment_that_has_begun():
    """Beforehand: not even on the day itself."""
    world = make_world()
    chief = world.actor("centre chief")
    quick_assessing(world, another_agency(world, 1))
    said = {"key": "venue", "label": "场地设备", "full_marks": 60}
    with pytest.raises(Refused, match="今天已有申请开始评估"):
        places.publish_criterion(actor=chief, on=DAY, since=DAY, **said)
    tomorrow = DAY + datetime.timedelta(days=1)
    places.publish_criterion(actor=chief, on=DAY, since=tomorrow, **said)
    assert {one.key: one.full_marks for one in criteria(DAY)} == {"venue": 40, "staff": 30, "record": 30}


def test_a_sheet_gives_marks_with_reasons_for_every_criterion_of_the_first_day():
    world = make_world()
    application = quick_assessing(world, another_agency(world, 1))
    chief, later = world.actor("centre chief"), datetime.date(2026, 9, 21)
    places.publish_criterion(actor=chief, on=DAY, key="safety", label="安全管理", full_marks=20, since=later)
    centre, expert = world.actor("centre handler", later), world.actor("experts expert", later)
    task = workflow.assign_expert(application, world.people["experts expert"], actor=centre, on=later)
    marks = {"venue": {"marks": 30, "reason": " "}, "staff": {"marks": 31, "reason": "齐"}}
    with pytest.raises(Refused) as refusal:
        workflow.submit_sheet(task, actor=expert, on=later, marks=marks, positive=True, opinion="好")
    assert [reason.field for reason in refusal.value.reasons] == [
        "reason-venue", "marks-staff", "marks-record", "reason-record",
    ]  # fmt: skip


def test_an_application_not_in_assessment_keeps_no_criterion_back():
    world = make_world()
    quick_accepted(world, another_agency(world, 1))
    said = {"key": "venue", "label": "场地设备", "full_marks": 60, "since": DAY}
    assert places.publish_criterion(actor=world.actor("centre chief"), on=DAY, **said).since == DAY
