"""Board, the year's number, urgent list, serials and criteria through the API: who may, and the pages' rules."""

import pytest

from core.workflow.models import Proposal
from filings.board import Cell
from filings.models import Criterion, QuotaYear, SerialBlock, UrgentOccupation
from filings.quota import Places
from tests.world import approved, assessing

OFFICERS = {
    "county handler", "county chief", "centre handler", "centre chief", "centre inspector", "bureau handler",
    "bureau chief",
}  # fmt: skip
BUREAU, OPERATOR = {"bureau handler", "bureau chief"}, {"operator administrator"}
CENTRE = {"centre handler", "centre chief", "centre inspector"}
EVERYONE = {"agency admin", "agency staff", "experts expert"} | OFFICERS | OPERATOR
DOORS = {
    ("GET", "quota/board/"): OFFICERS,
    ("GET", "places/city/"): OFFICERS,
    ("GET", "places/市区:6-18-02-04/"): OFFICERS,
    ("POST", "assignments/0/consent/"): {"agency admin", "agency staff"},
    ("POST", "assignments/0/decline/"): {"agency admin", "agency staff"},
    ("POST", "assignments/0/take-back/"): CENTRE,
    ("POST", "assignments/0/make/"): CENTRE,
    ("POST", "assignments/0/end/"): CENTRE,
    ("GET", "quota/years/"): BUREAU,
    ("GET", "quota/proposals/"): BUREAU,
    ("POST", "quota/proposals/"): BUREAU,
    ("GET", "urgent/"): BUREAU,
    ("POST", "urgent/"): BUREAU,
    ("POST", "urgent/0/end/"): BUREAU,
    ("GET", "serials/"): OPERATOR,
    ("POST", "serials/"): OPERATOR,
    ("GET", "criteria/?every=true"): EVERYONE,
    ("GET", "criteria/sets/"): EVERYONE,
    ("POST", "criteria/0/end/"): CENTRE,
    ("GET", "experts/"): CENTRE,
    ("GET", "places/city/candidates/"): CENTRE | BUREAU,
}
CRITERION = {"key": "safety", "label": "安全管理", "full_marks": 20, "since": "2026-09-18"}


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_each_route_opens_to_whom_its_page_opens(world, call, method, path):
    for who in sorted(EVERYONE):
        answer = getattr(call(who), method.lower())(f"/api/v1/{path}", {} if method == "POST" else None, format="json")
        assert (answer.status_code != 403) == (who in DOORS[method, path]), (who, answer.content.decode())
        assert answer.status_code < 500


def test_the_board_counts_places_and_those_who_wait(world, call):
    approved(world)
    assessing(world, who="rival admin")
    board = call("county chief").call("GET", "quota/board/?q=焊")
    assert (board["areas"], board["city"]["taken"], board["city"]["cap"]) == (["市区", "汤阴县"], 1, 40)
    (row,) = board["rows"]
    assert [(cell["area"], cell["places"]["taken"], cell["waiting"]) for cell in row["cells"]] == [
        ("市区", 1, 1),
        ("汤阴县", 0, 0),
    ]
    assert row["cells"][0]["places"]["key"] == "市区:6-18-02-04"


def test_what_stands_behind_a_cell(world, call):
    filing = approved(world).granted_filing
    waiting = assessing(world, who="rival admin")
    found = call("centre handler").call("GET", "places/市区:6-18-02-04/")
    assert [one["id"] for one in found["holders"]] == [filing.pk]
    assert [one["id"] for one in found["waiting"]] == [waiting.pk]
    assert (found["places"]["over"], found["assigned"], found["urgent"]) == (0, None, False)
    other = call("other county handler").call("GET", "places/市区:6-18-02-04/")
    assert (other["waiting"], other["waiting_elsewhere"]) == ([], 1)  # not its own matter
    city = call("bureau chief").call("GET", "places/city/")
    assert [one["id"] for one in city["waiting"]] == [waiting.pk]
    for cap in ("滑县:6-18-02-04", "市区:9-99-99-99", "市区"):
        call("bureau chief").call("GET", f"places/{cap}/", status=404)


def test_the_queue_narrows_to_urgent_occupations(world, call):
    application = assessing(world)
    centre = call("centre handler")
    assert [one["urgent"] for one in centre.call("GET", "applications/")["results"]] == [False]
    assert centre.call("GET", "applications/?urgent=true")["results"] == []
    UrgentOccupation.objects.create(occupation_id="6-31-01-03", since="2026-09-18", source="目录")
    (found,) = centre.call("GET", "applications/?urgent=true")["results"]
    assert (found["id"], found["urgent"]) == (application.pk, True)
    assert centre.call("GET", "applications/?urgent=false")["results"] == []
    assert call("agency admin").call("GET", f"applications/{application.pk}/")["urgent"] is True


def test_the_boards_key_is_what_an_override_names(world, call):
    application = assessing(world)
    at = f"applications/{application.pk}/transitions/override-cap/"
    body = {"cap": "市区:6-18-02-04", "reason": "急需"}
    answer = call("bureau handler").post(f"/api/v1/{at}", body, format="json").json()
    assert "unknown_cap" not in {one["code"] for one in answer.get("reasons", [])}


