"""What a file is, by its content: PDF, JPG, PNG, DOCX, XLSX, whole and harmless, or a refusal that says what to do."""

import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import pikepdf
import pikepdf.settings
import puremagic
from PIL import Image, ImageFile, UnidentifiedImageError

from core.refusals import Invalid, Reason

HEAD = 4096
CHUNK = 1 << 16
MAX_PIXELS = 120_000_000  # a telephone's largest photograph has 108 million
MAX_UNPACKED = 300 * 1024 * 1024
# Sheets of repeating text pack to a hundredth; beyond this, and large, it is a bomb.
MAX_RATIO = 200
RATIO_FROM = 20 * 1024 * 1024
MAX_ENTRIES = 10_000
# What one stream of a PDF may unpack to while it is read: 400 KB of Flate would otherwise fill 400 MB.
MAX_STREAM = 64 * 1024 * 1024
MAX_CONTENT_TYPES = 4 * 1024 * 1024

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

EXTENSIONS: dict[str, tuple[str, ...]] = {
    PDF: ("pdf",),
    JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    PNG: ("png",),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
}
IMAGES = (JPEG, PNG)
# Extensions: everything the portal takes, and what a scanner or a camera gives.
ALLOWED = tuple(group[0] for group in EXTENSIONS.values())
SCANS = ("pdf", "jpg", "png")

_ACTIVE = re.compile(rb"/S\s*/(?:JavaScript|Launch|ImportData|Rendition)\b|/JS\s*[(<\d]|/RichMedia\b")
# /LZWDecode or /LZW, also with escaped letters.
_LZW = re.compile(rb"/(?:L|#4[cC])(?:Z|#5[aA])(?:W|#57)(?:D|#44|[\s/\]>])")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe")
_PROGRAM_NAMES = re.compile(r"\.(exe|dll|com|scr|pif|bat|cmd|msi|js|vbs|ps1|hta|jar|sh|lnk)$", re.I | re.M)
_BROKEN_PDF = "这个 PDF 已损坏，打不开。请重新扫描或导出后再上传。"


@dataclass(frozen=True)
class Format:
    """A recognised file: its media type, and its pages where it is a PDF."""

    media_type: str
    pages: int | None = None

    @property
    def extension(self) -> str:
        """The extension its name should have, without the dot."""
        return EXTENSIONS[self.media_type][0]


def bound_memory() -> None:
    """Let no stream of a PDF unpack beyond MAX_STREAM. For the whole process, once, at start; beyond it qpdf raises."""
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=MAX_STREAM,
        png_max_memory=MAX_STREAM,
        run_length_max_memory=MAX_STREAM,
        tiff_max_memory=MAX_STREAM,
    )


def unbounded(part: bytes) -> bool:
    """Whether this part of a PDF names LZW: long out of use, packs to a thousandth, and qpdf has no bound for it."""
    return _LZW.search(part) is not None


def refuse(code: str, text: str) -> Invalid:
    """A refusal of a file, for the field it was put in."""
    return Invalid(Reason(code, text, "file"))


def words(taken: Sequence[str]) -> str:
    """Name formats as people do: "PDF、JPG"."""
    return "、".join(name.upper() for name in taken)


