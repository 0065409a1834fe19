"""Filings from paper through the API: the doors, and the whole way by two people."""

import io

import openpyxl
import pytest

from filings.models import Filing, FilingImport
from tests.filings.registers import FIRST, OTHER, SECOND, register, uploaded
from tests.world import file

READERS = {"centre handler", "centre chief", "centre inspector", "bureau handler", "bureau chief"}
OTHERS = {"agency admin", "county handler", "county chief", "experts expert", "operator administrator"}


def test_the_doors_are_the_centres_and_the_bureaus(world, call):
    found = uploaded(world, FIRST)
    paths = ["imports/", "imports/template/", f"imports/{found.pk}/", f"imports/{found.pk}/faults/"]
    for who in sorted(READERS | OTHERS):
        for path in paths:
            assert (call(who).get(f"/api/v1/{path}").status_code == 200) == (who in READERS), (who, path)
    assert call("centre chief").get("/api/v1/imports/0/").status_code == 404


def test_the_whole_way(world, call):
    handler, chief = call("centre handler"), call("centre chief")
    made = handler.call(
        "POST",
        "imports/",
        {"source": "台账", "file": register({**FIRST, "levels": "特级"}, SECOND)},
        status=201,
        form="multipart",
        key="a",
    )
    assert [(one["row"], one["column"]) for one in made["faults"]] == [(2, "levels")]
    at = f"imports/{made['id']}/"
    refused = handler.call("POST", f"{at}propose/", {}, status=409)
    assert refused["reasons"][0]["code"] == "line"
    mended = handler.call("PUT", f"{at}file/", {"file": register(FIRST, SECOND, OTHER)}, form="multipart")
    assert (mended["faults"], mended["agencies"], mended["file"]["version"]) == ([], 2, 2)
    assert [cap["label"] for cap in mended["caps"]] == ["汤阴县“电工”"]
    chief.call("POST", f"{at}propose/", {}, status=403)
    proposal = handler.call("POST", f"{at}propose/", {"reason": "已核对"}, key="p")["proposal"]
    for who, status in (("county chief", 404), ("centre handler", 403), ("bureau chief", 403)):
        call(who).call("POST", f"proposals/{proposal['id']}/decide/", status=status)
    assert chief.call("POST", f"proposals/{proposal['id']}/decide/")["state"] == "decided"
    read = chief.call("GET", at)
    assert (read["state"], len(read["filings"])) == ("loaded", 2)
    assert set(Filing.objects.values_list("pk", flat=True)) == set(read["filings"])
    handler.call("POST", f"{at}discard/", status=409)
    # Its receipt is served on paper, where nobody has consented to the portal.
    below = f"filings/{read['filings'][0]}/documents/"
    (receipt,) = handler.call("GET", below)
    sent = {"method": "post", "served_on": "2026-09-18", "proof": file("回执.pdf")}
    served = handler.call("POST", f"{below}{receipt['id']}/service/", sent, form="multipart")
    assert served["service"]["took_effect"]


def test_what_is_no_register_is_refused(world, call):
    body = {"source": "台账", "file": io.BytesIO(b"not a workbook")}
    call("centre handler").call("POST", "imports/", body, status=422, form="multipart")
    for who in ("centre chief", "bureau handler"):
        body = {"source": "台账", "file": register(FIRST)}
        call(who).call("POST", "imports/", body, status=403, form="multipart")
    assert not FilingImport.objects.exists()


def test_template_and_faults_are_workbooks(world, call):
    found = uploaded(world, {**FIRST, "levels": "特级"})
    for path in ("imports/template/", f"imports/{found.pk}/faults/"):
        answer = call("centre handler").get(f"/api/v1/{path}")
        openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


@pytest.mark.parametrize("who", ["centre chief", "bureau handler"])
def test_a_handler_of_the_centre_alone_gives_up(world, call, who):
    found = uploaded(world, FIRST)
    call(who).call("POST", f"imports/{found.pk}/discard/", status=403)
    assert call("centre handler").call("POST", f"imports/{found.pk}/discard/")["state"] == "discarded"
