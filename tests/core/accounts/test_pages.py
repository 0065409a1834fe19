"""Every account page opens to whom it is for, and to nobody else; the administrator's, the office's, one's own."""

import pytest
from django.urls import reverse

from core.accounts.models import Deputy, Organisation, Recusal, ServiceConsent, User

pytestmark = pytest.mark.django_db
EVERYONE = {
    "admin", "staff", "handler", "chief", "centre_handler", "centre_chief", "bureau_chief", "expert", "administrator",
}  # fmt: skip
OFFICERS = EVERYONE - {"admin", "staff", "expert"}
OPEN_TO = {
    "profile": EVERYONE,
    "tokens": EVERYONE,
    "staff": EVERYONE,
    "consent": {"admin", "staff"},
    "deputies": OFFICERS,
    "recusals": OFFICERS | {"expert"},
    "organisations": {"administrator"},
    "new-organisation": {"administrator"},
    "users": {"administrator"},
}


@pytest.mark.parametrize("page", OPEN_TO)
def test_each_page_opens_to_whom_the_table_says(people, browser_of, page):
    for who in sorted(EVERYONE):
        status = browser_of(getattr(people, who)).get(reverse(f"accounts:{page}")).status_code
        assert status == (200 if who in OPEN_TO[page] else 403), (page, who)


@pytest.mark.parametrize("page", OPEN_TO)
def test_visitors_are_led_to_the_sign_in_page_and_back(client, db, page):
    address = reverse(f"accounts:{page}")
    assert client.get(address).url == f"/accounts/login/?next={address}"


def test_the_administration_opens_to_the_administrators_position_alone(people, browser_of, client):
    for who in sorted(EVERYONE - {"administrator"}):
        people_client = browser_of(getattr(people, who))
        assert people_client.get("/admin/", follow=True).status_code == 403, who
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
    text = browser_of(people.administrator).get("/admin/").content.decode()
    assert "区域" in text
    assert "职业" in text


def test_staff_flags_open_nothing(people, browser_of):
    user = people.staff.user
    user.is_staff = user.is_superuser = True
    user.save()
    assert browser_of(people.staff).get("/admin/", follow=True).status_code == 403


