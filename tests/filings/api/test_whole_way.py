"""From an empty draft to the receipt by the API alone, as agency, county, expert and centre; the loops on the way."""

import datetime

from core.documents.models import OfficialDocument
from filings.models import Application, Assessment, Filing, QuotaYear
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
    centre.call("POST", f"{at}transitions/approve/", {"granted": CODES[:1], "left_out": [{"reason": "略"}]}, status=400)
    level = {"occupation": CODES[0], "level": 3, "reason": "高级工设备不足", "basis": "M7(2)"}
    whole = {"occupation": CODES[1], "reason": "电工设备不足", "basis": "M37"}
    body = {"granted": CODES[:1], "left_out": [level, whole]}
    refused = centre.call("POST", f"{at}transitions/approve/", body, status=409)
    assert {reason["code"] for reason in refused["reasons"]} == {"report_missing"}
    Assessment.objects.update(methods=["material"])
    centre.call("PUT", f"{at}assessment/report/", {"text": "符合条件"})
    decide(centre, call("centre chief"), at, "approve", body)
    first, second = call("agency admin").call("GET", f"{at}scope/")
    assert (first["granted"], first["left_out"]) == (
        True,
        [{"level": 3, "site": None, "reason": "高级工设备不足", "basis": "M7(2)"}],
    )
    assert (second["granted"], second["left_out"][0]["level"]) == (False, None)
    assert Filing.objects.get().scope.get().levels == [5, 4]


def test_a_cap_is_requested_and_answered(world, call):
    at, centre, bureau = assessing(call), call("centre handler"), call("bureau handler")
    cap = {"cap": "city", "reason": "当地没有一家"}
    assert centre.call("POST", f"{at}transitions/request-override/", cap, status=409)["reasons"][0]["citation"] == "M37"
    QuotaYear.objects.update(places=0)
    centre.call("POST", f"{at}transitions/request-override/", cap)
    waiting = bureau.call("GET", "overrides/")
    assert [(one["cap"], one["taken"], one["places"], one["granted"]) for one in waiting] == [("city", 0, 0, None)]
    call("county handler").call("GET", "overrides/", status=403)
    call("agency admin").call("GET", f"{at}overrides/", status=404)
    answer = {"cap": "city", "granted": False, "reason": "全市已满"}
    decide(bureau, call("bureau chief"), at, "override-cap", answer)
    assert bureau.call("GET", "overrides/") == []
    assert centre.call("GET", f"{at}overrides/")[0]["granted"] is False
    centre.call("POST", f"{at}transitions/request-override/", cap, status=409)


def test_a_commissioned_assessors_qualification(world, call):
    at, centre = accepted(call), call("centre handler")
    decide(call("county handler"), call("county chief"), at, "recommend", {"positive": True, "text": "同意推荐"})
    body = {"methods": ["commissioned"], "commissioned": "河南某评估有限公司"}
    refused = centre.call("POST", f"{at}transitions/start-assessment/", body, status=409)
    assert [reason["field"] for reason in refused["reasons"]] == ["qualification"]
    call("county handler").call("PUT", f"{at}assessment/qualification/", {"file": file()}, status=403, form="multipart")
    centre.upload(f"{at}assessment/qualification/")
    centre.call("POST", f"{at}transitions/start-assessment/", body)
    shown = centre.call("GET", f"{at}assessment/")
    assert (shown["commissioned"], shown["qualification"]["slot"]) == ("河南某评估有限公司", "qualification")


def test_an_expert_reads_the_content_alone(world, call):
    at, centre, expert = assessing(call), call("centre handler"), call("experts expert")
    centre.call("POST", f"{at}assessment/experts/", {"expert": centre.call("GET", "experts/")[0]["id"]}, status=201)
    read = expert.call("GET", at)
    assert {read[name] for name in ("legal_representative", "legal_representative_id", "contact", "contact_phone")} == {
        ""
    }
    assert {one["mark"] for one in expert.call("GET", f"{at}materials/")} == {None}
    assert {one["name"][1:] for one in expert.call("GET", f"{at}staff/")} == {"*"}
    assert expert.call("GET", f"{at}documents/") == []
    for hidden in ("timeline/", "clocks/", "requests/", "proposals/", "assessment/", "overrides/"):
        expert.call("GET", at + hidden, status=404)
    call("agency admin").call("POST", f"{at}transitions/withdraw/", {})
    expert.call("GET", at, status=404)
    assert expert.call("GET", "expert-tasks/") == []


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
