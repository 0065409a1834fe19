"""Parts of the form in the API: the same marks, the same names, the same rows as on the pages."""

from core.clock.clock import today
from tests.filings.api.calls import caller
from tests.world import assessing, mark_all, submitted


def test_a_part_is_marked_named_corrected_and_handed_in(world):
    application = submitted(world)
    county, agency = caller(world, "county handler"), caller(world, "agency admin")
    base = f"applications/{application.pk}/"
    mark_all(world, application, today())
    county.call("PUT", f"{base}parts/sites/mark/", {"correct": False, "remark": "监控未勾选"})
    county.call("POST", f"{base}transitions/request-correction/", {"days": 10})
    parts = {part["key"]: part for part in agency.call("GET", f"{base}parts/")}
    assert [key for key, part in parts.items() if part["open"]] == ["sites"]
    assert parts["sites"]["mark"] is None  # an agency reads what the notice asks, not the marks
    site = application.sites.get().pk
    agency.call("PATCH", f"{base}sites/{site}/", {"surveillance": False})
    agency.call("PATCH", f"{base}staff/{application.staff.first().pk}/", {"certificate": "1"}, status=403)
    agency.call("PATCH", base, {"address": "别处"}, status=403)
    (notice,) = agency.call("GET", f"{base}requests/")
    (item,) = notice["items"]
    assert (item["material"], item["part"], item["edited"], item["answered"]) == ("", "sites", True, True)
    assert item["changes"] == [{"row": "校本部", "label": "有视频监控", "old": "是", "new": "否"}]
    words = {"answer": "已按实际情况改正"}
    agency.call("PUT", f"{base}requests/{notice['id']}/items/sites/", words)
    agency.call("PUT", f"{base}requests/{notice['id']}/items/staff/", words, status=403)
    agency.call("PUT", f"{base}requests/{notice['id']}/items/nothing/", words, status=404)
    agency.call("POST", f"{base}transitions/resubmit/")
    marks = {part["key"]: part["mark"] for part in county.call("GET", f"{base}parts/")}
    assert marks["sites"]["correct"] is None
    agency.call("PATCH", f"{base}sites/{site}/", {"surveillance": True}, status=409)


def test_an_invitation_names_a_material_or_a_part_not_both(world):
    application = assessing(world)
    centre, agency = caller(world, "centre handler"), caller(world, "agency staff")
    base = f"applications/{application.pk}/"
    invite = f"{base}transitions/invite-supplements/"
    for item in ({}, {"material": "venue", "part": "sites"}, {"part": "venue"}):
        centre.call("POST", invite, {"items": [{**item, "what": "请补"}]}, status=400)
    twice = [{"part": "staff", "what": "一"}, {"part": "staff", "what": "二"}]
    centre.call("POST", invite, {"items": twice}, status=400)
    centre.call("POST", invite, {"items": [{"part": "staff", "what": "补专家"}, {"material": "venue", "what": "补图"}]})
    agency.call("POST", f"{base}staff/", {"kind": "experts", "name": "乙", "certificate": ""}, status=201)
    agency.call("POST", f"{base}transitions/supply-supplements/")
    (request,) = agency.call("GET", f"{base}requests/")
    assert [item["label"] for item in request["items"]] == ["人员", "场地设备设施等资产辅证材料"]
    assert [change["label"] for change in request["items"][0]["changes"]] == ["新增"]
