"""A deregistration through the API: asked for, taken back, proposed, decided, served; and how a filing stands."""

import pytest
from django.db import transaction

from core.accounts.models import ServiceConsent
from core.refusals import Reason
from filings import obstacles
from filings.models import Deregistration, Filing
from filings.workflow import suspending
from tests.world import DAY, file, filed

WHY = {"reason": "不再开展评价。"}


def test_from_asking_to_the_decision(world, call):
    filing = filed(world)
    at, agency, handler = f"filings/{filing.pk}/", call("agency admin"), call("centre handler")
    call("agency staff").call("POST", f"{at}deregistrations/", WHY, status=403)
    agency.call("POST", f"{at}deregistrations/", {"reason": ""}, status=400)
    first = agency.call("POST", f"{at}deregistrations/", WHY, status=201, key="one")
    assert first == agency.call("POST", f"{at}deregistrations/", WHY, status=201, key="one")
    assert (first["ground"], first["standing"], first["undecided"]) == ("asked", "等待决定", True)
    again = agency.call("POST", f"{at}deregistrations/", WHY, status=409)
    assert again["reasons"][0]["code"] == "asked_before"
    agency.call("POST", f"{at}deregistrations/{first['id']}/take-back/")
    agency.call("POST", f"{at}deregistrations/999999/take-back/", status=404)
    row = agency.call("POST", f"{at}deregistrations/", WHY, status=201)
    assert [one["id"] for one in handler.call("GET", "deregistrations/")["results"]] == [row["id"]]
    call("county handler").call("GET", "deregistrations/", status=403)

    offer = handler.call("GET", f"{at}transitions/")[-1]
    assert (offer["name"], offer["mode"], offer["open"]) == ("deregister", "propose", True)
    assert offer["address"] == f"/api/v1/{at}transitions/deregister/"
    body = {"deregistration": row["id"], "proposal_reason": "没有未结事项。"}

    def open_case(filing, on):
        return [Reason("case_open", "还有未办结的案件。")]

    obstacles.register(open_case)
    try:
        refused = handler.call("POST", f"{at}transitions/deregister/", body, status=409)
    finally:
        obstacles.unregister(open_case)
    assert [reason["code"] for reason in refused["reasons"]] == ["case_open"]
    agency.call("POST", f"{at}transitions/deregister/", body, status=403)
    proposal = handler.call("POST", f"{at}transitions/deregister/", body, status=201)
    handler.call("POST", f"proposals/{proposal['id']}/decide/", status=403)
    chief = call("centre chief")
    assert [one["id"] for one in chief.call("GET", "proposals/")] == [proposal["id"]]
    assert chief.call("GET", f"{at}proposals/")[0]["transition_label"] == "注销备案"
    agency.call("GET", f"{at}proposals/", status=404)
    chief.call("POST", f"proposals/{proposal['id']}/decide/")
    read = agency.call("GET", at)
    assert (read["state"], read["standing"], read["standing_label"]) == ("deregistered", "deregistered", "已注销")
    assert (read["ended_on"], read["in_force"]) == (DAY.isoformat(), False)
    papers = agency.call("GET", f"{at}documents/")
    assert [(one["series"], one["service"]["method"]) for one in papers] == [("deregistration", "portal")]
    labels = [one["label"] for one in agency.call("GET", f"{at}timeline/")]
    assert labels == ["申请注销备案", "收回注销的事由", "申请注销备案", "注销备案"]
    grounds = agency.call("GET", f"{at}deregistrations/")
    assert [one["standing"] for one in grounds] == ["已注销", "已收回"]


def test_a_ceased_legal_person_and_the_service_of_a_decision(world, call):
    filing, other = filed(world), filed(world, who="rival admin")
    ServiceConsent.objects.all().delete()
    at, handler = f"filings/{filing.pk}/", call("centre handler")
    body = {"ceased_on": DAY.isoformat(), "reason": "登记机关已准予注销登记。"}
    handler.call("POST", f"{at}deregistrations/ceased/", body, status=400, form="multipart")
    sent = body | {"proof": file("注销登记通知书.pdf")}
    call("county chief").call("POST", f"{at}deregistrations/ceased/", dict(sent), status=403, form="multipart")
    sent["proof"].seek(0)
    row = handler.call("POST", f"{at}deregistrations/ceased/", sent, status=201, form="multipart")
    assert (row["ground"], row["proof"]["name"]) == ("ceased", "注销登记通知书.pdf")
    decide(call, filing, row)
    assert call("agency admin").call("GET", at)["standing"] == "deregistered"

    at = f"filings/{other.pk}/"
    row = call("rival admin").call("POST", f"{at}deregistrations/", WHY, status=201)
    decide(call, other, row)
    assert handler.call("GET", at)["standing"] == "active"
    paper = handler.call("GET", f"{at}documents/")[0]
    service = {"method": "hand", "served_on": DAY.isoformat(), "proof": file("回证.pdf")}
    where = f"{at}documents/{paper['id']}/service/"
    served = handler.call("POST", where, service, form="multipart")
    assert (served["service"]["served_on"], served["service"]["took_effect"]) == (DAY.isoformat(), True)
    assert handler.call("GET", at)["standing"] == "deregistered"


def decide(call, filing, row):
    body = {"deregistration": row["id"]}
    proposal = call("centre handler").call("POST", f"filings/{filing.pk}/transitions/deregister/", body, status=201)
    call("centre chief").call("POST", f"proposals/{proposal['id']}/decide/")


@pytest.mark.parametrize(
    "stranger", ["rival admin", "other county handler", "experts expert", "operator administrator"]
)
def test_a_stranger_finds_nothing_of_a_filing(world, call, stranger):
    filing = filed(world)
    at = f"filings/{filing.pk}/"
    for path in ("", "deregistrations/", "documents/", "proposals/", "timeline/", "transitions/"):
        call(stranger).call("GET", at + path, status=404)
    for path in ("deregistrations/", "deregistrations/1/take-back/", "transitions/deregister/"):
        call(stranger).call("POST", at + path, WHY, status=404)
    for path in ("deregistrations/ceased/", "documents/1/service/"):
        call(stranger).call("POST", at + path, {}, status=404, form="multipart")
    assert not Deregistration.objects.exists()


def test_a_suspended_filing_says_so(world, call):
    filing = filed(world)
    with transaction.atomic():
        suspending.suspend(
            Filing.objects.get(), matter=("sanctions.case", "1"), source="警告限期整改决定",
            actor=world.actor("centre chief"), on=DAY,
        )  # fmt: skip
    read = call("agency admin").call("GET", f"filings/{filing.pk}/")
    assert (read["state"], read["in_force"], read["standing"]) == ("active", True, "suspended")
    assert read["suspensions"] == [
        {"since": DAY.isoformat(), "until": None, "source": "警告限期整改决定", "lifted_reason": ""}
    ]
    assert call("centre chief").call("GET", "filings/")["results"][0]["standing_label"] == "暂停评价"
