"""Areas and occupations are loaded from the files in the repository, as often as one likes."""

from io import StringIO

import pytest
from django.core.management import call_command

from core.reference.models import Area, Occupation

pytestmark = pytest.mark.django_db


def load() -> str:
    out = StringIO()
    call_command("load_reference", stdout=out)
    return out.getvalue()


def test_it_loads_everything_once():
    load()
    assert (Area.objects.count(), Occupation.objects.count()) == (10, 155)
    assert Area.objects.get(code="410523").name == "汤阴县"
    assert "新增 0，更新 0" in load()
    assert Occupation.history.count() == 155


def test_the_high_tech_zone_counts_with_the_urban_area():
    """M37: all urban districts and the high-tech zone together."""
    load()
    urban = Area.objects.filter(quota_area="市区")
    assert set(urban.values_list("code", flat=True)) == {"410502", "410503", "410505", "410506", "410571"}


def test_what_differs_is_put_right_with_history_and_what_was_switched_off_stays_off():
    load()
    one = Occupation.objects.first()
    one.name, one.active = "错", False
    one.save()
    assert "新增 0，更新 1" in load()
    one.refresh_from_db()
    assert one.name != "错"
    assert not one.active
    assert one.history.count() == 3