def recognise(file: BinaryIO, taken: Sequence[str] = ALLOWED) -> Format:
    """Return what the file is. Reads in pieces; leaves the position anywhere. taken: the extensions it may have.

    Raises Invalid, naming those, for what is none of them, and for what is broken, encrypted, or carries a program,
    macro or script.
    """
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise refuse("empty_file", "这个文件是空的。请检查后重新上传。")
    try:
        media_types = {match.mime_type for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        media_types = set()
    for media_type, check in _CHECKS.items():
        if media_type in media_types:
            file.seek(0)
            found = check(file, taken)
            break
    else:
        raise refuse("unknown_format", f"不支持这种文件。请上传 {words(taken)} 文件。")
    if found.extension not in taken:
        is_now = found.extension.upper()
        raise refuse("format_not_taken", f"这里只收 {words(taken)} 文件，这个文件是 {is_now}。请换成其中一种再上传。")
    return found


def _pdf(file: BinaryIO, taken: Sequence[str]) -> Format:
    tail = b""
    for chunk in _chunks(file):
        if unbounded(tail + chunk):
            raise refuse("zip_bomb", "这个 PDF 用了已淘汰的压缩方式（LZW）。请用“打印为 PDF”另存一份后再上传。")
        tail = chunk[-16:]
    file.seek(0)
    try:
        with pikepdf.open(file) as pdf:
            if pdf.is_encrypted:
                raise refuse("encrypted", "这个 PDF 设了密码或权限限制。请去掉限制（例如另存或“打印为 PDF”）后再上传。")
            pages = len(pdf.pages)
            if not pages:
                raise refuse("broken", "这个 PDF 没有页面。请重新扫描或导出后再上传。")
            if any("damaged" in warning or "EOF" in warning for warning in map(str, pdf.get_warnings())):
                _read_pages(pdf, file)
            _harmless(pdf)
    except pikepdf.PasswordError:
        raise refuse("encrypted", "这个 PDF 有打开密码。请去掉密码后再上传。") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise refuse("broken", _BROKEN_PDF) from None
    return Format(PDF, pages)


def _read_pages(pdf: pikepdf.Pdf, file: BinaryIO) -> None:
    """A PDF that had to be mended is taken only if it has its end, and all its pages can be read."""
    size = file.seek(0, 2)
    file.seek(max(0, size - HEAD))
    if b"%%EOF" not in file.read():
        raise refuse("broken", "这个 PDF 不完整，可能没有传完或没有导出完。请重新导出后再上传。")
    for page in pdf.pages:
        contents = page.obj.get("/Contents")
        for stream in contents if isinstance(contents, pikepdf.Array) else [contents]:
            if isinstance(stream, pikepdf.Stream):
                stream.read_bytes()


def _harmless(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            plain = item.stream_dict.unparse(resolved=True)
        elif isinstance(item, pikepdf.Dictionary | pikepdf.Array):
            plain = item.unparse(resolved=True)
        else:
            continue
        if _ACTIVE.search(plain):
            raise refuse("active_content", "这个 PDF 带有脚本或自动运行的动作。请用“打印为 PDF”另存一份后再上传。")
    for name, attachment in pdf.attachments.items():
        names = f"{name}\n{attachment.filename}"
        if _PROGRAM_NAMES.search(names) or attachment.get_file().read_bytes().startswith(_PROGRAMS):
            raise refuse("active_content", "这个 PDF 里夹带了程序文件。请去掉附件后再上传。")


def _image(media_type: str, kind: str) -> "Check":
    def check(file: BinaryIO, taken: Sequence[str]) -> Format:
        # WeasyPrint lets Pillow take pictures that were cut short, for the whole process.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                with Image.open(file, formats=[kind]) as image:
                    if image.width * image.height > MAX_PIXELS:
                        raise refuse("too_many_pixels", "这张图片的尺寸太大。请缩小（例如不超过 1 亿像素）后再上传。")
                    if kind == "JPEG":
                        # Decoded at an eighth of its size: shows a file cut short, and takes little memory.
                        image.draft("RGB", (64, 64))
                        image.load()
                    else:
                        image.verify()
        except Image.DecompressionBombError:
            raise refuse("too_many_pixels", "这张图片的尺寸太大。请缩小（例如不超过 1 亿像素）后再上传。") from None
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, zlib.error):
            raise refuse("broken", "这张图片已损坏或不完整，打不开。请重新拍照、扫描或导出后再上传。") from None
        return Format(media_type)

    return check


def _package(file: BinaryIO, taken: Sequence[str]) -> Format:
    """DOCX and XLSX are zip archives with a table of contents; other archives are refused."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _bounded(entries)
            media_type = _office_type(archive, {entry.filename for entry in entries}, taken)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError):
        raise refuse("broken", "这个文件已损坏或不完整，打不开。请用原软件重新另存后再上传。") from None
    return Format(media_type)


def _bounded(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise refuse("encrypted", "这是加密的文件。请去掉密码后再上传。")
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    bomb = unpacked > RATIO_FROM and unpacked / packed > MAX_RATIO
    if bomb or unpacked > MAX_UNPACKED or len(entries) > MAX_ENTRIES:
        raise refuse("zip_bomb", "这个文件展开后太大。请精简内容，或另存为 PDF 后再上传。")


def _office_type(archive: zipfile.ZipFile, names: set[str], taken: Sequence[str]) -> str:
    if "[Content_Types].xml" not in names:
        if "OFD.xml" in names:
            raise refuse("unknown_format", f"暂不支持 OFD 文件。请转换成 {words(taken)} 后再上传。")
        raise refuse("unknown_format", f"不支持压缩包。请解压后上传 {words(taken)} 文件。")
    with archive.open("[Content_Types].xml") as listing:
        types = listing.read(MAX_CONTENT_TYPES)
    lowered = {name.lower() for name in names}
    if b"macroenabled" in types.lower() or any(
        name.endswith("vbaproject.bin") or "/activex/" in name for name in lowered
    ):
        raise refuse("active_content", "这个文件带有宏或控件。请另存为不带宏的文件，或导出为 PDF 后再上传。")
    for main, media_type in (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX)):
        if main in names:
            with archive.open(main) as part:
                # Read to its end: the checksum shows a damaged file.
                for _ in iter(lambda: part.read(CHUNK), b""):
                    pass
            return media_type
    raise refuse("unknown_format", f"不支持这种 Office 文件。请转换成 {words(taken)} 后再上传。")


def _compound(file: BinaryIO, taken: Sequence[str]) -> Format:
    """The old container of Office: a locked DOCX or XLSX, or a file from before 2007."""
    tail = b""
    for chunk in _chunks(file):
        if _ENCRYPTED_PACKAGE in tail + chunk:
            raise refuse("encrypted", "这是加密的文件。请在 Office 或 WPS 中去掉打开密码，另存后再上传。")
        tail = chunk[-len(_ENCRYPTED_PACKAGE) :]
    raise refuse("unknown_format", f"不支持旧版 DOC、XLS 文件。请另存为 {words(taken)} 后再上传。")


def _heif(file: BinaryIO, taken: Sequence[str]) -> Format:
    if "jpg" not in taken:
        raise refuse("unknown_format", f"不支持 HEIC 照片。请转换成 {words(taken)} 后再上传。")
    raise refuse("unknown_format", "不支持 HEIC 照片。请在手机设置中改为“兼容性最佳”（JPG），或转换成 JPG 后再上传。")


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(CHUNK), b"")


Check = Callable[[BinaryIO, Sequence[str]], Format]
_CHECKS: dict[str, Check] = {
    PDF: _pdf,
    JPEG: _image(JPEG, "JPEG"),
    PNG: _image(PNG, "PNG"),
    DOCX: _package,
    "application/zip": _package,
    "application/msword": _compound,
    "image/heif": _heif,
    "image/heic": _heif,
}
