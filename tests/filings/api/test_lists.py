"""The API's lists are narrowed as the officers' pages are."""

import datetime

import pytest

from tests.filings.factories import a_filing, asked_about
from tests.world import DAY, accepted, submitted

pytestmark = pytest.mark.django_db


def found(call, who: str, address: str, key: str) -> list[str]:
    return sorted(row[key] for row in call(who).call("GET", address)["results"])


def test_filings_by_lens_status_area_occupation_and_text(world, call):
    days = datetime.timedelta(days=1)
    soon = a_filing(world, 1, valid_until=DAY + 20 * days)
    late = a_filing(world, 2, valid_until=DAY + 10 * days)
    ended = a_filing(world, 3, valid_until=DAY - days)
    away = a_filing(world, 4, valid_until=DAY + 900 * days, site="410523", codes=("6-31-01-03",))
    asked_about(world, late, "renewal", on=DAY, late=True)
    for query, expected in (
        ("", [soon, late, ended, away]),
        ("?lens=expiring30", [soon, late]),
        ("?lens=untimely", [soon]),
        ("?lens=renewing", [late]),
        ("?status=expired", [ended]),
        ("?area=410523", [away]),
        ("?occupation=6-31-01-03", [away]),
        (f"?q={soon.code}&status=active", [soon]),
    ):
        assert found(call, "centre handler", f"filings/{query}", "code") == sorted(one.code for one in expected), query
    assert found(call, "other county handler", "filings/", "code") == [away.code]
    call("centre handler").call("GET", "filings/?lens=tomorrow", status=400)


def test_applications_by_turn_lateness_area_and_occupation(world, call):
    first, second = submitted(world), accepted(world, who="rival admin")
    first.sites.update(area_id="410523")
    filing = a_filing(world, 1, valid_until=datetime.date(2029, 1, 1))
    change = asked_about(world, filing, "change", on=DAY, late=True)
    for query, expected in (
        ("?turn=county", [first, second]),
        ("?turn=centre", [change]),
        ("?late=asked_late", [change]),
        ("?late=overdue", []),
        ("?area=410523", [first]),
        ("?occupation=6-31-01-03", [first, second]),
        ("?kind=change", [change]),
    ):
        numbers = sorted(one.number for one in expected)
        assert found(call, "bureau handler", f"applications/{query}", "number") == numbers, query
    call("bureau handler").call("GET", "applications/?turn=nobody", status=400)
