"""Actors: which position holds, for whom a deputy decides, and who steps in where all are recused."""

import datetime

import pytest

from core.accounts.actors import acting_body, actor_for, recused_users, system
from core.accounts.models import Deputy, Recusal, Role

DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db


def test_a_chief_decides_for_the_own_office_only(people, acting, offices):
    assert acting(people.chief).chief_of == {offices.county.pk}
    assert acting(people.handler).chief_of == frozenset()


def test_a_deputy_decides_from_the_first_to_the_last_day(people, acting, offices, on):
    Deputy.objects.create(chief=people.chief, deputy=people.handler, since=on + DAY, until=on + 3 * DAY, reason="出差")
    decides = [bool(acting(people.handler, on + n * DAY).chief_of) for n in range(5)]
    assert decides == [False, True, True, True, False]


def test_no_actor_before_after_or_without_an_active_account(people, on):
    people.handler.until = on
    with pytest.raises(ValueError):
        actor_for(people.handler, on - DAY)
    with pytest.raises(ValueError):
        actor_for(people.handler, on + DAY)
    people.chief.user.is_active = False
    with pytest.raises(ValueError):
        actor_for(people.chief, on)


def test_the_other_side_sees_no_person(people, acting):
    actor = acting(people.handler)
    assert actor.public_label == "汤阴县人社局 · 经办人"
    assert "county-handler" in actor.label


def test_the_system_holds_no_position(on):
    actor = system("期限时钟", on)
    assert (actor.is_system, actor.kind, actor.role, actor.chief_of) == (True, "", "", frozenset())


def recuse(position, on, **about):
    return Recusal.objects.create(user=position.user, ground=Recusal.Ground.INTEREST, since=on, **about)


def test_recusal_holds_for_the_agency_and_for_the_single_matter(people, offices, on):
    recuse(people.handler, on, agency=offices.agency)
    recuse(people.chief, on, matter_type="filings.application", matter_id="7")
    about = {"agency_id": offices.agency.pk, "matter_type": "filings.application", "on": on}
    assert recused_users(matter_id="7", **about) == {people.handler.user_id, people.chief.user_id}
    assert recused_users(matter_id="8", **about) == {people.handler.user_id}
    assert recused_users(matter_id="7", **{**about, "on": on - DAY}) == set()


def test_the_own_office_acts_while_one_of_its_people_is_free(people, offices, hold, on):
    hold("county-handler-2", offices.county, Role.HANDLER)
    assert acting_body(offices.county, Role.HANDLER, recused={people.handler.user_id}, on=on) == offices.county


def test_the_next_higher_body_steps_in_where_all_are_recused(people, offices, on):
    all_handlers = {people.handler.user_id}
    assert acting_body(offices.county, Role.HANDLER, recused=all_handlers, on=on) == offices.bureau


def test_the_centre_guides_a_county_and_never_stands_in_for_it(people, offices, on):
    chiefs = {people.chief.user_id}
    assert acting_body(offices.county, Role.CHIEF, recused=chiefs, on=on) == offices.bureau
    centre_chiefs = {people.centre_chief.user_id}
    assert acting_body(offices.centre, Role.CHIEF, recused=centre_chiefs, on=on) == offices.bureau


def test_a_deputy_who_is_free_keeps_the_matter_in_the_office(people, offices, on):
    Deputy.objects.create(chief=people.chief, deputy=people.handler, since=on, until=on, reason="出差")
    recused = {people.chief.user_id}
    assert acting_body(offices.county, Role.CHIEF, recused=recused, on=on) == offices.county
    assert acting_body(offices.county, Role.CHIEF, recused=recused | {people.handler.user_id}, on=on) == offices.bureau


def test_nothing_moves_without_a_recusal(offices, on):
    assert acting_body(offices.county, Role.HANDLER, recused=set(), on=on) == offices.county
