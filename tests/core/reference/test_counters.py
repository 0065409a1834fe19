"""Numbers without gaps."""

import pytest
from django.db import transaction

from core.reference.counters import next_number

pytestmark = pytest.mark.django_db


def test_numbers_count_by_series_and_year():
    assert [next_number("a", 2026), next_number("a", 2026), next_number("a", 2027), next_number("b", 2026)] == [
        1,
        2,
        1,
        1,
    ]


def test_a_number_rolled_back_is_given_again():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert next_number("a", 2026) == 1
        1 / 0
    assert next_number("a", 2026) == 1


@pytest.mark.django_db(transaction=True)
def test_a_number_is_only_given_inside_a_transaction():
    with pytest.raises(RuntimeError):
        next_number("a", 2026)
