"""Rulings and corrections of papers through the API: two people, the same refusals, who sees what."""

import pytest

from core.documents.models import OfficialDocument
from tests.filings.test_state_table import BUILD
from tests.world import filed

pytestmark = pytest.mark.django_db

RULING = {"authority": "court", "number": "（2026）豫05行终1号", "ruled_on": "2026-09-18", "orders": "撤销，重新处理。"}


def test_a_refusal_is_set_aside_and_taken_up_again(world, call):
    application = BUILD["refused"](world)
    base = f"applications/{application.pk}"
    centre, chief, agency = call("centre handler"), call("centre chief"), call("agency admin")
    centre.call("POST", f"{base}/transitions/set-aside/", {**RULING, "authority": "police"}, status=400)
    missing = centre.call("POST", f"{base}/transitions/set-aside/", RULING, status=409)
    assert [reason["code"] for reason in missing["reasons"]] == ["ruling_missing"]
    scan = centre.upload(f"{base}/ruling/")
    proposal = centre.call("POST", f"{base}/transitions/set-aside/", RULING, status=201)
    assert proposal["payload"]["ruled_on"] == "2026-09-18"
    centre.call("POST", f"proposals/{proposal['id']}/decide/", status=403)
    assert chief.call("POST", f"proposals/{proposal['id']}/decide/")["state"] == "decided"
    whole = agency.call("GET", f"{base}/")
    assert (whole["state"], whole["decided_on"]) == ("assessing", None)
    (row,) = agency.call("GET", f"{base}/settings-aside/")
    refusal = OfficialDocument.objects.get(series="refusal")
    assert (row["from_state"], row["to_state"], row["papers"]) == ("refused", "assessing", [refusal.number])
    assert row["ruling"]["id"] == scan["id"]


def test_a_grant_stands_again(world, call):
    filing = filed(world)
    base = f"applications/{filing.application_id}"
    centre, chief, agency = call("centre handler"), call("centre chief"), call("agency admin")
    centre.call("POST", f"{base}/transitions/reinstate/", RULING, status=409)
    for address in ("set-aside", "reinstate"):
        centre.upload(f"{base}/ruling/")
        proposal = centre.call("POST", f"{base}/transitions/{address}/", RULING, status=201)
        chief.call("POST", f"proposals/{proposal['id']}/decide/")
    assert agency.call("GET", f"filings/{filing.pk}/")["state"] == "active"
    first, second = agency.call("GET", f"{base}/settings-aside/")
    assert (first["undoes"], second["undoes"], second["to_state"]) == (None, first["id"], "approved")


@pytest.mark.parametrize(
    ("role", "status"), [("agency admin", 404), ("county handler", 403), ("other county handler", 404)]
)
def test_nobody_else_uploads_a_ruling(world, call, role, status):
    application = BUILD["refused"](world)
    call(role).upload(f"applications/{application.pk}/ruling/", status=status)


def test_a_receipt_is_corrected(world, call):
    filing = filed(world)
    receipt = filing.receipts.get().document
    base = f"applications/{filing.application_id}"
    where = f"{base}/documents/{receipt.pk}/correction/"
    centre, chief = call("centre handler"), call("centre chief")
    texts = {one["path"]: one["text"] for one in centre.call("GET", where)}
    assert set(texts) == {"agency", "address", "sites.0.name", "sites.0.address"}
    body = {"changes": [{"path": "valid_until", "text": "2039-09-18"}], "reason": "笔误"}
    refused = centre.call("POST", where, body, status=409)
    assert [reason["code"] for reason in refused["reasons"]] == ["not_correctable"]
    body = {"changes": [{"path": "address", "text": "文峰区示范路1号"}], "reason": "录入时笔误。"}
    call("county handler").call("POST", where, body, status=403)
    call("agency admin").call("POST", where, body, status=404)
    proposal = centre.call("POST", where, body, status=201)
    chief.call("POST", f"proposals/{proposal['id']}/decide/")
    (row,) = centre.call("GET", f"{base}/corrections/")
    new = OfficialDocument.objects.get(supersedes=receipt)
    assert (row["state"], row["number"], row["issued"]) == ("issued", receipt.number, new.number)
    call("agency admin").call("GET", f"{base}/corrections/", status=404)
    filing.refresh_from_db()
    assert filing.address == "文峰区示范路1号"
