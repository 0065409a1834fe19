"""The announced years in the database, and an administrator to change them."""

import datetime

import pytest

from core.accounts.actors import Actor, actor_for
from core.accounts.models import Organisation, OrganisationKind, Position, Role, User
from tests.world import seed_calendars

DAY = datetime.date(2026, 11, 20)


@pytest.fixture
def seeded(db) -> None:
    seed_calendars(DAY)


def _position(kind: str, role: str, name: str) -> Position:
    organisation = Organisation.objects.create(kind=kind, name=name)
    user = User.objects.create_user(username=name, password="test-password-1", display_name=name)
    return Position.objects.create(user=user, organisation=organisation, role=role, since=datetime.date(2020, 1, 1))


@pytest.fixture
def administrator(db) -> Actor:
    return actor_for(_position(OrganisationKind.OPERATOR, Role.ADMINISTRATOR, "administrator"), DAY)


@pytest.fixture
def handler(db) -> Actor:
    return actor_for(_position(OrganisationKind.CENTRE, Role.HANDLER, "centre handler"), DAY)


@pytest.fixture
def year_2027() -> str:
    """A plausible arrangement of 2027, as it is pasted."""
    return YEAR_2027


YEAR_2027 = "\n".join(
    [
        "日期,类别,节日",
        *(f"2027-01-0{day},放假,元旦" for day in (1, 2, 3)),
        *(f"2027-02-{day:02},放假,春节" for day in range(5, 13)),
        "2027-02-20,补班,春节",
        *(f"2027-04-0{day},放假,清明节" for day in (3, 4, 5)),
        *(f"2027-05-0{day},放假,劳动节" for day in range(1, 6)),
        "2027-05-08,补班,劳动节",
        "2027-06-09,放假,端午节",
        "2027-09-15,放假,中秋节",
        *(f"2027-10-0{day},放假,国庆节" for day in range(1, 8)),
        "2027-10-09,补班,国庆节",
    ]
)
