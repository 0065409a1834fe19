"""The administration of reference data: Chinese throughout, reference data alone, one way in and out."""

import html
import re

import pytest
from django.contrib import admin

from core.reference.models import Area, Occupation, Setting

pytestmark = pytest.mark.django_db

# Words that are no English: units and codes as Chinese text has them.
LATIN = re.compile(r"[A-Za-z]{2,}")
ALLOWED = re.compile(r"\bMB\b")


@pytest.fixture
def administrator(people, browser_of, area, on):
    Occupation.objects.create(code="6-18-02-04", name="焊工")
    Occupation.objects.create(code="4-10-01-05", name="养老护理员", active=False)
    Setting.objects.create(key="cap_urban", value=4, effective_from=on, note="局务会纪要")
    return browser_of(people.administrator)


def words(page: str) -> list[str]:
    """Everything a person sees or hears: text, titles, alternative texts, button labels."""
    seen = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S)
    spoken = re.findall(r'(?:title|placeholder|aria-label|alt)="([^"]*)"', seen)
    buttons = re.findall(r'<input type="submit"[^>]*value="([^"]*)"', seen)
    return [html.unescape(one) for one in (*re.findall(r">([^<]+)<", seen), *spoken, *buttons)]


def pages(area: Area) -> list[str]:
    setting, at = Setting.objects.get(), "/admin/reference"
    return [
        "/admin/",
        f"{at}/",
        *(f"{at}/{name}/{rest}" for name in ("area", "occupation", "setting") for rest in ("", "add/")),
        f"{at}/area/?q={area.name}",
        f"{at}/area/{area.pk}/change/",
        f"{at}/area/{area.pk}/history/",
        f"{at}/area/{area.pk}/history/{area.history.get().pk}/",
        f"{at}/occupation/6-18-02-04/change/",
        f"{at}/occupation/6-18-02-04/history/",
        f"{at}/setting/{setting.pk}/change/",
        f"{at}/setting/{setting.pk}/history/",
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


def test_only_reference_data_is_there():
    assert {model._meta.label for model in admin.site._registry} == {
        "reference.Area",
        "reference.Occupation",
        "reference.Setting",
    }


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
    settings = administrator.get("/admin/reference/setting/").content.decode()
    assert "cap_urban" not in re.sub(r'"[^"]*"', "", settings), "a setting is named in words, its key is none"


def test_an_areas_kind_is_one_of_four(administrator, area):
    fields = {"name": area.name, "kind": "省", "quota_area": area.quota_area}
    address = f"/admin/reference/area/{area.pk}/change/"
    assert administrator.post(address, fields).status_code == 200, "the page comes back with its error"
    assert administrator.post(address, {**fields, "kind": "县级市"}).status_code == 302
