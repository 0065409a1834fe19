"""Positions, deputies, recusals and consent: who may, what must hold, and that each leaves its event."""

import datetime

import pytest

from core.accounts import services
from core.accounts.models import Deputy, Position, Recusal, Role, User
from core.audit.models import Event
from core.refusals import Invalid, NotAllowed, NotPossible

DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db


def codes(refused) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


# -- positions

GIVES = {
    "admin": {"agency": {Role.ADMIN, Role.STAFF}},
    "staff": {},
    "handler": {},
    "chief": {"county": {Role.HANDLER, Role.INSPECTOR}},
    "centre_handler": {},
    "centre_chief": {"centre": {Role.HANDLER, Role.INSPECTOR}},
    "bureau_chief": {"bureau": {Role.HANDLER}},
    "expert": {},
    "administrator": {
        "agency": {Role.ADMIN, Role.STAFF},
        "county": {Role.HANDLER, Role.CHIEF, Role.INSPECTOR},
        "centre": {Role.HANDLER, Role.CHIEF, Role.INSPECTOR},
        "bureau": {Role.HANDLER, Role.CHIEF},
        "experts": {Role.EXPERT},
        "operator": {Role.ADMINISTRATOR},
    },
}


@pytest.mark.parametrize("who", GIVES)
def test_each_role_gives_what_the_table_says_and_nothing_else(people, offices, acting, on, who):
    actor = acting(getattr(people, who))
    new = User.objects.create_user("newcomer")
    for name, office in vars(offices).items():
        for role in Role.values:
            if role in GIVES[who].get(name, ()):
                position = services.give_position(new, office, role, actor=actor, on=on)
                assert (position.since, position.until) == (on, None)
            else:
                with pytest.raises(NotAllowed):
                    services.give_position(new, office, role, actor=actor, on=on)


def test_a_position_held_is_not_given_twice(people, offices, acting, on):
    with pytest.raises(NotPossible):
        services.give_position(people.staff.user, offices.agency, Role.STAFF, actor=acting(people.admin), on=on)
    assert verbs() == []


def test_a_position_ends_after_its_last_day(people, acting, on):
    services.end_position(people.staff, last_day=on + 3 * DAY, actor=acting(people.admin), on=on)
    people.staff.refresh_from_db()
    assert people.staff.until == on + 3 * DAY
    assert verbs() == ["position.ended"]
    assert people.staff.history.count() == 2


def test_yesterday_as_the_last_day_ends_it_at_once_but_not_before_its_start(people, offices, hold, acting, on):
    longer = hold("staff-2", offices.agency, Role.STAFF, since=on - 9 * DAY)
    services.end_position(longer, last_day=on - DAY, actor=acting(people.admin), on=on)
    with pytest.raises(ValueError):
        acting(Position.objects.get(pk=longer.pk))
    with pytest.raises(NotPossible) as refused:
        services.end_position(people.staff, last_day=on - DAY, actor=acting(people.admin), on=on)
    assert codes(refused) == {"too_early"}


def test_a_position_that_has_ended_does_not_end_again(people, offices, hold, acting, on):
    past = hold("staff-2", offices.agency, Role.STAFF, since=on - 9 * DAY, until=on - DAY)
    with pytest.raises(NotPossible) as refused:
        services.end_position(past, last_day=on, actor=acting(people.admin), on=on)
    assert codes(refused) == {"ended"}


@pytest.mark.parametrize("who", ["admin", "administrator"])
def test_the_last_admin_stays(people, acting, on, who):
    position = getattr(people, who)
    with pytest.raises(NotPossible) as refused:
        services.end_position(position, last_day=on, actor=acting(position), on=on)
    assert codes(refused) == {"last_one"}


def test_an_admin_goes_once_there_is_another(people, offices, hold, acting, on):
    hold("admin-2", offices.agency, Role.ADMIN)
    services.end_position(people.admin, last_day=on, actor=acting(people.admin), on=on)