def test_reference_data_is_changed_with_history_and_never_deleted(people, browser_of, area):
    client = browser_of(people.administrator)
    fields = {"name": "汤阴县城", "kind": "县", "quota_area": "汤阴县"}
    assert client.post(f"/admin/reference/area/{area.pk}/change/", fields).status_code == 302
    area.refresh_from_db()
    assert (area.name, area.history.first().history_user) == ("汤阴县城", people.administrator.user)
    assert client.post(f"/admin/reference/area/{area.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"/admin/reference/area/{area.pk}/history/").status_code == 200


def test_the_staff_of_another_office_cannot_be_opened_or_ended(people, offices, browser_of):
    client = browser_of(people.admin)
    assert client.get(reverse("accounts:organisation-staff", args=[offices.county.pk])).status_code == 404
    answer = client.post(reverse("accounts:end-position", args=[people.handler.pk]), {"last_day": "2030-01-01"})
    assert answer.status_code == 404
    people.handler.refresh_from_db()
    assert people.handler.until is None


def test_a_position_is_ended_on_the_page(people, browser_of, on):
    answer = browser_of(people.admin).post(
        reverse("accounts:end-position", args=[people.staff.pk]), {"last_day": on.isoformat()}, follow=True
    )
    assert "岗位的结束日期已登记" in answer.content.decode()
    people.staff.refresh_from_db()
    assert people.staff.until == on


def test_the_reasons_against_it_are_shown(people, browser_of, on):
    answer = browser_of(people.admin).post(
        reverse("accounts:end-position", args=[people.admin.pk]), {"last_day": on.isoformat()}, follow=True
    )
    assert "最后一位机构管理员" in answer.content.decode()


def test_a_deputy_is_named_and_ended_on_the_page(people, browser_of, on):
    client, page = browser_of(people.chief), reverse("accounts:deputies")
    fields = {
        "chief": people.chief.pk, "deputy": people.handler.pk, "since": on, "until": on, "reason": "出差",
    }  # fmt: skip
    assert client.post(page, {**fields, "deputy": people.centre_handler.pk}).status_code == 422
    assert client.post(page, fields).status_code == 302
    assert "出差" in browser_of(people.handler).get(page).content.decode()
    assert "出差" not in browser_of(people.centre_handler).get(page).content.decode()
    assert "出差" in browser_of(people.administrator).get(page).content.decode()
    client.post(reverse("accounts:end-deputy", args=[Deputy.objects.get().pk]))
    assert Deputy.objects.get().until == on


def test_a_recusal_is_declared_on_the_page_and_seen_by_chief_and_administrator(people, offices, browser_of):
    page = reverse("accounts:recusals")
    fields = {"user": people.handler.user_id, "agency": offices.agency.name, "ground": "kinship", "note": "表亲"}
    assert browser_of(people.handler).post(page, fields).status_code == 302
    seen = {who for who in OFFICERS if "表亲" in browser_of(getattr(people, who)).get(page).content.decode()}
    assert seen == {"handler", "chief", "administrator"}
    assert browser_of(people.centre_handler).post(page, fields).status_code == 422
    browser_of(people.handler).post(reverse("accounts:end-recusal", args=[Recusal.objects.get().pk]))
    assert Recusal.objects.get().until is None
    browser_of(people.chief).post(reverse("accounts:end-recusal", args=[Recusal.objects.get().pk]))
    assert Recusal.objects.get().until is not None


def test_consent_is_given_and_withdrawn_on_the_page_by_the_admin_alone(people, browser_of):
    page = reverse("accounts:consent")
    browser_of(people.staff).post(page, {"consent": "give"})
    assert not ServiceConsent.objects.exists()
    client = browser_of(people.admin)
    assert "已同意在门户接收送达" in client.post(page, {"consent": "give"}, follow=True).content.decode()
    client.post(page, {"consent": "withdraw"})
    assert ServiceConsent.objects.get().withdrawn_on is not None


def test_an_office_is_created_below_the_bureau_and_none_above_it(people, offices, browser_of):
    client = browser_of(people.administrator)
    fields = {"kind": "county", "name": "内黄县人社局", "parent": offices.bureau.pk, "active": "on"}
    assert client.post(reverse("accounts:new-organisation"), fields).status_code == 302
    assert Organisation.objects.filter(name="内黄县人社局", parent=offices.bureau).exists()
    below_the_centre = {**fields, "name": "林州市人社局", "parent": offices.centre.pk}
    assert client.post(reverse("accounts:new-organisation"), below_the_centre).status_code == 422
    edit = reverse("accounts:edit-organisation", args=[offices.bureau.pk])
    assert client.post(edit, {"name": "市局", "parent": offices.county.pk, "active": "on"}).status_code == 422
    agency = reverse("accounts:edit-organisation", args=[offices.agency.pk])
    assert client.get(agency).status_code == 404


def test_the_administrator_gives_a_position_and_blocks_an_account(people, offices, browser_of, client):
    admin = browser_of(people.administrator)
    give = reverse("accounts:give-position", args=[offices.centre.pk])
    admin.post(give, {"user": "County-Handler", "role": "inspector"})
    assert people.handler.user.positions.filter(role="inspector", organisation=offices.centre).exists()
    assert "没有这个登录名" in admin.post(give, {"user": "nobody", "role": "chief"}, follow=True).content.decode()
    held = browser_of(people.staff)
    admin.post(reverse("accounts:act-on-user", args=[people.staff.user_id]), {"action": "block"})
    assert held.get(reverse("accounts:profile")).url.startswith("/accounts/login/")
    admin.post(reverse("accounts:act-on-user", args=[people.administrator.user_id]), {"action": "block"})
    people.administrator.user.refresh_from_db()
    assert people.administrator.user.is_active


def test_a_user_is_blocked_after_a_question_and_nobody_is_offered_to_block_himself(people, browser_of):
    page = browser_of(people.administrator).get(reverse("accounts:users")).content.decode()
    blocked = User.objects.filter(is_active=True).exclude(pk=people.administrator.user_id).count()
    assert page.count('value="block"') == page.count("可以再启用。") == blocked
    assert reverse("accounts:act-on-user", args=[people.administrator.user_id]) not in page


def test_the_filter_finds_by_name(people, offices, browser_of):
    client = browser_of(people.administrator)
    text = client.get(reverse("accounts:organisations"), {"q": "机构甲"}).content.decode()
    assert "机构甲" in text
    assert "汤阴县人社局" not in text
    text = client.get(reverse("accounts:users"), {"q": "county-ch"}).content.decode()
    assert "county-chief" in text
    assert "county-handler" not in text


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("机构甲", True),  # its whole name, though another's begins so
        ("91110000600037341l", True),
        ("机构", "有几家机构符合：机构甲（91110000600037341L）、机构甲分校"),
        ("没有这家", "没有找到这家机构"),
    ],
)
def test_a_recusal_names_the_one_agency_that_is_meant(people, offices, browser_of, named, found):
    Organisation.objects.filter(pk=offices.agency.pk).update(confirmed_on="2026-01-01")
    Organisation.objects.create(kind="agency", name="机构甲分校", credit_code="91110000600037342X")
    Organisation.objects.create(kind="agency", name="冒名的", credit_code=offices.agency.credit_code)
    asked = {"user": people.handler.user_id, "agency": named, "ground": "kinship"}
    answer = browser_of(people.handler).post(reverse("accounts:recusals"), asked)
    if found is True:
        assert answer.status_code == 302
        assert people.handler.user.recusals.get().agency == offices.agency
    else:
        assert answer.status_code == 422
        assert found in answer.content.decode()
        assert not people.handler.user.recusals.exists()