def test_the_years_number_takes_two(world, call):
    handler, chief = call("bureau handler"), call("bureau chief")
    body = {"year": 2026, "places": 45, "source": "局长办公会纪要"}
    chief.call("POST", "quota/proposals/", body, status=403)
    handler.call("POST", "quota/proposals/", {**body, "places": 501}, status=400)
    handler.call("POST", "quota/proposals/", {**body, "year": 2030}, status=409)
    assert not Proposal.objects.exists()
    proposed = handler.call("POST", "quota/proposals/", body, status=201, key="q")
    assert handler.call("POST", "quota/proposals/", body, status=201, key="q") == proposed
    (listed,) = chief.call("GET", "quota/proposals/")
    assert (listed["places"], listed["proposal"]["id"], listed["decided_on"]) == (45, proposed["id"], None)
    at = f"proposals/{proposed['id']}/"
    handler.call("POST", f"{at}decide/", status=403)
    call("county chief").call("POST", f"{at}decide/", status=404)
    call("centre chief").call("POST", f"{at}decide/", status=403)
    assert chief.call("POST", f"{at}decide/")["state"] == "decided"
    assert QuotaYear.objects.get(year=2026).places == 45
    assert chief.call("GET", "quota/years/")[0] == body
    assert chief.call("GET", "quota/proposals/")[0]["decided_on"] == "2026-09-18"


def test_a_proposed_number_is_returned_or_taken_back(world, call):
    body = {"year": 2026, "places": 45, "source": "局长办公会纪要"}
    first = call("bureau handler").call("POST", "quota/proposals/", body, status=201)
    call("bureau chief").call("POST", f"proposals/{first['id']}/return/", {"answer": "请附纪要"})
    second = call("bureau handler").call("POST", "quota/proposals/", body, status=201)
    call("bureau handler").call("POST", f"proposals/{second['id']}/take-back/")
    states = [row["proposal"]["state"] for row in call("bureau chief").call("GET", "quota/proposals/")]
    assert states == ["taken_back", "returned"]
    assert QuotaYear.objects.get(year=2026).places == 40


def test_the_urgent_list_is_dated(world, call):
    bureau, body = call("bureau chief"), {"occupation": "6-31-01-03", "since": "2026-09-18", "source": "2026 年目录"}
    made = bureau.call("POST", "urgent/", body, status=201)
    assert (made["occupation"]["name"], made["until"]) == ("电工", None)
    assert bureau.call("POST", "urgent/", body, status=409)["reasons"][0]["code"] == "listed"
    bureau.call("POST", "urgent/", {**body, "occupation": "9-99-99-99"}, status=400)
    assert bureau.call("POST", f"urgent/{made['id']}/end/")["until"] == "2026-09-18"
    bureau.call("POST", f"urgent/{made['id']}/end/", status=409)
    assert [one["id"] for one in bureau.call("GET", "urgent/")] == [made["id"]]
    assert UrgentOccupation.objects.count() == 1


def test_serials_are_entered_without_overlap(world, call):
    admin = call("operator administrator")
    body = {"first": 40, "last": 90, "source": "省批复", "granted_on": "2026-09-18"}
    assert admin.call("POST", "serials/", body, status=409)["reasons"][0]["code"] == "overlap"
    admin.call("POST", "serials/", {**body, "last": 1_000_000}, status=400)
    admin.call("POST", "serials/", {**body, "first": 51}, status=201)
    assert [(one["first"], one["total"], one["used"], one["left"]) for one in admin.call("GET", "serials/")] == [
        (51, 40, 0, 40),
        (1, 50, 0, 50),
    ]
    assert SerialBlock.objects.count() == 2


def test_criteria_are_the_centres_chiefs(world, call):
    for who in EVERYONE - {"centre chief"}:
        call(who).call("POST", "criteria/", CRITERION, status=403)
    chief = call("centre chief")
    assert (
        chief.call("POST", "criteria/", {**CRITERION, "since": "2026-09-17"}, status=409)["reasons"][0]["field"]
        == "since"
    )
    made = chief.call("POST", "criteria/", CRITERION, status=201)
    call("centre handler").call("POST", f"criteria/{made['id']}/end/", status=403)
    assert chief.call("POST", f"criteria/{made['id']}/end/")["until"] == "2026-09-18"
    chief.call("POST", f"criteria/{made['id']}/end/", status=409)
    later = chief.call("POST", "criteria/", {**CRITERION, "key": "venue", "since": "2026-10-01"}, status=201)
    assert later["id"] not in [one["id"] for one in chief.call("GET", "criteria/")]
    assert later["id"] in [one["id"] for one in call("experts expert").call("GET", "criteria/?every=true")]
    assert Criterion.objects.filter(key="venue").count() == 2
    october, after, now, before = call("county handler").call("GET", "criteria/sets/")
    assert [(one["since"], one["until"]) for one in (october, after, now)] == [
        ("2026-10-01", None),
        ("2026-09-19", "2026-09-30"),
        ("2026-09-18", "2026-09-18"),
    ]
    assert [one["holds"] for one in (october, after, now, before)] == [False, False, True, False]
    assert (now["full"], {one["key"]: one["share"] for one in now["criteria"]}["safety"]) == (120, "16.7")
    assert (october["full"], len(october["criteria"])) == (80, 3)


def test_the_chiefs_deputy_publishes_too(world, call):
    people = world.people
    body = {"chief": people["centre chief"].pk, "deputy": people["centre handler"].pk, "reason": "出差"}
    body |= {"since": "2026-09-18", "until": "2026-09-30"}
    call("centre chief").call("POST", "deputies/", body, status=201)
    call("centre handler").call("POST", "criteria/", CRITERION, status=201)


def test_a_full_cell_says_so_in_words():
    def note(taken: int, waiting: int) -> str:
        return Cell(Places("市区:6-18-02-04", "市区 焊工", 3, taken), waiting).note

    assert [note(0, 0), note(3, 0), note(2, 1), note(2, 2), note(3, 1)] == [
        "",
        "满",
        "候 1",
        "候 2 择优",
        "满，候 1 择优",
    ]
