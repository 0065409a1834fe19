"""Files made to harm: PDFs that unpack without end, cells that a spreadsheet would run."""

import csv
import io
import zlib
from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.audit.models import Event, Outcome
from core.documents import formats, verification
from core.documents.rendering import ATTACHMENT
from core.refusals import Invalid
from filings.models import Application
from tests.conftest import VIRUS
from tests.world import filled_draft, make_world, submitted

LARGE = 100 * 1024 * 1024


def _saved(pdf: pikepdf.Pdf) -> bytes:
    buffer = BytesIO()
    pdf.save(buffer, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    return buffer.getvalue()


def _with_attachment(packed: bytes, *filters: str) -> bytes:
    """A page with an attachment of that packed content, named as the record of our papers is."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.attachments[ATTACHMENT] = pikepdf.AttachedFileSpec(pdf, b"{}", filename=ATTACHMENT)
    stream = pikepdf.Stream(pdf, b"")
    stream.write(packed, filter=pikepdf.Array([pikepdf.Name(one) for one in filters]), type_check=False)
    files = pdf.attachments[ATTACHMENT].obj.EF
    for key in list(files.keys()):
        files[key] = pdf.make_indirect(stream)
    return _saved(pdf)


@pytest.fixture(scope="module")
def bomb() -> bytes:
    return _with_attachment(zlib.compress(bytes(LARGE), 9), "/FlateDecode")


def _object_stream_bomb() -> bytes:
    """A catalogue in an object stream of 100 KB that unpacks to 100 MB."""
    packed = zlib.compress(b"1 0 <</Type/Catalog/Pages 2 0 R>>" + b" " * LARGE, 9)
    objects = {
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>",
        4: b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed),
    }
    out, rows = b"%PDF-1.7\n", [(0, 0, 65535), (2, 4, 0)]
    for number, body in objects.items():
        rows.append((1, len(out), 0))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    rows.append((1, len(out), 0))
    table = b"".join(bytes([kind]) + place.to_bytes(4, "big") + more.to_bytes(2, "big") for kind, place, more in rows)
    head = b"<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Length %d>>" % len(table)
    end = b"endstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"5 0 obj\n" + head + b"stream\n" + table + b"\n" + end


def test_a_pdf_that_unpacks_without_end_is_refused(bomb):
    assert len(bomb) < 200_000
    for data in (bomb, _object_stream_bomb()):
        with pytest.raises(Invalid):
            formats.recognise(BytesIO(data))


@pytest.mark.django_db
def test_verification_does_not_unpack_it(bomb):
    for data in (bomb, _object_stream_bomb(), _with_attachment(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", "/LZWDecode")):
        assert verification.by_pdf(data).verdict is verification.Verdict.NOT_OURS


@pytest.mark.any_engine
def test_an_upload_with_a_virus_is_refused_by_page_and_api_and_recorded(db, settings, tmp_path, virus_scanner):
    settings.MEDIA_ROOT = tmp_path / "files"
    world = make_world()
    application = filled_draft(world)
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.docinfo["/Keywords"] = VIRUS.decode()
    browser = world.browser("agency admin")
    for address in (
        reverse("filings:agency-material", args=[application.pk, "profile"]),
        f"/api/v1/applications/{application.pk}/materials/profile/",
    ):
        answer = browser.post(address, {"file": SimpleUploadedFile("基本情况.pdf", _saved(pdf))}, follow=True)
        assert "病毒" in answer.content.decode()
        event = Event.objects.latest("id")
        assert event.outcome == Outcome.REFUSED
        assert [reason["code"] for reason in event.payload["reasons"]] == ["virus"]
        assert str(event.matter_id) == str(application.pk)
    assert answer.status_code == 422


@pytest.mark.parametrize("name", [b"/LZWDecode", b"/L#5aW#44ecode", b"/LZW ", b"/#4cZW]"])
def test_lzw_which_has_no_bound_is_refused(name):
    data = _with_attachment(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", "/LZWDecode").replace(b"/LZWDecode", name)
    with pytest.raises(Invalid, match="LZW"):
        formats.recognise(BytesIO(data))


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_queues_export_is_a_formula(sign):
    world = make_world()
    application = submitted(world)
    Application.objects.filter(pk=application.pk).update(name=f"{sign}1+1")
    answer = world.browser("county handler").get("/applications/?view=all&export=csv")
    _, row = csv.reader(io.StringIO(answer.getvalue().decode().removeprefix("\ufeff"), newline=""))
    assert row[2] == f"'{sign}1+1"
