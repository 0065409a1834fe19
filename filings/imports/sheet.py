"""The one sheet of a workbook that holds the register: opened with its size bounded, its headings found."""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from core.documents.formats import refuse
from filings.imports.columns import COLUMNS, called

MOST_LINES = 1000
MOST_ROWS, MOST_COLUMNS = 10_000, 100
# A register of 1,000 lines unpacks to 1 MB; calamine lays a sheet out whole, however far its cells lie apart.
MOST_UNPACKED = 50 * 1024 * 1024
HEADING_WITHIN = 10
# A row of headings has at least these.
HEADINGS = 4
# Sheets of the template that hold no register.
NAME, HINTS, SAMPLE, AREAS, OCCUPATIONS = "备案", "填写说明", "填写示例", "区域", "职业"
TEMPLATE_SHEETS = frozenset({HINTS, SAMPLE, AREAS, OCCUPATIONS})

# Wherever such an attribute stands: a tag can be written in ways that hide it from a narrower look.
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,9})(\d{1,20})["']""")
_FORMULA = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\sr\s*=\s*["']([A-Za-z]+)(\d+)["'][^>]*>\s*<(?:\w+:)?f\b""")
_SHEET = re.compile(rb"""<(?:\w+:)?sheet\b[^>]*?\s\w+:id\s*=\s*["']([^"']+)["']""")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")


class Formula:
    """What stands in a cell that is reckoned, not written: its last outcome may be of another day, or none."""

    def __str__(self) -> str:
        return "（公式）"


FORMULA: Final = Formula()


@dataclass(frozen=True)
class Line:
    """A row of the register: its number in the sheet, and its filled cells by column."""

    number: int
    cells: dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """The register as it stands in the file. unknown: headings that are no column of it."""

    lines: list[Line]
    unknown: list[str] = field(default_factory=list)


def open_register(file: BinaryIO) -> Sheet:
    """Return the register in a workbook that `core.documents.formats` has let in as XLSX.

    Raises Invalid for one too large, broken, without the headings, with two registers or a hidden one.
    """
    file.seek(0)
    data = file.read()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _bounded(archive)
            with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
                index, sheet, rows, heading = _register(book)
            formulas = _formulas(archive, index)
    except (CalamineError, zipfile.BadZipFile, KeyError, EOFError, OSError, ValueError):
        raise refuse("broken", "这个表格打不开。请用 Excel 或 WPS 另存为 XLSX 后再上传。") from None
    keys = {place: key for place, cell in enumerate(rows[heading]) if (key := called(str(cell)))}
    _once(keys)
    lines = _lines(_filled_down(rows, sheet), keys, heading, formulas)
    if not lines:
        raise refuse("no_lines", "表里还没有填写备案。请从表头下面一行开始填写。")
    if len(lines) > MOST_LINES:
        raise refuse("too_many_lines", f"表里有 {len(lines)} 行，一次最多 {MOST_LINES} 行。请分成几个文件上传。")
    return Sheet(lines, [str(cell) for n, cell in enumerate(rows[heading]) if str(cell).strip() and n not in keys])


def _bounded(archive: zipfile.ZipFile) -> None:
    """Refuse what would unpack beyond measure, or whose cells lie so far apart that the sheet is huge."""
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED or any(
        int(row) > MOST_ROWS or _column(letters) >= MOST_COLUMNS
        for entry in entries
        if b"sheetData" in (part := archive.read(entry))
        for letters, row in _PLACE.findall(part)
    ):
        raise refuse(
            "too_many_lines",
            f"表格太大：一次最多 {MOST_LINES} 行。如果看上去没有这么多，是下面或右边的空白格带了格式，或者有图片："
            "请把备案的内容复制到下载的模板里再上传。",
        )


def _column(letters: bytes) -> int:
    """A is 0; no letters (a row) is -1."""
    place = 0
    for letter in letters.upper():
        place = place * 26 + letter - 64
    return place - 1


def _register(book: CalamineWorkbook) -> tuple[int, CalamineSheet, list[list[Any]], int]:
    """Return the sheet with the register: its place in the book, itself, its rows, and where its headings are."""
    found, hidden = [], False
    for index, about in enumerate(book.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet or about.name.strip() in TEMPLATE_SHEETS:
            continue
        sheet = book.get_sheet_by_index(index)
        rows = sheet.to_python(skip_empty_area=False)
        heading = next((n for n, row in enumerate(rows[:HEADING_WITHIN]) if _is_heading(row)), None)
        if heading is None:
            continue
        if about.visible != SheetVisibleEnum.Visible:
            hidden = True
        else:
            found.append((index, sheet, rows, heading))
    if hidden:
        raise refuse("hidden_sheet", "文件里有一张隐藏的备案表。请取消隐藏并核对，或删掉它，再上传。")
    if not found:
        needed = "、".join(column.label for column in COLUMNS.values() if column.needed)
        raise refuse("no_headings", f"没有找到表头。前 {HEADING_WITHIN} 行里应有一行写着：{needed}。请用下载的模板。")
    if len(found) > 1:
        names = "、".join(f"“{book.sheet_names[index]}”" for index, *_ in found)
        raise refuse("two_registers", f"文件里有几张备案表：{names}。请合并到一张表里再上传。")
    return found[0]


def _is_heading(row: list[Any]) -> bool:
    return len({key for cell in row if (key := called(str(cell)))}) >= HEADINGS


def _once(keys: dict[int, str]) -> None:
    """Every needed column is there, and each column once."""
    missing = [column.label for key, column in COLUMNS.items() if column.needed and key not in keys.values()]
    if missing:
        raise refuse("columns_missing", f"表头里缺少：{'、'.join(missing)}。请照模板补上这几列再上传。")
    twice = sorted({COLUMNS[key].label for key in keys.values() if list(keys.values()).count(key) > 1})
    if twice:
        raise refuse("columns_twice", f"表头里写了两次：{'、'.join(twice)}。请只留一列再上传。")


def _filled_down(rows: list[list[Any]], sheet: CalamineSheet) -> list[list[Any]]:
    """Give every row of a cell merged downward its words. Merged sideways, the further cells stay blank."""
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
    return rows


def _lines(
    rows: list[list[Any]], keys: dict[int, str], heading: int, formulas: Iterable[tuple[int, int]]
) -> list[Line]:
    """The rows below the headings that hold anything; a formula counts, whatever came of it."""
    found = {
        number: {key: row[place] for place, key in keys.items() if str(row[place]).strip()}
        for number, row in enumerate(rows[heading + 1 :], heading + 2)
    }
    for number, place in formulas:
        if place in keys and number > heading + 1:
            found.setdefault(number, {})[keys[place]] = FORMULA
    return [Line(number, cells) for number, cells in sorted(found.items()) if cells]


def _formulas(archive: zipfile.ZipFile, index: int) -> list[tuple[int, int]]:
    """(row, column from 0) of the cells of a sheet that hold a formula."""
    wanted = _SHEET.findall(archive.read("xl/workbook.xml"))[index : index + 1]
    if not wanted:
        raise ValueError("the workbook names no such sheet")
    for relation in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        if _attribute(relation, b"Id") == wanted[0]:
            target = _attribute(relation, b"Target").decode()
            part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            content = archive.read(part)
            return [(int(match[2]), _column(match[1])) for match in _FORMULA.finditer(content)]
    raise ValueError("the sheet has no part")


def _attribute(tag: bytes, name: bytes) -> bytes:
    match = re.search(rb"\s" + name + rb"""\s*=\s*["']([^"']*)["']""", tag)
    return match[1] if match else b""
