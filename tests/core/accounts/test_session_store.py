"""Sessions of people with several windows: nothing that one request chose is undone by another that only read."""

import datetime

import pytest
from django.contrib.sessions.backends.base import UpdateError

from core.accounts.models import BrowserSession as Session
from core.accounts.session_store import SessionStore

pytestmark = pytest.mark.django_db


def begun() -> str:
    session = SessionStore()
    session["position_id"] = 1
    session.create()
    assert session.session_key is not None
    return session.session_key


def test_a_slow_request_that_only_read_undoes_no_choice():
    key = begun()
    slow, quick = SessionStore(key), SessionStore(key)
    assert slow["position_id"] == 1
    quick["position_id"] = 2
    quick.save()
    slow.save()
    assert SessionStore(key)["position_id"] == 2


def test_it_puts_the_end_off_all_the_same():
    key = begun()
    soon = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    Session.objects.filter(pk=key).update(expire_date=soon)
    session = SessionStore(key)
    session.save()
    assert Session.objects.get(pk=key).expire_date > soon


def test_what_was_signed_out_of_meanwhile_does_not_come_back():
    key = begun()
    slow = SessionStore(key)
    assert slow["position_id"] == 1
    SessionStore(key).flush()
    with pytest.raises(UpdateError):
        slow.save()
    assert not Session.objects.filter(pk=key).exists()
