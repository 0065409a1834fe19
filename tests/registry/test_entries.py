"""The entries agree, on every day, with what the directory reads from the publications."""

import datetime

import pytest
from django.db import transaction
from django.db.models import Model
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.publications import register
from core.publications.models import Publication
from registry import entries
from registry.models import Entry, Locality, Offer, Pause
from registry.search import STATUS_CHOICES, Query, search
from tests.registry.test_any_day import CODE, EVENT, LIFTED, LONG_AFTER, NEXT, ONE, SUSPENDED, TABLE, find
from tests.world import DAY

pytestmark = pytest.mark.django_db


def laid_out() -> list[list[tuple[object, ...]]]:
    """Every row of the registry's, without its keys."""
    rows = [Entry.objects.values_list(*_fields(Entry, "id"))]
    rows += [
        model.objects.values_list("entry__publication", "entry__since", *_fields(model, "id", "entry_id"))
        for model in (Pause, Offer, Locality)
    ]
    return [sorted(part, key=str) for part in rows]


def _fields(model: type[Model], *without: str) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.attname not in without]


@pytest.mark.parametrize("case", TABLE)
def test_each_status_finds_what_stands_so_on_each_day(receipt, republish, case):
    events, expected = TABLE[case]
    for on, changed in events:
        republish(on, **changed)
    for day, (standing, _) in expected.items():
        found = {
            status for status, _ in STATUS_CHOICES if search(Query(status=status), day, LONG_AFTER).codes(2) == [CODE]
        }
        assert found == {standing} - {"unknown"}, day
        agency = find(CODE, day, LONG_AFTER)
        assert entries.in_force(day).exists() == (agency is not None and agency.finding.in_force), day
        in_effect = entries.in_effect(day).values_list("publication_id", flat=True)
        assert list(in_effect) == ([agency.current.publication_id] if agency else []), day
    kept = laid_out()
    assert entries.rebuild() == 1
    assert laid_out() == kept


def test_of_a_record_withdrawn_nothing_is_kept(application, republish):
    republish(EVENT, name="文峰区甲职业技能学院")
    register.withdraw(Publication.objects.filter(kind="filing").latest("id").key, on=EVENT + ONE, reason="公布有误")
    (entry,) = Entry.objects.all()
    assert (entry.until, "技能学院" in entry.called) == (None, False)
    register.withdraw(Publication.objects.filter(kind="filing").earliest("id").key, on=EVENT + ONE, reason="公布有误")
    assert not Entry.objects.exists()


def test_published_ahead_of_any_term_it_is_there_and_a_later_term_waits(application, publish_agency):
    row = publish_agency(200, "汤阴县丁学校", valid_from="2026-10-01")
    later = {**row.content, "valid_from": "2027-01-01", "address": "新址"}
    day = row.published_on + ONE
    register.publish("filing", key="later", title="丁", content=later, matter=application, on=day)
    new_year = datetime.date(2027, 1, 1)
    found = {
        day: "新址" in entries.in_effect(day).get(code=row.content["code"]).words
        for day in (row.published_on, day, datetime.date(2026, 10, 1), new_year)
    }
    assert list(found.values()) == [False, True, False, True]


# What may be published next of a filing; a receipt's code is its own.
NEXT_TOLD = (
    {"name": "文峰区甲职业技能学院"},
    {"scope": [{"code": "4-10-01-05", "occupation": "养老护理员", "levels": [5, 1], "sites": []}]},
    {"area": "汤阴县", "area_code": "410523"},
    {"valid_from": "2029-09-19", "valid_until": "2032-09-18"},
    {"suspensions": SUSPENDED},
    {"suspensions": LIFTED},
    {"state": "expired", "ended_on": "2029-09-18"},
    {"state": "terminated", "ended_on": "2027-03-01"},
    {"state": "active", "ended_on": None},
)
WITHDRAWN = "withdrawn"
steps = st.tuples(st.integers(0, 400), st.sampled_from([*NEXT_TOLD, WITHDRAWN]), st.integers(0, 9))


@given(history=st.lists(steps, min_size=1, max_size=6))
@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_history_it_is_as_made_anew(application, republish, history):
    with transaction.atomic():
        day = EVENT - 100 * ONE
        for number, (later, told, which) in enumerate(history):
            day += later * ONE
            standing = list(Publication.objects.filter(kind="filing", withdrawn_on=None).order_by("id"))
            if told is WITHDRAWN and standing:
                register.withdraw(standing[which % len(standing)].key, on=day, reason="公布有误")
            elif told is not WITHDRAWN:
                republish(day, **told, verification=f"TEST-{number}")
        kept = laid_out()
        entries.rebuild()
        assert laid_out() == kept
        for asked in (DAY, EVENT, day, NEXT, LONG_AFTER):
            agency = find(CODE, asked, LONG_AFTER)
            held = list(entries.in_effect(asked).values_list("publication_id", flat=True))
            assert held == ([agency.current.publication_id] if agency else [])
            standing_so = search(Query(status=agency.finding.standing), asked, LONG_AFTER).codes(2) if agency else []
            assert standing_so == ([CODE] if agency else [])
        transaction.set_rollback(True)
