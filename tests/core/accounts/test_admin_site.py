"""The administration of reference data: Chinese throughout, reference data alone, one way in and out."""

import html
import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Position, User
from core.reference.models import Area, Occupation, Setting

pytestmark = pytest.mark.django_db

# Words that are no English: units and codes as Chinese text has them.
LATIN = re.compile(r"[A-Za-z]{2,}")
ALLOWED = re.compile(r"\bMB\b")


@pytest.fixture
def administrator(people, browser_of, area):
    Occupation.objects.create(code="6-18-02-04", name="焊工")
    Occupation.objects.create(code="4-10-01-05", name="养老护理员", active=False)
    return browser_of(people.administrator)


def words(page: str) -> list[str]:
    """Everything a person sees or hears: text, titles, alternative texts, button labels."""
    seen = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S)
    spoken = re.findall(r'(?:title|placeholder|aria-label|alt)="([^"]*)"', seen)
    buttons = re.findall(r'<input type="submit"[^>]*value="([^"]*)"', seen)
    return [html.unescape(one) for one in (*re.findall(r">([^<]+)<", seen), *spoken, *buttons)]


def pages(area: Area) -> list[str]:
    at = "/admin/reference"
    return [
        "/admin/",
        f"{at}/",
        *(f"{at}/{name}/{rest}" for name in ("area", "occupation") for rest in ("", "add/")),
        f"{at}/area/?q={area.name}",
        f"{at}/area/{area.pk}/change/",
        f"{at}/area/{area.pk}/history/",
        f"{at}/area/{area.pk}/history/{area.history.get().pk}/",
        f"{at}/occupation/6-18-02-04/change/",
        f"{at}/occupation/6-18-02-04/history/",
    ]


def test_no_page_speaks_english(administrator, people, area):
    said = {}
    for address in pages(area):
        response = administrator.get(address)
        assert response.status_code == 200, address
        name = people.administrator.user.username
        found = [one.strip() for one in words(response.content.decode()) if LATIN.search(ALLOWED.sub("", one))]
        if rest := [one for one in found if name not in one]:
            said[address] = rest
    assert said == {}, said


HALF_TRANSLATED = re.compile(r"选择 |增加 |修改 | 来修改|以 |无可选的|过滤器：")


def test_no_page_speaks_half_chinese(administrator, area):
    for address in pages(area):
        found = [
            one.strip() for one in words(administrator.get(address).content.decode()) if HALF_TRANSLATED.search(one)
        ]
        assert not found, (address, found)


def test_pages_are_called_by_what_is_in_them(administrator, area):
    titles = {
        "/admin/reference/occupation/": "职业",
        "/admin/reference/area/add/": "新增区域",
        f"/admin/reference/area/{area.pk}/change/": "修改区域",
    }
    for address, title in titles.items():
        assert f"<h1>{title}</h1>" in administrator.get(address).content.decode()


def test_only_reference_data_is_there():
    assert set(admin.site._registry) == {Area, Occupation}


def _with_a_state() -> list[type[Model]]:
    """Every model that has a state, or whose rows are history of one."""
    return [one for one in apps.get_models() if any(field.name in {"state", "status"} for field in one._meta.fields)]


def test_nothing_with_a_state_can_be_reached_there(administrator):
    assert len(_with_a_state()) > 10, "the models with states are found"
    assert not set(_with_a_state()) & set(admin.site._registry)
    for model in (*_with_a_state(), Setting, User, Position):
        at = f"/admin/{model._meta.app_label}/{model._meta.model_name}"
        for rest in ("", "add/", "1/change/", "1/delete/", "1/history/"):
            for method in (administrator.get, administrator.post):
                assert method(f"{at}/{rest}").status_code == 404, (at, rest)


def test_changing_reference_data_writes_its_row_and_its_history_alone(administrator, area):
    """No signal, no hook: whatever has a state is as it was."""
    with CaptureQueriesContext(connection) as asked:
        fields = {"name": "文峰新区", "kind": area.kind, "quota_area": area.quota_area}
        assert administrator.post(f"/admin/reference/area/{area.pk}/change/", fields).status_code == 302
    written = {
        found[1]
        for query in asked.captured_queries
        if (found := re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', query["sql"]))
    }
    tables = {model._meta.db_table for model in _with_a_state()}
    assert {"reference_area", "reference_historicalarea"} <= written
    assert not written & tables


def test_every_page_leads_back_to_the_portal(administrator, area):
    for address in pages(area):
        assert '<a href="/desk/">返回工作台</a>' in administrator.get(address).content.decode(), address


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [("/admin/password_change/", "/accounts/password/change/"), ("/admin/logout/", "/accounts/logout/")],
)
def test_password_and_sign_out_are_the_portals_own(administrator, address, leads_to):
    assert administrator.get(address).url == leads_to
    assert administrator.post(address).url == leads_to


def test_reference_data_is_searched_filtered_and_ordered(administrator):
    listed = administrator.get("/admin/reference/occupation/").content.decode()
    assert listed.index("4-10-01-05") < listed.index("6-18-02-04")
    for query in ("q=焊", "大类=6", "active__exact=1"):
        page = administrator.get(f"/admin/reference/occupation/?{query}").content.decode()
        assert "6-18-02-04/change" in page, query
        assert "4-10-01-05/change" not in page, query


def test_an_areas_kind_is_one_of_four(administrator, area):
    fields = {"name": area.name, "kind": "省", "quota_area": area.quota_area}
    address = f"/admin/reference/area/{area.pk}/change/"
    assert administrator.post(address, fields).status_code == 200, "the page comes back with its error"
    assert administrator.post(address, {**fields, "kind": "县级市"}).status_code == 302
