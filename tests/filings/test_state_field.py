"""A state is set by transitions alone, in every thread, whatever another thread is reading."""

import threading

import pytest

from filings.models import Application, QuotaDecision


def test_the_library_lifts_the_protection_in_its_own_thread_alone():
    field = QuotaDecision._meta.get_field("state")
    found: list[bool] = []

    def read_anew():
        field.protected = False  # as FSMModelMixin.refresh_from_db does
        lifted.set()
        done.wait(10)
        found.append(field.protected)
        field.protected = True

    lifted, done = threading.Event(), threading.Event()
    reader = threading.Thread(target=read_anew)
    reader.start()
    assert lifted.wait(10)
    decision = QuotaDecision(state="proposed")
    with pytest.raises(AttributeError):
        decision.state = "set"
    field.protected = True  # the end of a reading in this thread
    done.set()
    reader.join(10)
    assert found == [False]
    assert field.protected


def test_migrations_know_nothing_of_it():
    _, path, _, kwargs = Application._meta.get_field("state").deconstruct()
    assert path == "django.db.models.CharField"
    assert "protected" not in kwargs
