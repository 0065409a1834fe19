"""The calculator for everyone, on its page and for programs: whole, and nonsense is answered with every reason."""

import datetime

import pytest

from core.calendars import seed

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/workdays/"


@pytest.fixture
def seeded(db) -> None:
    seed.load(datetime.date(2026, 11, 20))


def test_a_program_may_ask(client, seeded):
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


def test_anyone_may_calculate(client, seeded):
    assert client.get("/workdays/").status_code == 200
    page = client.get("/workdays/", {"start": "2025-09-28", "amount": "5", "unit": "workday"}).content.decode()
    assert "2025年10月11日" in page
    assert "国庆节调休补班" in page
    assert page.count('<table class="month">') == 2


def test_nonsense_is_answered_at_its_field(client, seeded):
    answer = client.get("/workdays/", {"start": "2025-02-30", "amount": "-1", "unit": "workday"})
    assert answer.status_code == 400
    assert "没有 2025-02-30 这一天" in answer.content.decode()
    assert "负数" in answer.content.decode()


def test_a_long_period_is_drawn_by_its_ends(client, seeded):
    page = client.get("/workdays/", {"start": "2025-01-02", "amount": "5000", "unit": "day"}).content.decode()
    assert page.count('<table class="month">') == 2
    assert "数据接口" in page
