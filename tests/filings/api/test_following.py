"""Changes and renewals through the API: started, handed in, decided item by item, confirmed, the county asked."""

from filings import workflow
from filings.models import Application, Filing
from tests.world import DAY, assessed, filed, following


def test_a_change_from_start_to_decision(world, call):
    filed(world)
    agency = call("agency admin")
    made = agency.call("POST", "applications/", {"kind": "change"}, status=201)
    assert (made["kind"], made["change_items"], made["filing"]["state"]) == ("change", [], "active")
    again = agency.call("POST", "applications/", {"kind": "change"}, status=409)
    assert again["reasons"][0]["code"] == "open_already"
    workflow.withdraw(Application.objects.get(kind="change"), actor=world.actor("agency admin"), on=DAY)

    on = DAY
    change = following(world, "change", on, name="文峰区新甲", person_in_charge="负责人乙", changed_on=on)
    assessed(world, change, on)
    handler = call("centre handler")
    where = f"applications/{change.pk}"
    items = handler.call("GET", f"{where}/")["change_items"]
    assert [(one["key"], one["label"], one["after"]) for one in items] == [
        ("name", "机构名称", "文峰区新甲"),
        ("person_in_charge", "评价工作负责人", "负责人乙"),
    ]
    left_out = [{"item": "person_in_charge", "reason": "任职材料不全。", "basis": "M7(3)"}]
    both = [{**left_out[0], "occupation": "6-18-02-04"}]
    handler.call("POST", f"{where}/transitions/approve/", {"granted": ["name"], "left_out": both}, status=400)
    body = {"granted": ["name"], "left_out": left_out}
    proposal = handler.call("POST", f"{where}/transitions/approve/", body, status=201)
    call("centre chief").call("POST", f"proposals/{proposal['id']}/decide/")
    assert Filing.objects.get().name == "文峰区新甲"


def test_the_county_is_asked_and_items_that_moved_are_confirmed(world, call):
    filed(world)
    on = DAY
    change = following(world, "change", on, name="文峰区新甲", changed_on=on)
    where = f"applications/{change.pk}"
    call("county handler").call("GET", f"{where}/", status=404)
    assessed(world, change, on)
    handler = call("centre handler")
    handler.call("POST", f"{where}/transitions/request-opinion/")
    asked = handler.call("POST", f"{where}/transitions/request-opinion/", status=409)
    assert asked["reasons"][0]["code"] == "asked_before"
    body = {"positive": True, "text": "同意变更。"}
    call("county handler").call("POST", f"{where}/transitions/opinion/", body, status=201)

    Filing.objects.update(name="文峰区另一名称")
    agency = call("agency admin")
    agency.call("POST", f"{where}/transitions/confirm-items/", {"items": ["seat"]}, status=409)
    agency.call("POST", f"{where}/transitions/confirm-items/", {"items": ["name"]})
    assert change.change_items.get().confirmed


def test_a_found_day_takes_a_scan_that_the_agency_reads(world, call):
    filed(world)
    change = assessed(world, following(world, "change", DAY, name="文峰区新甲", changed_on=DAY), DAY)
    where = f"applications/{change.pk}/"
    assert call("agency admin").call("GET", where)["found_by"] is None
    said = {"found_on": "2026-09-01", "note": "准予变更登记决定书"}
    found = call("centre handler").upload(f"{where}found-day/", **said)["found_by"]
    assert call("centre handler").call("PUT", f"{where}found-day/", said)["found_by"] == found
    assert call("agency admin").call("GET", where)["found_by"] == found
    for who, status in (("agency admin", 200), ("bureau handler", 200), ("rival admin", 404), ("county handler", 404)):
        assert call(who).get(found["download"]).status_code == status, who


def test_a_renewal_before_its_time(world, call):
    none = call("agency admin").call("POST", "applications/", {"kind": "renewal"}, status=409)
    assert none["reasons"][0]["code"] == "not_filed"
    filed(world)
    early = call("agency admin").call("POST", "applications/", {"kind": "renewal"}, status=409)
    assert early["reasons"][0]["code"] == "renewal_not_open"


def test_a_filing_is_read_by_its_agency_its_county_and_the_offices(world, call):
    filing = filed(world)
    for name in ("agency admin", "county handler", "centre handler", "bureau chief"):
        reader = call(name)
        assert [one["code"] for one in reader.call("GET", "filings/")["results"]] == [filing.code]
        read = reader.call("GET", f"filings/{filing.pk}/")
        assert (read["in_force"], read["renewal_timely_until"]) == (True, "2029-08-19")
        assert [one["occupation"] for one in read["scope"]] == ["6-18-02-04", "6-31-01-03"]
        assert [one["superseded_on"] for one in read["receipts"]] == [None]
    for name in ("rival admin", "other county handler", "experts expert"):
        reader = call(name)
        assert reader.call("GET", "filings/")["results"] == []
        reader.call("GET", f"filings/{filing.pk}/", status=404)
