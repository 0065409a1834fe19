"""The entries agree, on every day, with what the directory reads from the publications."""

import datetime

import pytest

from core.publications import register
from core.publications.models import Publication
from registry import entries
from registry.models import Entry, Pause
from registry.search import STATUS_CHOICES, Query, search
from tests.registry.test_any_day import CODE, EVENT, LONG_AFTER, ONE, TABLE, find

pytestmark = pytest.mark.django_db


def laid_out() -> list[tuple[object, ...]]:
    fields = [field.attname for field in Entry._meta.concrete_fields if field.attname != "id"]
    pauses = list(Pause.objects.order_by("entry__code", "entry__since", "since").values_list("since", "until"))
    return [*Entry.objects.order_by("code", "since", "publication_id").values_list(*fields), *pauses]


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
    assert (entry.until, "技能学院" in entry.words) == (None, False)
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
