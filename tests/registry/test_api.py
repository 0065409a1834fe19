"""The public API: the same directory and verification, without sign-in."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from core.documents.models import OfficialDocument
from core.publications import register
from core.publications.models import Publication
from core.reference import settings
from tests.world import DAY

AGENCIES = "/api/v1/public/agencies/"


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def test_list_filters_and_pages(application, publish_agency, client, today):
    for serial in range(100, 125):
        publish_agency(serial, f"汤阴县{serial}学校")
    answer = client.get(AGENCIES, {"q": "汤阴", "page_size": 10}).json()
    assert (answer["count"], answer["count_exact"], len(answer["results"])) == (25, True, 10)
    assert client.get(answer["next"]).json()["previous"]
    assert client.get(AGENCIES, {"level": 1}).json()["count"] == 0


def test_one_agency(application, client, today):
    agency = client.get(f"{AGENCIES}S000041000001/").json()
    assert agency["status"] == "valid"
    assert agency["valid_until"] == "2029-09-18"
    assert agency["as_of"] == DAY.isoformat()
    assert agency["scope"][0] == {
        "code": "6-18-02-04",
        "occupation": "焊工",
        "levels": [5, 4, 3],
        "levels_text": "五—三级",
        "sites": ["校本部"],
    }


@pytest.mark.parametrize("query", [{"level": "9"}, {"status": "nonsense"}, {"q": "x" * 200}])
def test_nonsense_is_a_problem_document(world, client, today, query):
    response = client.get(AGENCIES, query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["reasons"][0]["field"] == next(iter(query))


def test_an_unknown_code_is_404_and_a_cursor_that_is_none_400(world, client, today):
    for address, status in ((f"{AGENCIES}S000041999999/", 404), (f"{AGENCIES}?cursor=x", 400)):
        response = client.get(address)
        assert response.status_code == status
        assert response["Content-Type"] == "application/problem+json"


def test_verify(receipt, client, today):
    answer = client.get(f"/api/v1/public/verify/{receipt.code.lower()}/").json()
    assert answer["state"] == "valid"
    assert answer["paper"] == {
        "number": receipt.number,
        "title": "备案回执",
        "issuer": receipt.issuer_name,
        "issued_on": DAY.isoformat(),
    }
    assert answer["agency"]["code"] == "S000041000001"
    assert answer["successor"] is None


def test_an_unknown_paper_is_an_answer_not_an_error(world, client, today):
    response = client.get("/api/v1/public/verify/AAAA-BBBB-CCCC-DDDD/")
    assert response.status_code == 200
    assert response.json() == {
        "state": "unknown",
        "state_text": "查无此件",
        "reason": "门户没有签发过带有这个核验码的文书。请核对后重新输入。",
        "as_of": DAY.isoformat(),
        "paper": None,
        "agency": None,
        "successor": None,
    }


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_read_only(db, client, method):
    assert getattr(client, method)(AGENCIES).status_code == 405


PDF_CHECK = "/api/v1/public/verify/"


def test_a_pdf_handed_in_is_checked_to_the_byte(issued, client, today):
    with issued.file.open("rb") as opened:
        data = opened.read()
    answer = client.post(PDF_CHECK, {"file": SimpleUploadedFile("回执.pdf", data)})
    assert answer.status_code == 200
    said = answer.json()
    assert (said["verdict"], said["state"], said["paper"]["number"]) == ("genuine", "valid", issued.number)
    assert all(check["ok"] for check in said["checks"])
    altered = client.post(PDF_CHECK, {"file": SimpleUploadedFile("回执.pdf", data + b"%")}).json()
    assert (altered["trustworthy"], altered["state"], altered["paper"]) == (False, "unknown", None)


@pytest.mark.parametrize(("content", "code"), [(b"GIF89a", "not_a_pdf")])
def test_what_is_no_pdf_is_refused(world, client, today, content, code):
    answer = client.post(PDF_CHECK, {"file": SimpleUploadedFile("a.pdf", content)})
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (422, code)
    assert client.post(PDF_CHECK, {}).status_code == 400


def test_a_receipt_is_public_as_long_as_what_is_published_of_it(issued, client, today):
    at = f"/api/v1/public/verify/{issued.code}/receipt.pdf"
    answer = client.get(at)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    register.withdraw(Publication.objects.get(kind="filing").key, on=DAY, reason="更正")
    assert client.get(at).status_code == 404


def test_other_papers_are_not_public(application, client, today):
    paper = OfficialDocument.objects.exclude(series="receipt").first()
    assert client.get(f"/api/v1/public/verify/{paper.code}/receipt.pdf").status_code == 404


def test_code_file_and_receipt_share_one_limit(world, client, today):
    limit = settings.value("verify_per_minute", DAY)
    for _ in range(limit):
        client.get("/api/v1/public/verify/AAAA-BBBB-CCCC-DDDD/")
    for answer in (
        client.post(PDF_CHECK, {"file": SimpleUploadedFile("a.pdf", b"%PDF-")}),
        client.get("/api/v1/public/verify/AAAA-BBBB-CCCC-DDDD/receipt.pdf"),
    ):
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
