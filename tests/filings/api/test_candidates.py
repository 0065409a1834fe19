"""Who competes for a place through the API, and an approval that passes better ones over."""

from core.workflow import proposals
from filings.api.urls import application_patterns
from filings.models import PassedOver
from tests.filings.factories import OCCUPATION, another_agency, last_places, quick_assessing, quick_scored
from tests.world import DAY

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


REASON = "南部没有机构"


def test_nobody_else_reads_who_was_passed_over_or_why(world, call):
    last_places(world)
    better, worse = quick_scored(world, 1, 92), quick_scored(world, 2, 80)
    over = {URBAN: {"reason": REASON, "rivals": [better.pk]}}
    payload = {"granted": [OCCUPATION], "left_out": [], "relaxed": {}, "passed_over": over}
    handler = world.actor("centre handler")
    proposal = proposals.propose(worse, "approve", actor=handler, on=DAY, payload=payload)
    asked = [f"proposals/{proposal.pk}/"]
    below = [str(one.pattern).replace("<int:pk>", str(worse.pk)) for one in application_patterns if _read(one)]
    asked += [f"applications/{path}" for path in below]
    assert f"applications/{worse.pk}/proposals/" in asked

    def said(who):
        answers = [call(who).get(f"/api/v1/{path}") for path in asked]
        assert 200 in {answer.status_code for answer in answers}
        return "".join(answer.getvalue().decode("utf-8", "ignore") for answer in answers)

    def hidden():
        for who in ("county handler", "county chief", "agency 2 admin"):
            found = said(who)
            for word in ("rivals", "passed_over", REASON, better.name, better.number):
                assert word not in found, (who, word)
        for who in ("centre inspector", "bureau handler"):
            assert call(who).call("GET", f"proposals/{proposal.pk}/")["payload"] == payload
            assert REASON in said(who)

    hidden()
    call("centre chief").call("POST", f"proposals/{proposal.pk}/decide/")
    hidden()


def _read(route):
    """Whether it is read, of the application alone."""
    return str(route.pattern).count("<") == 1 and hasattr(route.callback.view_class, "get")
