import io
import zipfile
from functools import partial

import pikepdf
import pytest

from core.documents.formats import DOCX, JPEG, PDF, PNG, XLSX, recognise
from core.refusals import Invalid
from tests.core.documents import files


@pytest.mark.parametrize(
    ("data", "media_type", "pages"),
    [
        (files.pdf(3), PDF, 3),
        (files.picture("JPEG"), JPEG, None),
        (files.picture("PNG"), PNG, None),
        (files.docx(), DOCX, None),
        (files.xlsx(), XLSX, None),
    ],
    ids=["pdf", "jpg", "png", "docx", "xlsx"],
)
def test_the_five_formats_are_known_by_their_content(data, media_type, pages):
    found = recognise(io.BytesIO(data))
    assert (found.media_type, found.pages) == (media_type, pages)


def javascript(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def launch(pdf):
    annotation = pikepdf.Dictionary(Type=pikepdf.Name.Annot, A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"))
    pdf.pages[0].Annots = pikepdf.Array([annotation])


def program(pdf):
    pdf.attachments["说明.txt"] = pikepdf.AttachedFileSpec(pdf, b"MZ\x90\x00", filename="说明.txt")


def named_program(pdf):
    pdf.attachments["setup.exe"] = pikepdf.AttachedFileSpec(pdf, b"anything", filename="setup.exe")


def zip_with_password_flag() -> bytes:
    data = bytearray(files.docx())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as packed:
        start = packed.start_dir
    data[start + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code", "advice"),
    [
        (b"", "empty_file", "空的"),
        (b"MZ\x90\x00" + b"\0" * 500, "unknown_format", "请上传"),
        ("只是文字".encode() * 50, "unknown_format", "请上传"),
        (files.pdf()[: len(files.pdf()) // 2], "broken", "重新"),
        (b"%PDF-1.7\nnothing", "broken", "重新"),
        (files.pdf(encryption=pikepdf.Encryption(user="a", owner="b")), "encrypted", "去掉密码"),
        (files.pdf(encryption=pikepdf.Encryption(user="", owner="b")), "encrypted", "去掉限制"),
        (files.changed_pdf(javascript), "active_content", "打印为 PDF"),
        (files.changed_pdf(launch), "active_content", "打印为 PDF"),
        (files.changed_pdf(program), "active_content", "去掉附件"),
        (files.changed_pdf(named_program), "active_content", "去掉附件"),
        (files.picture("JPEG")[:4000], "broken", "重新"),
        (files.picture("PNG")[:4000], "broken", "重新"),
        (partial(files.picture, "PNG", (14_000, 10_000)), "too_many_pixels", "缩小"),
        (files.archive(**{"a.txt": "a"}), "unknown_format", "解压"),
        (files.archive(**{"OFD.xml": "a"}), "unknown_format", "PDF"),
        (files.docx(**{"word__vbaProject.bin": "x"}), "active_content", "不带宏"),
        (partial(files.docx, **{"word__media__a.bin": b"\0" * 60_000_000}), "zip_bomb", "精简"),
        (files.docx()[:-40], "broken", "另存"),
        (zip_with_password_flag(), "encrypted", "去掉密码"),
        (files.locked_office(), "encrypted", "加密的文件"),
        (files.old_doc(), "unknown_format", "DOCX"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 200, "unknown_format", "JPG"),
    ],
)
def test_a_refusal_names_the_fault_and_says_what_to_do(data, code, advice):
    with pytest.raises(Invalid) as refused:
        recognise(io.BytesIO(data() if callable(data) else data))  # what is large is made only for its own test
    (reason,) = refused.value.reasons
    assert reason.code == code
    assert reason.field == "file"
    assert advice in reason.text


def test_a_slightly_damaged_pdf_whose_pages_can_be_read_is_taken():
    data = files.pdf(2)
    broken = data.replace(b"startxref\n", b"startxref\n9", 1)
    assert broken != data
    assert recognise(io.BytesIO(broken)).pages == 2


def test_an_attached_document_is_no_danger():
    def invoice(pdf):
        pdf.attachments["invoice.xml"] = pikepdf.AttachedFileSpec(pdf, b"<x/>", filename="invoice.xml")

    assert recognise(io.BytesIO(files.changed_pdf(invoice))).media_type == PDF


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"plain words", "unknown_format"),
        (files.archive(**{"a.txt": "a"}), "unknown_format"),
        (files.archive(**{"OFD.xml": "a"}), "unknown_format"),
        (files.old_doc(), "unknown_format"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 200, "unknown_format"),
        (files.xlsx(), "format_not_taken"),
        (files.picture("JPEG"), "format_not_taken"),
    ],
)
def test_a_refusal_names_the_formats_of_the_place_alone(data, code):
    with pytest.raises(Invalid) as refused:
        recognise(io.BytesIO(data), ("pdf", "docx"))
    (reason,) = refused.value.reasons
    assert reason.code == code
    assert "PDF、DOCX" in reason.text
    assert "PNG" not in reason.text
