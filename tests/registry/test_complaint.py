"""监督投诉: every authority by area, its published phone and address, and by when it answers."""

import pytest
from django.urls import reverse

from core.accounts.models import Organisation
from core.reference.models import Area
from regulation.periods import PERIODS

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices():
    area = Area.objects.get_or_create(code="410581", defaults={"name": "林州市"})[0]
    make = Organisation.objects.create
    return {
        "bureau": make(kind="bureau", name="安阳市人力资源和社会保障局"),
        "centre": make(kind="centre", name="安阳市职业技能鉴定指导中心", phone="0372-1", address="文明大道 1 号"),
        "county": make(kind="county", name="林州市人力资源和社会保障局", area=area),
        "closed": make(kind="county", name="已撤并的人社局", area=area, active=False),
        "agency": make(
            kind="agency", name="某培训学校", credit_code="52410581MJ1000002P", area=area, phone="13800000000"
        ),
    }


def test_the_county_first_then_centre_and_bureau_and_nobody_else(client, offices):
    page = client.get(reverse("registry:complaint"))
    assert [one.name for one in page.context["offices"]] == [
        offices[key].name for key in ("county", "centre", "bureau")
    ]
    text = page.content.decode()
    assert "0372-1" in text
    assert "文明大道 1 号" in text
    assert "12333" in text
    assert "13800000000" not in text


def test_the_periods_come_from_the_table(client):
    shown = client.get(reverse("registry:complaint")).context["lengths"]
    assert [one.text for one in shown] == [PERIODS[key].length for key in ("complaint_takeup", "complaint_answer")]


def test_the_menu_leads_there(client):
    text = client.get(reverse("registry:home")).content.decode()
    assert f'href="{reverse("registry:complaint")}"' in text