def test_one_agencys_admin_has_no_hand_on_another_office(people, acting, on):
    with pytest.raises(NotAllowed):
        services.end_position(people.handler, last_day=on, actor=acting(people.admin), on=on)


# -- deputies


def name(people, acting, on, *, by="chief", deputy="handler", since=0, until=4, reason="出差"):
    return services.name_deputy(
        people.chief,
        getattr(people, deputy),
        since=on + since * DAY,
        until=on + until * DAY,
        reason=reason,
        actor=acting(getattr(people, by)),
        on=on,
    )


@pytest.mark.parametrize("by", ["chief", "administrator"])
def test_the_chief_or_the_administrator_names_a_deputy(people, offices, acting, on, by):
    name(people, acting, on, by=by)
    assert acting(people.handler).chief_of == {offices.county.pk}
    assert verbs() == ["deputy.named"]


@pytest.mark.parametrize("by", ["handler", "centre_chief", "bureau_chief", "admin"])
def test_nobody_else_does(people, acting, on, by):
    with pytest.raises(NotAllowed):
        name(people, acting, on, by=by)


def test_a_deputy_names_no_deputy(people, offices, hold, acting, on):
    name(people, acting, on)
    hold("county-handler-2", offices.county, Role.HANDLER)
    with pytest.raises(NotAllowed):
        name(people, acting, on, by="handler", since=5, until=6)


def test_everything_against_a_deputy_is_told_at_once(people, acting, on):
    with pytest.raises(Invalid) as refused:
        name(people, acting, on, deputy="centre_handler", since=-1, until=-2, reason=" ")
    assert codes(refused) == {"other_office", "in_the_past", "dates", "no_reason"}


def test_the_chief_in_another_position_is_no_deputy(people, offices, hold, acting, on):
    people.same = hold("county-chief", offices.county, Role.HANDLER)
    with pytest.raises(Invalid) as refused:
        name(people, acting, on, deputy="same")
    assert codes(refused) == {"same_person"}


def test_two_deputies_never_overlap_by_a_day(people, offices, hold, acting, on):
    people.second = hold("county-handler-2", offices.county, Role.HANDLER)
    name(people, acting, on, until=4)
    with pytest.raises(Invalid) as refused:
        name(people, acting, on, deputy="second", since=4, until=6)
    assert codes(refused) == {"overlap"}
    name(people, acting, on, deputy="second", since=5, until=6)


def test_both_positions_hold_throughout(people, acting, on):
    people.handler.until = on + 2 * DAY
    people.handler.save()
    with pytest.raises(Invalid) as refused:
        name(people, acting, on, until=3)
    assert codes(refused) == {"not_held"}
    name(people, acting, on, until=2)


def test_a_deputy_ends_at_once_later_on_and_is_taken_back_before(people, acting, on):
    row = name(people, acting, on)
    services.end_deputy(row, actor=acting(people.chief, on + 2 * DAY), on=on + 2 * DAY)
    assert not acting(people.handler, on + 2 * DAY).chief_of
    assert acting(people.handler, on + DAY).chief_of
    later = name(people, acting, on, since=5, until=6)
    services.end_deputy(later, actor=acting(people.chief), on=on)
    assert not Deputy.objects.filter(pk=later.pk).exists()
    with pytest.raises(NotPossible):
        services.end_deputy(row, actor=acting(people.chief), on=on + 9 * DAY)


# -- recusals


def declare(people, offices, acting, on, who="handler", by=None):
    return services.declare_recusal(
        getattr(people, who).user,
        agency=offices.agency,
        ground=Recusal.Ground.KINSHIP,
        actor=acting(getattr(people, by or who)),
        on=on,
    )


@pytest.mark.parametrize("who", ["handler", "chief", "expert", "bureau_chief"])
def test_anyone_declares_ones_own(people, offices, acting, on, who):
    assert declare(people, offices, acting, on, who).since == on
    assert verbs() == ["recusal.declared"]


