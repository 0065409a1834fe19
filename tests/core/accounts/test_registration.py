"""机构注册: what a credit code must be, and that a false claim never locks the real agency out."""

import pytest
from django.urls import reverse

from core.accounts import credit_codes, registration
from core.accounts.models import Organisation, Position, Role, User
from core.audit.models import Event
from core.refusals import Invalid, NotPossible
from tests.core.accounts.conftest import GOOD_CODE, PASSWORD, WRONG_CHECK_DIGIT

pytestmark = pytest.mark.django_db


def register(area, on, *, username="new-admin", code=GOOD_CODE, confirmed=False):
    return registration.register_agency(
        name="机构乙",
        credit_code=code,
        area=area,
        username=username,
        password=PASSWORD,
        display_name="管理员乙",
        email="b@example.test",
        phone="0372-0000000",
        code_confirmed=confirmed,
        on=on,
    )


def test_it_makes_an_unconfirmed_agency_with_its_admin(area, on):
    agency = register(area, on)
    assert (agency.confirmed_on, agency.credit_code) == (None, GOOD_CODE)
    position = Position.objects.get()
    assert (position.organisation, position.role, position.since) == (agency, Role.ADMIN, on)
    assert position.user.check_password(PASSWORD)
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == ["agency.registered", "position.given"]


def test_no_event_holds_the_phone_number(area, on):
    register(area, on)
    assert not any("0000000" in f"{e.payload}{e.frozen}" for e in Event.objects.all())


@pytest.mark.parametrize("written", ["91110000600037341l", " 9111 0000 6000 3734 1L ", "91110000600037341L"])
def test_a_code_is_kept_in_one_form(written):
    assert credit_codes.normal(written) == GOOD_CODE


@pytest.mark.parametrize(
    "code", ["", "123", GOOD_CODE[:-1], GOOD_CODE + "1", "A1110000600037341L", "9111000060003734IO"]
)
def test_a_malformed_code_is_refused_whatever_is_ticked(area, on, code):
    with pytest.raises(Invalid) as refused:
        register(area, on, code=code, confirmed=True)
    assert {one.code for one in refused.value.reasons} == {"credit_code_malformed"}
    assert not Organisation.objects.exists()


def test_a_wrong_check_digit_asks_for_confirmation(area, on):
    with pytest.raises(Invalid) as refused:
        register(area, on, code=WRONG_CHECK_DIGIT)
    assert {one.code for one in refused.value.reasons} == {"credit_code_check_digit"}
    assert register(area, on, code=WRONG_CHECK_DIGIT, confirmed=True).credit_code == WRONG_CHECK_DIGIT
    assert Event.objects.first().payload["code_confirmed"] is True


def test_a_name_is_taken_whatever_its_case(area, on):
    register(area, on)
    with pytest.raises(Invalid) as refused:
        register(area, on, username="NEW-Admin")
    assert {one.code for one in refused.value.reasons} == {"username_taken"}


def test_a_false_claim_never_locks_the_real_agency_out(area, on, people, acting):
    handler = acting(people.handler)
    false, real = register(area, on, username="false-claim"), register(area, on, username="real-one")
    assert false.credit_code == real.credit_code
    registration.confirm(false, on, actor=handler)
    assert registration.others_confirmed(real)
    with pytest.raises(NotPossible):
        registration.confirm(real, on, actor=handler)
    registration.unconfirm(false, on, actor=handler, reason="授权书系伪造")
    registration.confirm(real, on, actor=handler)
    real.refresh_from_db()
    assert real.confirmed_on == on


def test_confirming_twice_changes_nothing(area, on, people, acting):
    agency = register(area, on)
    registration.confirm(agency, on, actor=acting(people.handler))
    registration.confirm(agency, on, actor=acting(people.handler))
    assert Event.objects.filter(verb="agency.confirmed").count() == 1


# -- the page


def post(client, where, /, **changes):
    data = {
        "name": "机构乙",
        "credit_code": GOOD_CODE,
        "area": where.pk,
        "display_name": "管理员乙",
        "phone": "0372-0000000",
        "email": "b@example.test",
        "username": "new-admin",
        "password1": PASSWORD,
        "password2": PASSWORD,
        **changes,
    }
    return client.post(reverse("accounts:register-agency"), data)


def test_the_page_registers_and_signs_the_admin_in(client, area):
    answer = post(client, area)
    assert (answer.status_code, answer.url) == (302, "/desk/")
    user = User.objects.get()
    assert int(client.session["_auth_user_id"]) == user.pk
    assert user.phone == "0372-0000000"


def test_the_page_says_nothing_of_another_agency_with_the_code(client, area, offices, on):
    offices.agency.confirmed_on = on
    offices.agency.save()
    assert post(client, area).status_code == 302


def test_the_tick_appears_once_it_is_needed(client, area):
    assert "code_confirmed" not in client.get(reverse("accounts:register-agency")).content.decode()
    answer = post(client, area, credit_code=WRONG_CHECK_DIGIT)
    assert answer.status_code == 422
    assert "code_confirmed" in answer.content.decode()
    assert post(client, area, credit_code=WRONG_CHECK_DIGIT, code_confirmed="on").status_code == 302


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("credit_code", "123"),
        ("username", "x"),
        ("username", "有 空格"),
        ("password1", "short"),
        ("password2", "another one 2026"),
        ("phone", "call me"),
        ("area", "999999"),
        ("email", "no"),
    ],
)
def test_a_wrong_field_is_named_and_the_rest_kept(client, area, field, wrong):
    answer = post(client, area, **{field: wrong})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert "机构乙" in answer.content.decode()
    assert not User.objects.exists()


def test_one_address_registers_only_so_often(client, area):
    for number in range(20):
        post(client, area, username=f"x{number}", password2="another")
    assert post(client, area).status_code == 429
    assert not Organisation.objects.exists()


def test_the_tick_for_a_doubtful_code_is_asked_for_and_not_marked_as_optional(client, area):
    sent = {"credit_code": WRONG_CHECK_DIGIT, "area": area.pk}
    page = client.post(reverse("accounts:register-agency"), sent).content.decode()
    tick = page.partition('for="id_code_confirmed"')[2].partition("</label>")[0]
    assert "我已逐位核对" in tick
    assert "选填" not in page
