"""Every address x every method x everybody answers as tests/access_table.txt says; what is not in it is a fault.

A line of the table is copied from what this test finds, once somebody has read it and agrees.
"""

import copy
import datetime
import logging
from collections.abc import Callable, Hashable
from typing import Any

import pytest
import time_machine
from allauth.account.auth_backends import AuthenticationBackend
from django.template.backends.django import Template
from django.urls import get_resolver

from anyang_sep.public import PUBLIC
from core.accounts import sessions
from core.clock.clock import SHANGHAI
from core.documents import rendering
from tests import access, test_access
from tests.world import DAY


def remembered(function: Callable[..., Any], key: Callable[..., Hashable]) -> Callable[..., Any]:
    """Ask once, and give a copy of the answer from then on."""
    known: dict[Hashable, Any] = {}

    def ask(*args: Any) -> Any:
        about = key(*args)
        if about not in known:
            known[about] = function(*args)
        return copy.copy(known[about])

    return ask


@pytest.fixture
def _quickly(monkeypatch, settings):
    """Who is let in is asked, not what is shown: nothing is drawn, and who somebody is is looked up once."""
    settings.MIDDLEWARE = access.deciding(settings.MIDDLEWARE)
    monkeypatch.setattr(Template, "render", lambda *_, **__: "")
    monkeypatch.setattr(rendering, "preview", lambda *_, **__: b"%PDF-")
    monkeypatch.setattr(AuthenticationBackend, "get_user", remembered(AuthenticationBackend.get_user, lambda _, pk: pk))
    monkeypatch.setattr(sessions, "_find", remembered(sessions._find, lambda request: request.user.pk))
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.any_engine  # who may go where is decided in Python
@pytest.mark.django_db
@pytest.mark.usefixtures("_quickly")
@pytest.mark.timeout(1200)  # thousands of requests, beside whatever else the machine does
@pytest.mark.parametrize("part", ["pages", "api"])
def test_everybody_goes_where_the_table_says(part):
    with time_machine.travel(datetime.datetime.combine(DAY, datetime.time(12), SHANGHAI), tick=False):
        world, samples = access.build()
        clients = access.everybody(world)
        asked = [way for way in access.ways(get_resolver(), samples) if way.part == part]
        found = {way.key: access.asked(clients, way) for way in asked}
    found = {key: signs for key, signs in found.items() if not set(signs) <= {"m", "s"}}
    table = {key: signs for key, signs in access.written().items() if access.part_of(key[1]) == part}
    wrong = {key for key in found.keys() | table.keys() if found.get(key) != table.get(key)}
    said = [
        f"table: {access.line(key, table.get(key, '(missing)'))}\nfound: {access.line(key, found.get(key, '(gone)'))}"
        for key in sorted(wrong, key=lambda one: one[::-1])
    ]
    assert not wrong, "\n".join(said)


def test_without_sign_in_one_goes_only_where_the_list_of_open_addresses_says():
    names = {route: name for name, route in access.names(get_resolver())}
    nobody = access.WHO.index("nobody")
    entered = {route for (_, route), signs in access.written().items() if signs[nobody] == "+"}
    # What only leads on, or says that there is nothing to do, is checked to its end in test_access.
    assert {names[route] for route in entered} - set(PUBLIC) - access.LEADS_ON == set()
    assert test_access.CLOSED
