"""From an empty draft to the receipt by the API alone, as agency, county, expert and centre; the loops on the way."""

import datetime

from core.documents.models import OfficialDocument
from filings.models import Application, Filing
from regulation.materials import MATERIALS
from tests.world import BOTH, SITE, WORDS, file

CODES = list(BOTH)
FIELDS = {
    **{name: str(value) if isinstance(value, datetime.date) else value for name, value in WORDS.items()},
    "pledge_signed_on": "2026-09-18",
}


def draft(agency) -> str:
    """Fill a draft by the API; return its address."""
    made = agency.call("POST", "applications/", {}, status=201)
    at = f"applications/{made['id']}/"
    agency.call("PATCH", at, FIELDS)
    site = agency.call("POST", f"{at}sites/", {**SITE, "area": "410502"}, status=201)["id"]
    for code in CODES:
        row = {"occupation": code, "levels": [3, 5, 4], "question_bank": "国家题库", "sites": [site]}
        agency.call("POST", f"{at}scope/", row, status=201)
        for year in (2023, 2024, 2025):
            record = {"occupation": code, "since": f"{year}-10-01", "until": f"{year + 1}-08-31", "person_times": 700}
            agency.call("POST", f"{at}records/", record, status=201)
    for kind in ("staff", "assessors", "supervisors", "experts"):
        agency.call("POST", f"{at}staff/", {"kind": kind, "name": f"{kind}甲"}, status=201)
    for key in MATERIALS:
        agency.upload(f"{at}materials/{key}/")
    return at


def mark(county, at: str, *, bad: tuple[str, ...] = ()) -> None:
    for key in MATERIALS:
        fine = key not in bad
        body = {"complete": True, "compliant": fine, "remark": "" if fine else "请补充平面图"}
        county.call("PUT", f"{at}materials/{key}/mark/", body)


def decide(handler, chief, at: str, name: str, body: dict) -> dict:
    proposal = handler.call("POST", f"{at}transitions/{name}/", body, status=201)
    return chief.call("POST", f"proposals/{proposal['id']}/decide/")


def accepted(call) -> str:
    at = draft(call("agency admin"))
    call("agency admin").call("POST", f"{at}transitions/submit/")
    mark(call("county handler"), at)
    call("county handler").call("POST", f"{at}transitions/accept/")
    return at


def assessing(call) -> str:
    at = accepted(call)
    centre = call("centre handler")
    decide(call("county handler"), call("county chief"), at, "recommend", {"positive": True, "text": "同意推荐"})
    centre.call("POST", f"{at}transitions/start-assessment/", {"methods": ["material", "panel", "visit"]})
    return at


def test_whole_way_to_the_receipt(world, call):
    at = assessing(call)
    centre, expert = call("centre handler"), call("experts expert")
    position = centre.call("GET", "experts/")[0]["id"]
    centre.call("POST", f"{at}assessment/experts/", {"expert": position}, status=201)
    task = expert.call("GET", "expert-tasks/")[0]
    assert expert.call("GET", f"applications/{task['application']}/")["state"] == "assessing"
    marks = [{"criterion": one["key"], "marks": 25, "reason": "符合标准"} for one in task["criteria"]]
    expert.call("POST", f"expert-tasks/{task['id']}/sheet/", {"marks": marks, "positive": True, "opinion": "同意"})
    expert.call("GET", f"applications/{task['application']}/", status=404)
    centre.upload(f"{at}assessment/visit/", visit_on="2026-09-18", note="场地与材料一致")
    report = centre.call("PUT", f"{at}assessment/report/", {"text": "符合条件"})
    assert report["tasks"][0]["scores"][0]["marks"] == 25
    decided = decide(centre, call("centre chief"), at, "approve", {"granted": CODES})
    assert decided["state"] == "decided"

    agency = call("agency admin")
    read = agency.call("GET", at)
    filing = Filing.objects.get()
    assert (read["state"], read["filing"]["code"]) == ("approved", filing.code)
    receipt = agency.call("GET", f"{at}documents/")[-1]
    assert (receipt["series"], receipt["service"]["method"]) == ("receipt", "portal")
    assert agency.call("GET", receipt["download"], status=202) is None
    assert agency.call("GET", f"{at}timeline/")[-1]["documents"][0]["number"] == receipt["number"]
    assert agency.call("GET", "notifications/")["results"][0]["kind"] == "approved"


def test_correction_answered_extended_and_handed_in_again(world, call):
    agency, county = call("agency admin"), call("county handler")
    at = draft(agency)
    agency.call("POST", f"{at}transitions/submit/")
    mark(county, at, bad=("venue",))
    county.call("POST", f"{at}transitions/request-correction/", {"days": 10})
    notice = agency.call("GET", f"{at}requests/")[0]
    assert [item["material"] for item in notice["items"]] == ["venue"]
    where = f"{at}requests/{notice['id']}/"
    agency.call("POST", f"{where}extension/", {"reason": "第三方检测报告未出"})
    county.call("POST", f"{at}transitions/extend-correction/", {"days": 25, "reason": "理由成立"})
    clock = agency.call("GET", f"{at}clocks/")[-1]
    assert (clock["kind"], clock["amount"], len(clock["days"])) == ("correction", 25, 26)
    agency.upload(f"{where}items/venue/", answer="已补平面图")
    agency.call("POST", f"{at}transitions/resubmit/")
    again = agency.call("PUT", f"{where}items/venue/", {"answer": "再补"}, status=409)
    assert again["reasons"][0]["code"] == "answered"


