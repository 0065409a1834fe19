"""Who competes for a place through the API, and an approval that passes better ones over."""

import pytest

from filings.models import PassedOver
from tests.filings.factories import OCCUPATION, another_agency, last_places, quick_assessing, quick_scored

URBAN = f"市区:{OCCUPATION}"
ROUTE = f"places/{URBAN}/candidates/"


def test_the_candidates_are_the_centres_and_the_bureaus(world, call):
    best = quick_scored(world, 1, 92, 90)
    quick_assessing(world, another_agency(world, 2))
    for who in ("centre handler", "centre chief", "centre inspector", "bureau handler"):
        read = call(who).call("GET", ROUTE)
        assert (read["places"]["key"], read["places"]["free"]) == (URBAN, 3)
        first, second = read["candidates"]
        assert (first["application"], first["rank"], first["score"]) == (best.pk, 1, "91.00")
        assert (second["rank"], second["score"], second["sheets"]) == (None, None, [])
        assert [sheet["scores"][0]["reason"] for sheet in first["sheets"]] == ["按标准逐项核对"] * 2
        assert first["opinions"][0]["positive"] is True
    for who in ("agency admin", "county handler", "experts expert", "operator administrator"):
        call(who).call("GET", ROUTE, status=403)
    call("centre handler").call("GET", "places/市区:9-99-99-99/candidates/", status=404)


def test_passing_over_names_the_reason_and_every_one(world, call):
    last_places(world)
    better, worse = quick_scored(world, 1, 92), quick_scored(world, 2, 80)
    at, handler = f"applications/{worse.pk}/transitions/approve/", call("centre handler")
    refused = handler.call("POST", at, {"granted": [OCCUPATION]}, status=409)
    assert [(one["code"], one["field"]) for one in refused["reasons"]] == [("passed_over", f"passed-over-{URBAN}")]
    over = {"cap": URBAN, "rivals": [better.pk], "reason": "南部没有机构"}
    other = {**over, "rivals": [worse.pk]}
    refused = handler.call("POST", at, {"granted": [OCCUPATION], "passed_over": [other]}, status=409)
    assert refused["reasons"][0]["code"] == "rivals_changed"
    handler.call("POST", at, {"granted": [OCCUPATION], "passed_over": [{**over, "rivals": []}]}, status=400)
    proposed = handler.call("POST", at, {"granted": [OCCUPATION], "passed_over": [over]}, status=201)
    call("centre chief").call("POST", f"proposals/{proposed['id']}/decide/")
    assert PassedOver.objects.get().rival == better


@pytest.mark.parametrize("who", ["agency 1 admin", "county handler"])
def test_nobody_else_reads_of_a_rival_in_the_application(world, call, who):
    application = quick_scored(world, 1, 80)
    rival = quick_scored(world, 2, 90)
    for path in ("", "transitions/", "timeline/", "documents/", "checks/"):
        said = call(who).get(f"/api/v1/applications/{application.pk}/{path}").content.decode()
        assert rival.name not in said
        assert rival.number not in said
