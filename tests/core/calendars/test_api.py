"""The calculator for programs: public, whole, and a problem document for nonsense."""

import pytest

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/workdays/"


def test_anyone_may_ask(client, seeded):
    answer = client.get(ADDRESS, {"start": "2025-09-28", "amount": "5", "unit": "workday"})
    assert answer.status_code == 200
    found = answer.json()
    assert list(found) == ["start", "amount", "unit", "end", "provisional", "days"]
    assert found["end"] == "2025-10-11"


def test_the_unit_may_be_left_out(client, seeded):
    assert client.get(ADDRESS, {"start": "2026-09-18", "amount": "5"}).json()["end"] == "2026-09-24"


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({}, {"start", "amount"}),
        ({"start": "2025-02-30", "amount": "5"}, {"start"}),
        ({"start": "2025-09-28", "amount": "-5", "unit": "week"}, {"amount", "unit"}),
        ({"start": "2100-12-30", "amount": "50"}, {"amount"}),
        ({"start": "2025-09-28\x00", "amount": "5"}, {"start"}),
    ],
)
def test_nonsense_gets_a_problem_document_with_every_reason(client, seeded, query, fields):
    answer = client.get(ADDRESS, query)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert {reason["field"] for reason in answer.json()["reasons"]} == fields


def test_only_reading_is_possible(client, seeded):
    assert client.post(ADDRESS, {"start": "2025-09-28", "amount": "5"}).status_code == 405