def test_a_chief_declares_for_the_offices_people_and_the_administrator_for_all(people, offices, acting, on):
    declare(people, offices, acting, on, "handler", by="chief")
    declare(people, offices, acting, on, "centre_handler", by="administrator")


@pytest.mark.parametrize("by", ["centre_chief", "handler", "admin"])
def test_nobody_declares_for_others(people, offices, acting, on, by):
    with pytest.raises(NotAllowed):
        declare(people, offices, acting, on, "chief", by=by)


def test_the_same_recusal_stands_once(people, offices, acting, on):
    declare(people, offices, acting, on)
    with pytest.raises(NotPossible):
        declare(people, offices, acting, on)


def test_a_recusal_names_what_it_is_about(people, acting, on):
    with pytest.raises(Invalid):
        services.declare_recusal(people.handler.user, ground="kinship", actor=acting(people.handler), on=on)


def test_a_recusal_from_one_matter_is_found_under_that_matter(people, acting, on):
    services.declare_recusal(
        people.handler.user, matter=("filings.application", 3), ground="earlier", actor=acting(people.handler), on=on
    )
    assert Event.objects.get().matter_id == "3"
    assert Recusal.objects.get().matter_type == "filings.application"


def test_nobody_ends_ones_own_recusal(people, offices, acting, on):
    row = declare(people, offices, acting, on)
    with pytest.raises(NotAllowed):
        services.end_recusal(row, actor=acting(people.handler), on=on)
    services.end_recusal(row, actor=acting(people.chief), on=on)
    row.refresh_from_db()
    assert row.until == on
    with pytest.raises(NotPossible):
        services.end_recusal(row, actor=acting(people.chief), on=on)


def test_a_chiefs_recusal_is_ended_by_the_administrator_not_by_the_deputy_of_another_office(
    people, offices, acting, on
):
    row = declare(people, offices, acting, on, "chief")
    for who in ("chief", "centre_chief", "handler"):
        with pytest.raises(NotAllowed):
            services.end_recusal(row, actor=acting(getattr(people, who)), on=on)
    services.end_recusal(row, actor=acting(people.administrator), on=on)


def test_an_earlier_part_in_a_matter_never_ends(people, acting, on):
    row = Recusal.objects.create(
        user=people.handler.user, matter_type="x", matter_id="1", ground=Recusal.Ground.EARLIER, since=on
    )
    with pytest.raises(NotAllowed):
        services.end_recusal(row, actor=acting(people.administrator), on=on)


# -- consent


def test_consent_counts_from_its_day_until_the_day_it_is_withdrawn(people, offices, acting, on):
    admin = acting(people.admin)
    assert not services.consents(offices.agency, on)
    services.give_consent(offices.agency, actor=admin, on=on)
    later = on + 5 * DAY
    services.withdraw_consent(offices.agency, actor=admin, on=later)
    held = [services.consents(offices.agency, on + n * DAY) for n in range(-1, 7)]
    assert held == [False, True, True, True, True, True, False, False]
    services.give_consent(offices.agency, actor=admin, on=later)
    assert services.consents(offices.agency, later)
    assert verbs() == ["service_consent.given", "service_consent.withdrawn", "service_consent.given"]


def test_consent_is_given_once_and_only_by_the_admin(people, offices, acting, on):
    for who in ("staff", "handler", "administrator"):
        with pytest.raises(NotAllowed):
            services.give_consent(offices.agency, actor=acting(getattr(people, who)), on=on)
    services.give_consent(offices.agency, actor=acting(people.admin), on=on)
    with pytest.raises(NotPossible):
        services.give_consent(offices.agency, actor=acting(people.admin), on=on)


def test_what_was_never_given_cannot_be_withdrawn(people, offices, acting, on):
    with pytest.raises(NotPossible):
        services.withdraw_consent(offices.agency, actor=acting(people.admin), on=on)
