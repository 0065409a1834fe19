"""Files that are no register, or mean harm: each refused in a moment, with what to do."""

import io
import re
import zipfile

import openpyxl
import pytest

from core.documents.models import Upload
from core.refusals import Invalid
from filings.imports import sheet
from filings.models import FilingImport
from filings.workflow import importing
from tests.core.documents import files
from tests.filings.registers import FIRST, OTHER, book, data
from tests.world import DAY, PDF, make_world

pytestmark = pytest.mark.django_db


def rewritten(content: bytes, part: str, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            inside = before.read(entry)
            after.writestr(entry.filename, change(inside) if entry.filename == part else inside)
    return out.getvalue()


def with_sheets(*states: str) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, state in enumerate(states, 1):
        copy = made.create_sheet(f"表{number}")
        for row in book(FIRST if number == 1 else OTHER)["备案"].iter_rows(values_only=True):
            copy.append(row)
        copy.sheet_state = state
    if "visible" not in states:
        made.create_sheet("空表")
    return data(made)


def many(count: int, more: bytes = b"") -> bytes:
    """A register of that many rows, which give only a code; `more` behind them."""
    cell = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>S000041000801</t></is></c></row>'
    rows = "".join(cell.format(number) for number in range(3, count + 2)).encode() + more + b"</sheetData>"
    return rewritten(data(book(FIRST)), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", rows))


def far_away() -> bytes:
    """One cell in the last corner of a sheet: laid out whole it would take half a terabyte."""
    cell = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return rewritten(data(book(FIRST)), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", cell))


def hidden_corner() -> bytes:
    """The same, written so that a narrow look passes it by."""
    cell = b"<row r = '9999999'><c t=\"inlineStr\" x=\">\"  r = 'ZZ9999999'><is><t>x</t></is></c></row></sheetData>"
    return rewritten(data(book(FIRST)), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", cell))


def bomb() -> bytes:
    return rewritten(data(book(FIRST)), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 400_000_000)


def macros() -> bytes:
    return rewritten(
        data(book(FIRST)),
        "[Content_Types].xml",
        lambda xml: xml.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
    )


HOSTILE = {
    "an empty file": (lambda: b"", "这个文件是空的"),
    "a PDF renamed": (lambda: PDF, "只收 XLSX 文件，这个文件是 PDF"),
    "an old .xls renamed": (files.old_doc, "不支持旧版 DOC、XLS 文件。请另存为 XLSX"),
    "a locked workbook": (files.locked_office, "这是加密的文件"),
    "a zip": (lambda: files.archive(a="b"), "不支持压缩包"),
    "text": ("备案编码,机构名称".encode, "不支持这种文件。请上传 XLSX"),
    "macros": (macros, "这个文件带有宏或控件"),
    "a zip bomb": (bomb, "这个文件展开后太大"),
    "too much to lay out": (lambda: many(1, b" " * 60_000_000), "展开后太大|一次最多 1000 行"),
    "100,000 rows": (lambda: many(100_000), "一次最多 1000 行"),
    "1,001 rows": (lambda: many(1_001), "表里有 1001 行，一次最多 1000 行"),
    "a cell at the end of the world": (far_away, "一次最多 1000 行"),
    "the same in disguise": (hidden_corner, "一次最多 1000 行"),
    "a hidden register": (lambda: with_sheets("hidden"), "隐藏的备案表"),
    "a hidden register beside": (lambda: with_sheets("visible", "veryHidden"), "隐藏的备案表"),
    "two registers": (lambda: with_sheets("visible", "visible"), "“表1”、“表2”。请合并到一张表里"),
    "no headings": (files.xlsx, "没有找到表头"),
    "a column missing": (
        lambda: data(book(FIRST, keys=("code", "name", "credit_code", "area", "levels"))),
        "表头里缺少：地址、法定代表人、有效期至、职业（工种）",
    ),
    "a column twice": (
        lambda: data(book(FIRST, keys=(*FIRST, "levels"))),
        "表头里写了两次：等级",
    ),
    "a broken sheet": (
        lambda: rewritten(data(book(FIRST)), "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2]),
        "这个表格打不开|还没有填写|没有找到表头",
    ),
    "no workbook part": (
        lambda: rewritten(data(book(FIRST)), "xl/workbook.xml", lambda xml: b"<workbook/>"),
        "这个表格打不开|没有找到表头",
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_register_is_refused_in_words(what):
    make, said = HOSTILE[what]
    world = make_world()
    with pytest.raises(Invalid, match=said):
        importing.upload(
            files.as_upload(make(), "台账.xlsx"), actor=world.actor("centre handler"), on=DAY, source="台账"
        )
    assert not FilingImport.objects.exists()
    assert not Upload.objects.exists()


def test_a_merged_range_without_end_costs_nothing():
    def wide(xml: bytes) -> bytes:
        return re.sub(rb"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>', xml)

    found = sheet.open_register(io.BytesIO(rewritten(data(book(FIRST)), "xl/worksheets/sheet1.xml", wide)))
    assert len(found.lines) == 1
