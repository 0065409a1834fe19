"""An agency assigned from elsewhere (M37) through the API: offered, agreed to, proposed, decided, ended."""

from filings.models import Assignment
from tests.world import filed

BODY = {
    "occupation": "6-18-02-04",
    "quota_area": "汤阴县",
    "levels": [5, 4],
    "site": "汤阴县实训基地",
    "reason": "当地没有",
}


def test_the_whole_way(world, call):
    filing = filed(world)
    handler, agency = call("centre handler"), call("agency admin")
    body = {**BODY, "filing": filing.pk}
    made = handler.call("POST", "assignments/", body, status=201, key="a")
    assert handler.call("POST", "assignments/", body, status=201, key="a") == made
    assert Assignment.objects.count() == 1
    at = f"assignments/{made['id']}/"
    assert (made["state"], made["stands"], made["occupation"]["name"]) == ("offered", False, "焊工")
    handler.call("POST", f"{at}make/", status=409)
    assert agency.call("POST", f"{at}consent/", {"answer": "可以"})["state"] == "consented"
    agency.call("POST", f"{at}decline/", {}, status=409)
    proposal = handler.call("POST", f"{at}make/", status=201)
    call("centre chief").call("POST", f"proposals/{proposal['id']}/decide/")
    read = call("other county handler").call("GET", at)
    assert (read["state"], read["since"], read["until"], read["stands"]) == ("in_force", "2026-09-18", None, True)
    board = call("bureau handler").call("GET", "quota/board/?area=汤阴县&show=assigned")
    assert (board["areas"], board["rows"][0]["cells"][0]["assigned"]["id"]) == (["汤阴县"], made["id"])
    own = agency.call("GET", f"filings/{filing.pk}/")["assignments"]
    assert [one["id"] for one in own] == [made["id"]]
    (public,) = [
        cell["assigned"]
        for row in call("agency admin").call("GET", "public/places/?q=焊")
        for cell in row["cells"]
        if cell["assigned"]
    ]
    assert (public["name"], public["quota_area"], public["since"]) == (filing.name, "汤阴县", "2026-09-18")
    ending = handler.call("POST", f"{at}end/", {"reason": "当地即将备案"}, status=201)
    call("centre chief").call("POST", f"proposals/{ending['id']}/decide/")
    assert handler.call("GET", at)["ended_because"] == "当地即将备案"


def test_every_reason_at_its_field(world, call):
    filing = filed(world)
    handler = call("centre handler")
    refused = handler.call(
        "POST", "assignments/", {**BODY, "filing": filing.pk, "quota_area": "市区", "levels": [1]}, status=409
    )
    assert {one["field"]: one["code"] for one in refused["reasons"]} == {
        "levels": "levels", "quota_area": "area_has_some",
    }  # fmt: skip
    handler.call("POST", "assignments/", {**BODY, "filing": 0}, status=400)
    call("centre chief").call("POST", "assignments/", {**BODY, "filing": filing.pk}, status=403)
    call("county handler").call("POST", "assignments/", {**BODY, "filing": filing.pk}, status=403)
    assert not Assignment.objects.exists()


def test_a_stranger_finds_nothing(world, call):
    filing = filed(world)
    made = call("centre handler").call("POST", "assignments/", {**BODY, "filing": filing.pk}, status=201)
    for who in ("rival admin", "experts expert", "operator administrator"):
        call(who).call("GET", f"assignments/{made['id']}/", status=404)
        assert call(who).call("GET", "assignments/")["results"] == []
    call("rival admin").call("POST", f"assignments/{made['id']}/consent/", {}, status=404)
    call("agency staff").call("POST", f"assignments/{made['id']}/consent/", {}, status=403)
    taken = call("centre handler").call("POST", f"assignments/{made['id']}/take-back/", {"reason": "不再需要"})
    assert taken["state"] == "withdrawn"
