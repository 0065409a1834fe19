"""Two at the same moment, on PostgreSQL: one wins, the other gets a readable reason, nothing half-done stays."""

import datetime
import threading

import pytest
from django.db import connection

from core.accounts import invitations, registration, services
from core.accounts.models import Organisation, Position, Role, User
from core.audit.checkpoint import checkpoint
from core.audit.models import Event, Link
from core.audit.verify import verify
from core.refusals import Refused

pytestmark = [pytest.mark.postgres_only, pytest.mark.django_db(transaction=True)]


def at_once(*acts) -> list:
    """Run each in a thread of its own; return what each returned, or the refusal it raised."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        try:
            start.wait(10)
            results[number] = act()
        except Refused as refused:
            results[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def refused(results) -> int:
    return sum(isinstance(one, Refused) for one in results)


def test_one_link_makes_one_position(people, offices, acting, on, fault_rounds):
    for number in range(fault_rounds):
        _, secret = invitations.invite(offices.agency, Role.STAFF, actor=acting(people.admin), on=on)
        users = [User.objects.create_user(f"racer-{number}-{n}") for n in range(3)]
        results = at_once(*[lambda user=user, secret=secret: invitations.accept(secret, user, on=on) for user in users])
        assert refused(results) == 2
        assert Position.objects.filter(user__in=users).count() == 1


def test_two_claims_on_one_code_are_never_both_confirmed(people, acting, area, on, fault_rounds):
    handler = acting(people.handler)
    for number in range(fault_rounds):
        code = f"9111000060003{number:04d}L"
        claims = [Organisation.objects.create(kind="agency", name=f"机构{n}", credit_code=code) for n in range(2)]
        results = at_once(*[lambda one=one: registration.confirm(one, on, actor=handler) for one in claims])
        assert refused(results) == 1
        assert Organisation.objects.filter(credit_code=code, confirmed_on__isnull=False).count() == 1


def test_the_last_two_admins_cannot_both_go(people, offices, hold, acting, on, fault_rounds):
    for number in range(fault_rounds):
        Position.objects.filter(organisation=offices.agency, role=Role.ADMIN).update(until=on)
        pair = [hold(f"pair-{number}-{n}", offices.agency, Role.ADMIN) for n in range(2)]
        results = at_once(
            *[lambda one=one: services.end_position(one, last_day=on, actor=acting(one), on=on) for one in pair]
        )
        assert refused(results) == 1


def test_two_deputies_for_the_same_days_at_once(people, offices, hold, acting, on):
    second = hold("county-handler-2", offices.county, Role.HANDLER)
    chief = acting(people.chief)
    results = at_once(
        *[
            lambda one=one: services.name_deputy(
                people.chief, one, since=on, until=on, reason="出差", actor=chief, on=on
            )
            for one in (people.handler, second)
        ]
    )
    assert refused(results) == 1


def test_checkpoints_at_once_number_every_event_once(db, fault_rounds):
    at = datetime.datetime(2026, 9, 18, 4, tzinfo=datetime.UTC)
    for number in range(fault_rounds):
        moment = at + datetime.timedelta(hours=number)
        for _ in range(50):
            Event.objects.create(at=moment, verb="x", actor_label="测试")
        at_once(*[lambda moment=moment: checkpoint(moment)] * 3)
    assert Link.objects.count() == 50 * fault_rounds
    assert verify().ok
