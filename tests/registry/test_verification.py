"""A receipt's state comes from what is published; a PDF is ours to the byte or is refused."""

import datetime

import pytest

from core.documents.models import OfficialDocument
from core.documents.verification import Verdict
from core.publications import register
from core.publications.models import Publication
from registry import verification
from registry.standing import Standing
from tests.world import DAY

ONE = datetime.timedelta(days=1)
UNTIL = datetime.date(2029, 9, 18)


def state(code: str, on: datetime.date) -> Standing:
    return verification.by_code(code, on).finding.standing


def test_a_receipt_is_valid_to_its_last_day(receipt):
    assert state(receipt.code.lower().replace("-", " "), DAY) is Standing.VALID
    assert state(receipt.code, UNTIL) is Standing.VALID
    assert state(receipt.code, UNTIL + ONE) is Standing.EXPIRED


def test_a_new_receipt_supersedes_and_is_named(receipt, republish):
    on = datetime.date(2027, 1, 5)
    republish(on, receipt="安人社职评备〔2027〕1号", verification="NEWC-ODEN-EWCO-DE22")
    verified = verification.by_code(receipt.code, on)
    assert verified.finding.standing is Standing.SUPERSEDED
    assert verified.successor.number == "安人社职评备〔2027〕1号"
    assert state(receipt.code, on - ONE) is Standing.VALID


def test_a_renewal_decided_ahead_leaves_the_old_receipt_valid_and_names_the_new_one(receipt, republish):
    republish(
        datetime.date(2029, 8, 1),
        valid_from="2029-09-19",
        valid_until="2032-09-18",
        receipt="安人社职评备〔2029〕7号",
        verification="NEWC-ODEN-EWCO-DE22",
    )
    verified = verification.by_code(receipt.code, UNTIL)
    assert verified.finding.standing is Standing.VALID
    assert "安人社职评备〔2029〕7号" in verified.finding.why
    assert state(receipt.code, UNTIL + ONE) is Standing.SUPERSEDED


@pytest.mark.parametrize("end", ["terminated", "deregistered", "revoked"])
def test_an_end_of_the_filing_ends_its_receipts(receipt, republish, end):
    on = datetime.date(2027, 3, 1)
    republish(on, state=end, ended_on=on.isoformat())
    assert state(receipt.code, on - ONE) is Standing.VALID
    assert state(receipt.code, on) == end
    assert state(receipt.code, UNTIL + ONE) == end


def test_a_withdrawn_record_is_said_to_be_withdrawn(receipt):
    register.withdraw(Publication.objects.get(kind="filing").key, on=DAY, reason="公布有误")
    assert state(receipt.code, DAY) is Standing.UNPUBLISHED


def test_unknown_and_nonsense_codes(world):
    assert state("AAAA-BBBB-CCCC-DDDD", DAY) is Standing.UNKNOWN
    assert state("’; drop table", DAY) is Standing.UNKNOWN


def test_a_paper_that_is_not_public_is_authentic_without_content(application):
    paper = OfficialDocument.objects.get(series="acceptance")
    verified = verification.by_code(paper.code, DAY)
    assert verified.finding.standing is Standing.AUTHENTIC
    assert verified.record is None
    assert verified.agency is None


def test_the_pdf_itself_is_genuine_and_every_check_holds(issued):
    verified = verification.by_pdf(issued.file.read(), DAY)
    assert verified.verdict is Verdict.GENUINE
    assert verified.finding.standing is Standing.VALID
    assert [(check.name, check.ok) for check in verified.checks] == [
        ("文件指纹", True),
        ("电子签名", True),
        ("证书", True),
    ]


def test_a_genuine_pdf_of_an_ended_filing_is_not_valid(issued, republish):
    republish(DAY + ONE, state="terminated", ended_on=(DAY + ONE).isoformat())
    verified = verification.by_pdf(issued.file.read(), DAY + ONE)
    assert verified.verdict is Verdict.GENUINE
    assert verified.finding.standing is Standing.TERMINATED


def test_a_tampered_pdf_grants_nothing_it_claims(issued):
    data = bytearray(issued.file.read())
    data[len(data) // 2] ^= 1
    verified = verification.by_pdf(bytes(data), DAY)
    assert not verified.trustworthy
    assert verified.document is None
    assert verified.record is None
    assert verified.finding.standing is Standing.UNKNOWN
    assert not all(check.ok for check in verified.checks)


def test_any_other_file_is_not_ours(world):
    verified = verification.by_pdf(b"%PDF-1.4 nothing", DAY)
    assert verified.verdict is Verdict.NOT_OURS
    assert not verified.trustworthy
