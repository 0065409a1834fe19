import datetime
import hashlib
import io
import json
import re
from dataclasses import replace

import pikepdf
import pytest
from django.db import IntegrityError, transaction
from pdfplumber import open as open_pdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from core.audit import checkpoint, trail
from core.audit.models import Checkpoint
from core.clock.clock import now
from core.documents import issuing, rendering, series, signing, tasks
from core.documents.models import DocumentState, OfficialDocument
from filings.documents import RECEIPT, SERIES
from tests.core.documents.conftest import DAY
from tests.core.documents.samples import CONTENTS
from tests.core.documents.test_papers import create


def plain(text: str) -> str:
    return "".join(text.split())


def text_of(data: bytes) -> str:
    """The text of a PDF without blanks: line by line, and again cell by cell."""
    with open_pdf(io.BytesIO(data)) as document:
        lines = [page.extract_text() for page in document.pages]
        cells = [
            cell or "" for page in document.pages for table in page.extract_tables() for row in table for cell in row
        ]
        return plain("".join(lines + cells))


@pytest.fixture
def receipt(house) -> OfficialDocument:
    trail.record("test", actor=house.handler, on=DAY)
    checkpoint.checkpoint(now())
    paper = create(house, series=RECEIPT, issuer=house.bureau)
    assert issuing.run(now()) == {"issued": 1, "postponed": 0}
    paper.refresh_from_db()
    return paper


def test_an_issued_receipt_is_whole(receipt, house, settings):
    data = receipt.file.read()
    assert receipt.state == DocumentState.ISSUED
    assert receipt.pdf_sha256 == hashlib.sha256(data).hexdigest()
    assert receipt.audit_head == Checkpoint.objects.latest("id").head

    text = text_of(data)
    for wanted in (
        house.bureau.name, "安人社职评备〔2026〕1号", house.agency.name, "S000041000123", "2029年10月19日", "电工",
        "五级（初级工）", "龙安分校", "2026年9月18日", receipt.code, receipt.audit_head, "第1页",
    ):  # fmt: skip
        assert plain(wanted) in text, wanted

    with pikepdf.open(io.BytesIO(data)) as pdf:
        metadata = pdf.open_metadata()
        assert metadata["pdfaid:part"] == "3"
        assert metadata["pdfaid:conformance"] == "U"
        record = json.loads(pdf.attachments[rendering.ATTACHMENT].get_file().read_bytes())
        assert record["content"] == receipt.content
        assert record["content_hash"] == receipt.content_hash
        assert pdf.Root.AF[0].AFRelationship == "/Source"
        fonts = {str(o.get("/FontName", "")) for o in pdf.objects if isinstance(o, pikepdf.Dictionary)}
        assert len([name for name in fonts if "+" in name]) >= 2
    assert len(data) < 1_000_000

    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.signer_info["digest_algorithm"]["algorithm"].native == "sha256"
    assert signing.fingerprint(signature.signer_cert) == receipt.certificate
    assert signature.signer_cert.subject.native["organization_name"] == house.bureau.name
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[signature.signer_cert]))
    assert status.intact
    assert status.valid


