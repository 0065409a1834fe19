"""schemathesis against the API as it runs: no answer from 500 on, none outside what the description says.

A world with an application in each state, called in several roles; most addresses lead to one of them. More examples
with FAULTS=long.
"""

import datetime
import os

import hypothesis
import pytest
import schemathesis
import time_machine
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from anyang_sep.wsgi import application as wsgi
from core.accounts import tokens
from core.accounts.models import Organisation, OrganisationKind, Role, ServiceConsent
from core.clock.clock import SHANGHAI
from core.workflow import proposals
from tests.world import DAY, World, accepted, approved, assessing, filled_draft, make_world, submitted

EXAMPLES = 60 if os.environ.get("FAULTS") == "long" else 8
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ROLES = [
    "agency 0",
    "agency 3",
    "county handler",
    "centre handler",
    "centre chief",
    "bureau handler",
    "experts expert",
    "operator administrator",
]
STATES = (filled_draft, submitted, accepted, assessing, approved)


def world_of_all_states() -> tuple[World, list[int]]:
    """An agency for each state; a proposal that waits."""
    world, applications = make_world(), []
    for number, make in enumerate(STATES):
        agency = Organisation.objects.create(
            kind=OrganisationKind.AGENCY,
            name=f"文峰区职业培训学校{number}",
            credit_code=f"52410502MJ000{number + 1}001X",
            area_id="410502",
            confirmed_on=DAY,
        )
        admin = world.add(f"agency {number}", agency, Role.ADMIN)
        ServiceConsent.objects.create(organisation=agency, given_on=DAY, given_by=admin)
        applications.append(make(world, who=admin.user.display_name))
    proposals.propose(
        applications[3],
        "refuse",
        actor=world.actor("centre handler"),
        on=DAY,
        payload={"grounds": [{"reason": "场地不符合", "basis": "M7(2)"}]},
    )
    return world, [application.pk for application in applications]


@pytest.fixture
def one_connection():
    """Requests stay in the test's transaction, as those of Django's own test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def served(environ, start_response):
    """The portal as its server calls it."""
    return wsgi({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)


@pytest.mark.django_db
@pytest.mark.usefixtures("one_connection")
@pytest.mark.timeout(1200)
@pytest.mark.any_engine
def test_every_answer_is_as_described():
    with time_machine.travel(datetime.datetime.combine(DAY, datetime.time(10), SHANGHAI), tick=False):
        world, ids = world_of_all_states()
        secrets = [tokens.create("schemathesis", actor=world.actor(role), on=DAY, decides=True)[1] for role in ROLES]
        schema = schemathesis.openapi.from_wsgi("/api/schema/", served)
        for found in schema.get_all_operations():
            # What one operation does to accounts and calendar must not shut out the next.
            with transaction.atomic():
                probe(found.ok(), secrets, ids)
                transaction.set_rollback(True)


def probe(operation, secrets: list[str], ids: list[int]) -> None:
    """Send a handful of requests that fit the description, as anyone, and hold each answer to it."""

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(), pk=st.sampled_from([None, *ids]), secret=st.sampled_from(secrets))
    def send(case, pk, secret):
        if pk is not None and "/applications/{id}/" in operation.path:
            case.path_parameters["id"] = pk
        case.validate_response(case.call(headers={"Authorization": f"Token {secret}"}), checks=CHECKS)

    send()
