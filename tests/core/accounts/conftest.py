"""Offices, agencies and people of the account tests. Nobody has a name: they are called by their role."""

import datetime
import time
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from core.accounts.actors import Actor, actor_for
from core.accounts.models import Organisation, OrganisationKind, Position, Role, User
from core.clock.clock import today
from core.reference.models import Area

PASSWORD = "long enough 2026"
WRONG_CHECK_DIGIT = "91110000600037341M"  # well-formed, as some real codes are
GOOD_CODE = "91110000600037341L"


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    """Rate limits live in the cache, which outlives a test's transaction."""
    cache.clear()


@pytest.fixture
def on() -> datetime.date:
    return today()


@pytest.fixture
def area(db) -> Area:
    return Area.objects.create(code="410523", name="汤阴县", kind="县", quota_area="汤阴县")


@pytest.fixture
def offices(area) -> SimpleNamespace:
    """bureau > centre, county; the experts' pool, the operator, and one agency."""
    kind = OrganisationKind
    bureau = Organisation.objects.create(kind=kind.BUREAU, name="市人社局")
    centre = Organisation.objects.create(kind=kind.CENTRE, name="市中心", parent=bureau)
    county = Organisation.objects.create(kind=kind.COUNTY, name="汤阴县人社局", area=area, parent=bureau)
    return SimpleNamespace(
        bureau=bureau,
        centre=centre,
        county=county,
        experts=Organisation.objects.create(kind=kind.EXPERTS, name="专家库"),
        operator=Organisation.objects.create(kind=kind.OPERATOR, name="系统管理"),
        agency=Organisation.objects.create(kind=kind.AGENCY, name="机构甲", credit_code=GOOD_CODE, area=area),
    )


@pytest.fixture
def hold(on):
    """`hold("handler-1", organisation, role)` makes the user where needed, and the position."""

    def make(username: str, organisation: Organisation, role: str, since=None, until=None) -> Position:
        user = User.objects.filter(username=username).first() or User.objects.create_user(
            username, f"{username}@example.test", PASSWORD, display_name=username
        )
        return Position.objects.create(user=user, organisation=organisation, role=role, since=since or on, until=until)

    return make


@pytest.fixture
def people(offices, hold) -> SimpleNamespace:
    """One position for each role."""
    return SimpleNamespace(
        admin=hold("agency-admin", offices.agency, Role.ADMIN),
        staff=hold("agency-staff", offices.agency, Role.STAFF),
        handler=hold("county-handler", offices.county, Role.HANDLER),
        chief=hold("county-chief", offices.county, Role.CHIEF),
        centre_handler=hold("centre-handler", offices.centre, Role.HANDLER),
        centre_chief=hold("centre-chief", offices.centre, Role.CHIEF),
        bureau_chief=hold("bureau-chief", offices.bureau, Role.CHIEF),
        expert=hold("expert", offices.experts, Role.EXPERT),
        administrator=hold("administrator", offices.operator, Role.ADMINISTRATOR),
    )


@pytest.fixture
def acting(on):
    """`acting(position)` is the actor of that position today."""

    def make(position: Position, day: datetime.date | None = None) -> Actor:
        return actor_for(position, day or on)

    return make


@pytest.fixture
def browser_of():
    """`browser_of(position)` is a client signed in as the position's user."""

    def make(position: Position) -> Client:
        client = Client()
        client.force_login(position.user)
        return client

    return make


def code_of(secret: str, *, steps_ago: int = 0) -> str:
    """The code that an authenticator app shows for a secret, now or some steps of 30 seconds ago."""
    counter = int(time.time()) // 30 - steps_ago
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))