def test_an_issued_paper_never_changes(receipt):
    for change in ({"pdf_sha256": "0"}, {"state": "pending"}, {"file": "x"}, {"attempts": 9}, {"issued_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OfficialDocument.objects.filter(pk=receipt.pk).update(**change)


def test_issuing_twice_makes_one_paper(receipt):
    before = receipt.file.read()
    assert tasks.issue(receipt.pk) == tasks.issue_pending() == {"issued": 0, "postponed": 0}
    receipt.refresh_from_db()
    assert receipt.file.read() == before


def test_a_job_killed_before_its_commit_leaves_nothing_behind(house, settings):
    paper = create(house)

    class Killed(BaseException):
        pass

    with pytest.raises(Killed), transaction.atomic():
        issuing.make(OfficialDocument.objects.select_for_update(of=("self",)).get(pk=paper.pk))
        raise Killed
    paper.refresh_from_db()
    assert paper.state == DocumentState.PENDING
    assert issuing.run(now())["issued"] == 1
    paper.refresh_from_db()
    files = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert hashlib.sha256(files[0].read_bytes()).hexdigest() == paper.pdf_sha256


def test_a_paper_that_cannot_be_made_waits_and_the_next_one_is_issued(house, settings):
    bad, good = create(house, "bad"), create(house, "good", issuer=house.bureau)
    settings.SIGNING = settings.SIGNING | {"county-410502": {"pkcs12": "/nowhere.p12", "password": ""}}
    assert issuing.run(now()) == {"issued": 1, "postponed": 1}
    bad.refresh_from_db()
    good.refresh_from_db()
    assert good.state == DocumentState.ISSUED
    assert "签名密钥" in bad.error
    assert bad.attempts == 1
    assert issuing.run(now()) == {"issued": 0, "postponed": 0}
    settings.SIGNING = {"self-signed": settings.SIGNING["self-signed"]}
    assert issuing.run(now() + datetime.timedelta(minutes=2)) == {"issued": 1, "postponed": 0}


def test_papers_are_issued_oldest_first_a_batch_at_a_time(house):
    ids = [create(house, str(number)).pk for number in range(3)]
    assert issuing.run(now(), limit=2)["issued"] == 2
    assert list(OfficialDocument.objects.filter(state="pending").values_list("pk", flat=True)) == ids[2:]


@pytest.mark.parametrize("kind", SERIES, ids=lambda kind: kind.key)
def test_every_paper_of_chapter_two_prints_what_it_froze(kind, house):
    paper = create(house, series=kind)
    data = rendering.render(paper, audit_head="")
    text = text_of(data)
    assert plain(kind.title) in text
    assert plain(paper.number) in text
    for value in leaves(paper.content):
        assert plain(rendered(value)) in text, value
    assert nothing_sticks_out(data)
    if kind.adverse:
        assert "行政复议" in text
        assert "行政诉讼" in text


def nothing_sticks_out(data: bytes) -> bool:
    """Does every character stand between the margins (28 mm left, 26 mm right), and above the lower edge?"""
    millimetre = 72 / 25.4
    with open_pdf(io.BytesIO(data)) as document:
        return all(
            27 * millimetre < char["x0"]
            and char["x1"] < page.width - 23 * millimetre  # hanging punctuation may stand in the margin
            and char["bottom"] < page.height - 5 * millimetre
            for page in document.pages
            for char in page.chars
        )


def test_long_content_flows_over_pages_and_stays_between_the_margins(house):
    scope = [
        {"code": f"6-31-01-{number:02}", "occupation": "工业机器人系统操作运维员" * 2, "levels": [5, 4, 3, 2, 1],
         "sites": ["某某职业技能等级认定考评基地第一实训中心", "示例" * 20]}
        for number in range(40)
    ]  # fmt: skip
    content = CONTENTS["receipt"] | {"agency": "安阳市" + "示例" * 40 + "学校", "address": "A" * 150, "scope": scope}
    data = rendering.render(create(house, series=RECEIPT, content=content), audit_head="0" * 64)
    with open_pdf(io.BytesIO(data)) as document:
        assert len(document.pages) > 4
        assert all("序号" in plain(page.extract_text()) for page in document.pages[1:4])
    assert nothing_sticks_out(data)


def leaves(value):
    if isinstance(value, dict):
        # "clock" says which sentence stands there, and is no word of it.
        value = [one for key, one in value.items() if key != "clock"]
    if isinstance(value, list):
        for one in value:
            yield from leaves(one)
    elif isinstance(value, str) and value:
        yield from value.splitlines()


def rendered(value: str) -> str:
    from core.documents.templatetags import papers as tags

    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return tags.day(value)
    return tags.typeset(tags.article(value))


def test_a_preview_has_neither_number_nor_code_and_says_so(house):
    text = text_of(
        rendering.preview(RECEIPT, CONTENTS["receipt"], issuer="甲局", addressee="乙校", on=DAY, supersedes="")
    )
    assert "预览" in text
    assert "〔2026〕" not in text
    assert "核验码" not in text
    assert not OfficialDocument.objects.exists()


def test_a_superseding_receipt_names_the_old_one(receipt, house):
    later = create(house, "later", RECEIPT, issuer=house.bureau, supersedes=receipt)
    assert plain(receipt.number) in text_of(rendering.render(later, audit_head=""))


def test_content_is_escaped(house):
    paper = create(house, content=CONTENTS["acceptance"] | {"kind": "<b>首次</b>备案"})
    assert "<b>首次</b>备案" in text_of(rendering.render(paper, audit_head=""))


def test_another_class_can_sign(house, settings):
    settings.SIGNER_CLASS = f"{__name__}.Stamp"
    paper = create(house)
    assert issuing.run(now())["issued"] == 1
    paper.refresh_from_db()
    assert paper.certificate == "stamp county-410502"
    assert paper.file.read().endswith(b"stamped")


class Stamp(signing.Signer):
    fingerprint = property(lambda self: f"stamp {self.key}")

    def sign(self, pdf: bytes, *, reason: str) -> bytes:
        return pdf + b"stamped"


def test_a_template_that_is_broken_is_named(house, monkeypatch):
    monkeypatch.setitem(series._registry, "acceptance", replace(series.get("acceptance"), template="papers/none.html"))
    paper = create(house, series=series.get("acceptance"))
    assert issuing.run(now())["postponed"] == 1
    paper.refresh_from_db()
    assert "papers/none.html" in paper.error


def test_keys_are_made_once_and_only_the_owner_can_read_them(tmp_path):
    path = signing.self_signed(tmp_path / "keys", "county-1", "甲局")
    before = path.read_bytes()
    assert signing.self_signed(tmp_path / "keys", "county-1", "甲局").read_bytes() == before
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir()] == ["county-1.p12"]
