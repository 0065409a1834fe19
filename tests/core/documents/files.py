"""Real files, made on the spot, and broken, locked, disguised and dangerous ones."""

import io
import zipfile

import openpyxl
import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def pdf(pages: int = 2, **save) -> bytes:
    document = pikepdf.new()
    for number in range(pages):
        document.add_blank_page()
        document.pages[-1].Contents = document.make_stream(b"BT ET " + b"%d" % number * 400)
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def changed_pdf(change) -> bytes:
    document = pikepdf.open(io.BytesIO(pdf()))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def picture(kind: str, size: tuple[int, int] = (640, 480)) -> bytes:
    out = io.BytesIO()
    noise = Image.effect_noise(size, 60).convert("RGB") if size[0] < 2000 else Image.new("RGB", size)
    noise.save(out, kind)
    return out.getvalue()


def archive(**members: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name.replace("__", "/").replace("CONTENT_TYPES", "[Content_Types].xml"), content)
    return out.getvalue()


def docx(**more: bytes | str) -> bytes:
    return archive(CONTENT_TYPES="<Types/>", **{"word__document.xml": "<w:document>内容</w:document>" * 50}, **more)


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["职业", "人次"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def locked_office() -> bytes:
    """The container that Office puts an encrypted DOCX into: only its head and the stream's name matter here."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 70_000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000


def old_doc() -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 4000 + "WordDocument".encode("utf-16-le")


def as_upload(data: bytes, name: str = "材料.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)
