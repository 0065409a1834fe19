"""What a filing is worth follows from dates: the last day counts, an end counts from its day on."""

import datetime

import pytest

from registry.standing import Standing, of_filing

UNTIL = datetime.date(2029, 9, 18)
ONE = datetime.timedelta(days=1)


def standing(on: datetime.date, state: str = "active", ended_on: datetime.date | None = None) -> Standing:
    return of_filing(state=state, ended_on=ended_on, valid_until=UNTIL, on=on).standing


def test_the_last_day_is_a_day_of_validity():
    assert standing(UNTIL) is Standing.VALID
    assert standing(UNTIL + ONE) is Standing.EXPIRED


def test_a_stored_state_does_not_outlive_the_dates():
    assert standing(UNTIL + ONE, state="active") is Standing.EXPIRED
    assert standing(UNTIL, state="expired") is Standing.VALID


@pytest.mark.parametrize("state", ["terminated", "deregistered", "revoked"])
def test_an_end_counts_from_its_day_on(state):
    ended = datetime.date(2027, 3, 1)
    assert standing(ended - ONE, state, ended) is Standing.VALID
    assert standing(ended, state, ended) == state
    assert standing(UNTIL + ONE, state, ended) == state, "an ended filing does not become merely expired"


def test_the_sentence_says_until_when_and_how_long():
    said = of_filing(state="active", ended_on=None, valid_until=UNTIL, on=UNTIL - 3 * ONE).why
    assert "2029年9月18日" in said
    assert "还有3天" in said
    assert "最后一天" in of_filing(state="active", ended_on=None, valid_until=UNTIL, on=UNTIL).why
