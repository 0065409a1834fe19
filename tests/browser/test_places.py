"""The board of places, its cells, an assignment from elsewhere, and the public's free places: wide and on a phone."""

import datetime

import pytest
from django.core.management import call_command

from core.accounts.models import Organisation, OrganisationKind
from core.publications import register
from core.reference.models import Area, Occupation
from filings.models import Assignment, Filing, FilingScope, FilingSite, UrgentOccupation
from filings.workflow import records
from tests.browsing import press_and_confirm
from tests.world import DAY, World, approved, assessing, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_ten")]

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 800}
WELDER = "6-18-02-04"


def city(world: World) -> None:
    """All 155 occupations and ten areas; thirty agencies filed all over the city, one cell above its cap."""
    call_command("load_reference", verbosity=0)
    areas = list(Area.objects.order_by("code"))
    codes = list(Occupation.objects.order_by("code").values_list("pk", flat=True))
    first = Filing.objects.get()
    for number in range(30):
        area = areas[number % 5 if number % 3 else number % len(areas)]
        agency = Organisation.objects.create(
            kind=OrganisationKind.AGENCY,
            name=f"{area.name}第{number}职业培训学校",
            credit_code=f"9{number:017}",
            area=area,
        )
        filing = Filing.objects.create(
            agency=agency, code=f"S00004199{number:04}", name=agency.name, credit_code=agency.credit_code, area=area,
            address="某路1号", valid_from=DAY, valid_until=datetime.date(2029, 9, 18), term_from=DAY,
        )  # fmt: skip
        site = FilingSite.objects.create(filing=filing, name="校本部", area=area, address="某路1号", since=DAY)
        for step in range(12):
            code = codes[(number * 7 + step * step) % 60]
            entry, _ = FilingScope.objects.get_or_create(
                filing=filing, occupation_id=code, defaults={"levels": [5, 4, 3], "since": DAY}
            )
            site.scope.add(entry)
        register.publish(
            "filing",
            key=f"test:{number}",
            title=agency.name,
            content={
                **records.record(filing, first.receipts.get().document, _term(filing)),
                "verification": str(number),
            },
            matter=filing,
            on=DAY,
        )
    UrgentOccupation.objects.create(occupation_id=codes[3], since=DAY, source="目录")


def _term(filing: Filing):
    from filings.terms import terms

    return terms(filing, DAY)[0]


def fits(page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_board_of_the_whole_city(sign_in, picture, assert_accessible):
    world = make_world()
    approved(world)
    assessing(world, who="rival admin")
    city(world)
    page = sign_in(world, "centre handler", viewport=WIDE)
    page.goto("/quota/")
    page.get_by_role("heading", name="名额看板").wait_for()
    assert_accessible(page)
    picture(page, "board-wide")
    page.goto("/quota/?show=all&page=2")
    picture(page, "board-all-wide")
    page.goto(f"/quota/places/市区:{WELDER}/")
    assert_accessible(page)
    picture(page, "board-cell-wide")
    page.goto("/quota/places/city/")
    assert_accessible(page)
    picture(page, "board-city-wide")
    phone = sign_in(world, "bureau handler", viewport=PHONE)
    for address, name in (
        ("/quota/", "board"),
        (f"/quota/places/市区:{WELDER}/", "board-cell"),
        ("/quota/places/city/", "board-city"),
    ):
        phone.goto(address)
        fits(phone, 390)
        picture(phone, f"{name}-phone")
    county = sign_in(world, "county handler", viewport=WIDE)
    county.goto("/quota/")
    assert_accessible(county)
    picture(county, "board-county")
    county.goto("/desk/")
    assert_accessible(county)
    picture(county, "county-desk-places")


def test_an_empty_board(sign_in, picture, assert_accessible):
    world = make_world()
    page = sign_in(world, "centre chief", viewport=WIDE)
    page.goto("/quota/")
    page.get_by_text("没有可显示的职业").wait_for()
    assert_accessible(page)
    picture(page, "board-empty")


def test_an_agency_is_assigned_from_elsewhere(sign_in, picture, assert_accessible, new_page):
    world = make_world()
    approved(world)
    handler = sign_in(world, "centre handler", viewport=WIDE)
    handler.goto("/quota/")
    handler.get_by_role("link", name="汤阴县焊工").click()
    handler.get_by_role("link", name="提出调配").click()
    handler.get_by_role("heading", name="调配到汤阴县：焊工").wait_for()
    assert_accessible(handler)
    picture(handler, "assignment-offer")
    handler.get_by_role("button", name="请机构答复").click()
    handler.get_by_label("机构", exact=True).select_option(label="文峰区甲职业培训学校（文峰区）")
    handler.get_by_label("五级（初级工）").check()
    handler.get_by_label("四级（中级工）").check()
    handler.get_by_label("评价地点：别处").fill("汤阴县人民路实训基地")
    handler.get_by_label("调配的理由").fill("汤阴县没有焊工评价机构，企业有评价需求。")
    handler.get_by_role("button", name="请机构答复").click()
    handler.get_by_text("已请机构答复").wait_for()

    agency = sign_in(world, "agency admin", viewport=PHONE)
    agency.goto("/desk/")
    agency.get_by_role("link", name="去答复").click()
    agency.get_by_role("heading", name="调配到汤阴县：焊工").wait_for()
    assert_accessible(agency)
    fits(agency, 390)
    picture(agency, "assignment-agency-phone")
    agency.get_by_role("button", name="同意调配", exact=True).click()
    agency.get_by_text("已答复：同意调配").wait_for()

    handler.goto("/desk/")
    handler.get_by_role("link", name="文峰区甲职业培训学校").click()
    picture(handler, "assignment-agreed")
    handler.get_by_role("button", name="提交负责人决定").click()
    handler.get_by_text("已提议").wait_for()
    chief = sign_in(world, "centre chief", viewport=WIDE)
    chief.goto("/desk/")
    picture(chief, "centre-desk-assignments")
    chief.get_by_role("link", name="文峰区甲职业培训学校").click()
    assert_accessible(chief)
    picture(chief, "assignment-proposal")
    press_and_confirm(chief, "决定：调配")
    chief.get_by_text("已决定。").wait_for()
    assert Assignment.objects.get().since == DAY
    chief.goto("/quota/")
    picture(chief, "board-assigned")
    chief.goto("/assignments/")
    assert_accessible(chief)
    picture(chief, "assignments")
    public = new_page(viewport=WIDE)
    public.goto("/agencies/S000041000001/")
    public.get_by_role("heading", name="市内调配").wait_for()
    assert_accessible(public)
    picture(public, "public-agency-assigned")
    public.get_by_role("link", name="汤阴县 · 焊工").click()
    assert_accessible(public)
    picture(public, "public-assignment")


def test_the_public_sees_free_places(new_page, picture, assert_accessible):
    world = make_world()
    approved(world)
    city(world)
    page = new_page(viewport=WIDE)
    page.goto("/guide/#places")
    page.get_by_role("link", name="各职业还有多少名额").click()
    page.get_by_role("heading", name="各职业还有多少名额").wait_for()
    assert_accessible(page)
    picture(page, "public-places-wide")
    phone = new_page(viewport=PHONE)
    phone.goto("/guide/places/?show=free")
    fits(phone, 390)
    picture(phone, "public-places-phone")
