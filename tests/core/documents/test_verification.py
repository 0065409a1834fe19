import io

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from core.clock.clock import now
from core.documents import issuing, signing
from core.documents.verification import Verdict, by_code, by_pdf, successor_of
from filings.documents import RECEIPT
from tests.core.documents import files
from tests.core.documents.test_papers import create


@pytest.fixture
def receipt(house):
    paper = create(house, series=RECEIPT, issuer=house.bureau)
    issuing.run(now())
    paper.refresh_from_db()
    return paper


def outcome(result) -> dict[str, bool]:
    return {check.name: check.ok for check in result.checks}


def test_a_paper_is_found_by_its_code_however_typed(receipt):
    assert by_code(receipt.code) == by_code(receipt.code.lower().replace("-", "")) == receipt
    assert by_code("2222-2222-2222-2222") is None
    assert by_code("'; drop table") is None


def test_a_genuine_pdf_passes_every_check(receipt):
    result = by_pdf(receipt.file.read())
    assert result.verdict == Verdict.GENUINE
    assert result.document == receipt
    assert outcome(result) == {"文件指纹": True, "电子签名": True, "证书": True}


def test_a_superseded_pdf_names_its_successor(receipt, house):
    second = create(house, "2", RECEIPT, issuer=house.bureau, supersedes=receipt)
    third = create(house, "3", RECEIPT, issuer=house.bureau, supersedes=second)
    result = by_pdf(receipt.file.read())
    assert (result.verdict, result.successor) == (Verdict.SUPERSEDED, third)
    assert successor_of(third) is None


def changed_bytes(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def added_page(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


def appended(data: bytes) -> bytes:
    """A later revision after the signature, as an editor saves it."""
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    writer.root["/Lang"] = writer.root["/Type"]
    writer.update_root()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("tamper", [changed_bytes, added_page, appended])
def test_a_tampered_pdf_is_detected_and_names_the_paper_it_claims_to_be(receipt, tamper):
    result = by_pdf(tamper(receipt.file.read()))
    assert result.verdict == Verdict.ALTERED
    assert result.document == receipt
    assert not outcome(result)["文件指纹"]
    assert not outcome(result)["电子签名"]


def test_a_forgery_signed_with_another_key_is_not_ours(receipt, tmp_path):
    path = signing.self_signed(tmp_path, "forger", "安阳市人力资源和社会保障局")
    forger = signers.SimpleSigner.load_pkcs12_data(path.read_bytes(), [], None)
    forged = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(files.pdf(1))), signers.PdfSignatureMetadata(field_name="S"), signer=forger
    ).getvalue()
    result = by_pdf(forged)
    assert result.verdict == Verdict.NOT_OURS
    assert outcome(result) == {"文件指纹": False, "电子签名": True, "证书": False}


@pytest.mark.parametrize("data", [b"", b"not a pdf", files.pdf(1), files.pdf(1)[:200], b"%PDF-1.7\n%%EOF"])
def test_anything_else_is_not_ours_and_breaks_nothing(receipt, data):
    result = by_pdf(data)
    assert result.verdict == Verdict.NOT_OURS
    assert result.document is None


def test_a_genuine_signature_moved_onto_a_code_of_ours_without_the_bytes_is_altered(receipt):
    def keyworded(pdf):
        pdf.docinfo["/Keywords"] = receipt.code

    result = by_pdf(files.changed_pdf(keyworded))
    assert (result.verdict, result.document) == (Verdict.ALTERED, receipt)


def test_a_certificate_in_use_before_a_key_change_still_counts(receipt, settings, tmp_path):
    settings.SIGNING = {"self-signed": {"folder": str(tmp_path)}}
    assert outcome(by_pdf(receipt.file.read()))["证书"]