def test_supplements_invited_and_supplied(world, call):
    at, agency = assessing(call), call("agency admin")
    items = [{"material": "venue", "what": "请补消防检查记录"}]
    call("centre handler").call("POST", f"{at}transitions/invite-supplements/", {"items": items})
    request = agency.call("GET", f"{at}requests/")[0]
    agency.call("PUT", f"{at}requests/{request['id']}/items/venue/", {"answer": "见附件说明"})
    assert agency.call("POST", f"{at}transitions/supply-supplements/")["state"] == "assessing"


def test_partial_approval_names_what_is_left_out(world, call):
    at, centre = assessing(call), call("centre handler")
    position = centre.call("GET", "experts/")[0]["id"]
    task = centre.call("POST", f"{at}assessment/experts/", {"expert": position}, status=201)
    centre.call("POST", f"{at}assessment/experts/{task['id']}/withdraw/")
    body = {"granted": CODES[:1], "left_out": [{"occupation": CODES[1], "reason": "电工设备不足"}]}
    refused = centre.call("POST", f"{at}transitions/approve/", body, status=409)
    assert {"report_missing"} <= {reason["code"] for reason in refused["reasons"]}


def test_a_proposal_returned_and_one_taken_back(world, call):
    at, handler, chief = accepted(call), call("county handler"), call("county chief")
    body = {"positive": False, "text": "不推荐", "proposal_reason": "场地在外县"}
    first = handler.call("POST", f"{at}transitions/recommend/", body, status=201)
    assert (first["reason"], first["payload"]) == ("场地在外县", {"positive": False, "text": "不推荐"})
    assert [one["id"] for one in chief.call("GET", "proposals/")] == [first["id"]]
    handler.call("POST", f"proposals/{first['id']}/decide/", status=403)
    back = chief.call("POST", f"proposals/{first['id']}/return/", {"answer": "请写明依据"})
    assert (back["state"], back["answer"]) == ("returned", "请写明依据")
    second = handler.call("POST", f"{at}transitions/recommend/", body, status=201)
    assert handler.call("POST", f"proposals/{second['id']}/take-back/")["state"] == "taken_back"
    assert [one["state"] for one in handler.call("GET", f"{at}proposals/")] == ["taken_back", "returned"]


def test_service_recorded_with_proof_where_there_is_no_consent(world, call):
    agency, county = call("agency admin"), call("county handler")
    world.organisation("agency admin").consents.update(withdrawn_on="2026-01-01")
    at = draft(agency)
    agency.call("POST", f"{at}transitions/submit/")
    mark(county, at, bad=("venue",))
    assert county.call("POST", f"{at}transitions/request-correction/", {"days": 10})["state"] == "submitted"
    paper = OfficialDocument.objects.get(series="correction")
    where = f"{at}documents/{paper.pk}/service/"
    body = {"method": "hand", "served_on": "2026-09-18", "note": "当面签收"}
    county.call("POST", where, body, status=400, form="multipart")
    served = county.call("POST", where, {**body, "proof": file("回证.pdf")}, form="multipart")
    assert served["service"]["served_on"] == "2026-09-18"
    assert agency.call("GET", at)["state"] == "correcting"


def test_a_claim_made_and_confirmed(world, call):
    organisation = world.organisation("agency admin")
    organisation.confirmed_on = None
    organisation.save()
    agency, county = call("agency admin"), call("county handler")
    claim = agency.call("POST", "claims/", status=201)
    assert county.call("POST", f"claims/{claim['id']}/confirm/", status=409)["reasons"][0]["field"] == "licence"
    for slot in ("licence", "authorisation"):
        agency.upload(f"claims/papers/{slot}/")
    assert county.call("POST", f"claims/{claim['id']}/confirm/")["state"] == "confirmed"
    call("other county handler").call("GET", f"claims/{claim['id']}/", status=404)


def test_rows_are_changed_and_removed(world, call):
    agency = call("agency admin")
    at = draft(agency)
    row = agency.call("GET", f"{at}scope/")[0]
    assert row["levels"] == [5, 4, 3]
    assert agency.call("PATCH", f"{at}scope/{row['id']}/", {"levels": [2]})["levels"] == [2]
    assert (
        agency.call("POST", f"{at}scope/", {"occupation": CODES[0]}, status=409)["reasons"][0]["code"]
        == "occupation_twice"
    )
    agency.call("DELETE", f"{at}scope/{row['id']}/", status=204)
    assert len(agency.call("GET", f"{at}scope/")) == 1
    assert Application.objects.get().records.count() == 3
